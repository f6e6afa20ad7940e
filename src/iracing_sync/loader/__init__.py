"""The third stage: records to rows, of which only those that differ are written."""
