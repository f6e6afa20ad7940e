"""What was asked of iRacing: a line on disk for each call as it is made, then rows of the database."""
