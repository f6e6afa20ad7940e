"""A league plans its nights: which of iRacing's rounds it drives together."""
