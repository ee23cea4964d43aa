"""Meetings: a paperless council."""

__version__ = "0.1.0"
