"""Pure functions from documents to records, one module per subject."""
