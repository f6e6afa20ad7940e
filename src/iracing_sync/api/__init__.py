"""The way to the iRacing Data API: OAuth, links, rate limit, retries, and the ledger of the calls made."""
