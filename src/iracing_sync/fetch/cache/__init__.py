"""Documents on disk; one that is damaged, full or out of reach never ends a run: it is said, and they are fetched."""
