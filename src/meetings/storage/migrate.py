"""The schema, brought to the newest version. Alembic is configured here, so an installed wheel needs no file.

On SQLite the file is copied beside itself first, foreign keys are off meanwhile (batch mode rebuilds tables, and a
dropped table would cascade), and checked afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from meetings import resources
from meetings.storage.database import WRITING, make_engine
from meetings.storage.public_holidays import seed_days

Answer = TypeVar("Answer")


class BrokenLinks(Exception):
    """After a migration a row points to nothing; the change was not kept."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str | None:
    """The version this program wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def schema_version(url: str) -> str | None:
    """The version the database has; None when it is empty."""
    return await _run(url, lambda connection: MigrationContext.configure(connection).get_current_revision())


async def migrate(url: str) -> bool:
    """Bring the schema to the newest version; False when it was there already."""
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    before = await schema_version(url)
    if before == newest():
        return False
    if before is not None and url.startswith("sqlite") and database:
        shutil.copy2(database, f"{database}.before-{newest()}")
    await _run(url, _upgrade)
    return True


async def check(url: str) -> None:
    """Raise when the tables of the program and of the database differ (`alembic check`)."""
    await _run(url, lambda connection: command.check(_config(connection)))


async def write_migration(url: str, message: str, revision: str) -> None:
    """For developers: write the difference between program and database as a new migration."""
    await _run(
        url,
        lambda connection: command.revision(_config(connection), message, autogenerate=True, rev_id=revision),
    )


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")
    seed_days(connection)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenLinks(str(broken[:5]))


async def _run(url: str, act: Callable[[Connection], Answer]) -> Answer:
    engine = make_engine(url, foreign_keys=False)
    try:
        async with engine.execution_options(**WRITING).begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()
