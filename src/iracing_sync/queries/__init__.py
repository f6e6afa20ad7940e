"""What reading commands ask of the tables."""
