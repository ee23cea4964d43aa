"""Inserts that give way to a row that is there already, in the words of either database.

Of two who insert the same key at once the second waits for the first and then finds its row: nobody fails.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from meetings.storage.tables import Table


def inserting(session: AsyncSession, table: type[Table]) -> Any:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgres else sqlite.insert)(table)
