"""The page of a season: one file that a browser opens without any network."""
