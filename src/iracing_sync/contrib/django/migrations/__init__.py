"""The tables as migrations of an application see them."""
