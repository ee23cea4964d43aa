"""The migrations make exactly the tables of the program, on both databases, from nothing and again."""

from __future__ import annotations

from pathlib import Path

from meetings.storage.migrate import check, migrate, newest, schema_version
from tests.support.databases import sqlite_url


async def test_the_migrated_database_has_the_tables_of_the_program(database_url: str) -> None:
    await check(database_url)
    assert await schema_version(database_url) == newest()


async def test_a_migrated_database_is_left_alone(database_url: str) -> None:
    assert await migrate(database_url) is False


async def test_an_empty_database_is_brought_to_the_newest_version(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "deeper" / "meetings.sqlite3")
    assert await schema_version(sqlite_url(tmp_path / "none.sqlite3")) is None
    assert await migrate(url) is True
    assert await schema_version(url) == newest()
