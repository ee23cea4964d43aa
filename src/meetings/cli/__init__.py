"""The `meetings` command. Exit codes: 0 done, 1 refused or the check failed, 2 wrong usage; errors in one sentence."""

from meetings.cli import accounts, books, checks, serving
from meetings.cli.group import main

__all__ = ["accounts", "books", "checks", "main", "serving"]
