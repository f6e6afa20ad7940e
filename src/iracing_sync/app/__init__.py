"""Puts the parts together: settings to log, database, access to iRacing, ledger and documents."""
