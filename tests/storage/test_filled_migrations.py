"""A database of the first version with rows in every table comes to the newest with all of them, and with the same
tables as one that begins empty.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table

from meetings import resources
from meetings.storage.database import WRITING, make_engine
from meetings.storage.migrate import migrate, newest, schema_version
from tests.support.databases import sqlite_url
from tests.support.postgres import Postgres

FIRST = "0001"
ROWS = (1, 2)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture
async def empty_postgresql_urls(postgres: Postgres) -> AsyncIterator[tuple[str, str]]:
    urls = await postgres.new_database("template1"), await postgres.new_database("template1")
    yield urls
    for url in urls:
        await postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two databases without any table, of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "old.sqlite3"), sqlite_url(tmp_path / "new.sqlite3")
    urls: tuple[str, str] = request.getfixturevalue("empty_postgresql_urls")
    return urls


async def test_rows_of_the_first_version_are_kept(empty_urls: tuple[str, str]) -> None:
    old, fresh = empty_urls
    filled = await _connected(old, _first_version_with_rows)
    assert len(filled["secret_ballot"]) == len(filled["ballot"]) == len(filled["journal"]) == len(ROWS)

    assert await migrate(old) is True

    assert await schema_version(old) == newest()
    kept = await _connected(old, lambda connection: _kept(connection, filled))
    assert kept == filled
    await migrate(fresh)
    assert await _connected(old, _schema) == await _connected(fresh, _schema)


async def test_secret_ballots_keep_no_order_on_sqlite(tmp_path: Path) -> None:
    """Rebuilt by a migration, the table still has no hidden number that counts up with every ballot."""
    url = sqlite_url(tmp_path / "meetings.sqlite3")
    await _connected(url, _first_version_with_rows)
    await migrate(url)

    def look(connection: Connection) -> tuple[str, Sequence[Any]]:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'secret_ballot'")
        return made.scalar_one(), connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()

    made, broken = await _connected(url, look)
    assert made.rstrip().endswith("WITHOUT ROWID")
    assert broken == []


async def _connected(url: str, act: Any) -> Any:
    engine = make_engine(url, foreign_keys=False)
    try:
        async with engine.execution_options(**WRITING).begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def _first_version_with_rows(connection: Connection) -> Rows:
    """The schema of the first migration, and two rows in each of its tables that fill every column."""
    config = Config()
    config.set_main_option("script_location", str(resources.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, FIRST)
    tables = _tables(connection)
    for table in tables:
        for number in ROWS:
            connection.execute(table.insert(), _row(table, number))
    return {table.name: _content(connection, table, table.columns.keys()) for table in tables}


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _row(table: Table, number: int) -> dict[str, Any]:
    """A reference leads to the row of the same number."""
    row: dict[str, Any] = {}
    for column in table.columns:
        reference = next(iter(column.foreign_keys), None)
        row[column.name] = _value(reference.column if reference else column, number)
    return row


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {"number": number, "name": "Nguyễn Thị Ánh"}
    if isinstance(kind, sa.Boolean):
        return number == 1
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Uuid):
        return UUID(int=number)
    if isinstance(kind, sa.DateTime):
        return datetime(2026, 11, number, 8, 30, tzinfo=UTC)
    if isinstance(kind, sa.Date):
        return date(2026, 11, number)
    if isinstance(kind, sa.LargeBinary):
        return bytes([number])
    if isinstance(kind, sa.CHAR):
        return UUID(int=number).hex
    assert isinstance(kind, sa.String), f"{column} has a type that no row is made for: {kind!r}"
    return f"{number} {column.name} ả"[: kind.length]


def _kept(connection: Connection, filled: Rows) -> Rows:
    """The same columns of the same tables as they are now."""
    now = {table.name: table for table in _tables(connection)}
    return {name: _content(connection, now[name], list(rows[0])) for name, rows in filled.items()}


def _content(connection: Connection, table: Table, columns: Sequence[str]) -> list[dict[str, Any]]:
    query = sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _schema(connection: Connection) -> dict[str, Any]:
    """Columns with their defaults, keys, references and indexes; their order says nothing."""
    looked = sa.inspect(connection)
    return {
        name: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"])
                for one in looked.get_columns(name)
            },
            "key": looked.get_pk_constraint(name)["constrained_columns"],
            "references": {
                one["name"]: (one["constrained_columns"], one["referred_table"], one.get("options"))
                for one in looked.get_foreign_keys(name)
            },
            "unique": {one["name"]: one["column_names"] for one in looked.get_unique_constraints(name)},
            "indexes": {
                one["name"]: (one["column_names"], one["unique"]) for one in looked.get_indexes(name)
            },
        }
        for name in looked.get_table_names()
    }
