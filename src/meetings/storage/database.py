"""The engine: one for reading and writing, with what each database needs to be safe.

SQLite runs in WAL mode with `synchronous=FULL` (a commit survives a power cut), foreign keys on, and writers begin with
`BEGIN IMMEDIATE`, because a transaction that turns from reading to writing fails at once when another writes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

WRITING = {"writing": True}
"""Execution options of a connection that will write."""


def make_engine(url: str, *, foreign_keys: bool = True) -> AsyncEngine:
    """An engine for a database address. Migrations on SQLite switch `foreign_keys` off.

    A statement that fails is logged without its parameters: they would tell what stands on a ballot.
    """
    if not url.startswith("sqlite"):
        return create_async_engine(
            url, pool_size=10, max_overflow=20, pool_pre_ping=True, hide_parameters=True
        )
    engine = create_async_engine(url, connect_args={"timeout": 15}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite(foreign_keys))
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(foreign_keys: bool) -> Any:
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA busy_timeout=15000")
        cursor.close()

    return prepare


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
