"""A static site of the schedules, which any web server can serve: pages, calendars, feeds and data."""
