"""What manage.py gains."""
