"""Fresh, migrated databases: a copied file for SQLite, a copied template for PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def copied(template: Path, target: Path) -> str:
    """The address of a copy; the template is closed, so its write-ahead log is empty."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, target)
    return sqlite_url(target)
