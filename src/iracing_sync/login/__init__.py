"""Access to iRacing: OAuth 2, with tokens kept between runs."""
