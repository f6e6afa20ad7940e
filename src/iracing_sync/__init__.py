"""Keep iRacing's series, seasons and schedules in PostgreSQL: fetch a document, map it to records, load rows."""

__version__ = "0.1.0"
