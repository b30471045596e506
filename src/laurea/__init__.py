"""Laurea issues signed Open Badges 3.0 credentials and lets anyone verify them."""

__version__ = "0.1.0"
