"""What of a season matters: its canonical form and hashes, how two of them differ, and how that reads."""
