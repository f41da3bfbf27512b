"""Kuulo hears what residents say and groups it into themes in their own words."""

__version__ = "0.1.0"
