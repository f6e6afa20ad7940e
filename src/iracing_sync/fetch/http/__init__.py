"""The way to the Data API: attempts, links, bounds and retries."""
