"""A Django application that reads the tables: put it into INSTALLED_APPS; docs/django.md says what it brings."""
