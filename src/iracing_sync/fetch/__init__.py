"""The first stage: documents from the cache, else from iRacing."""
