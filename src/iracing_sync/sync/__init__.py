"""Joins the three stages, and alone knows their order: nightly.py is where to start reading."""

from iracing_sync.sync.lifecycle import sync
from iracing_sync.sync.options import Options

__all__ = ["Options", "sync"]
