"""`python -m iracing_sync` is the command line."""

from iracing_sync.cli import main

main()
