"""Many rows in one statement, for the ballots of a full room.

PostgreSQL gets each column as one array: row by row it would spend more time on the traffic than on the rows. SQLite
runs in our own process and is as quick row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, any_, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.sql.elements import ColumnElement

Row = Mapping[str, Any]
"""Values by the names of their columns; every row of a call names the same columns."""


async def insert_many(session: AsyncSession, table: Table, rows: Sequence[Row]) -> None:
    """Insert all rows in one round trip."""
    if not rows:
        return
    if _takes_arrays(session):
        await session.execute(_inserting(table, tuple(rows[0])), _columns(rows))
    else:
        await session.execute(insert(table), rows)


async def update_many(session: AsyncSession, table: Table, keys: Sequence[str], rows: Sequence[Row]) -> None:
    """Find each row by its `keys` and give it its other values, in one round trip."""
    if not rows:
        return
    if _takes_arrays(session):
        await session.execute(_updating_arrays(table, tuple(keys), tuple(rows[0])), _columns(rows))
    else:
        statement = update(table).where(*(table.c[key] == bindparam(f"the_{key}") for key in keys))
        named = [{f"the_{name}" if name in keys else name: row[name] for name in row} for row in rows]
        await session.execute(statement, named)


def among(session: AsyncSession, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The column has one of the values. On PostgreSQL the statement is the same for any number of them."""
    if _takes_arrays(session):
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def _takes_arrays(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {f"all_{name}": [row[name] for row in rows] for name in rows[0]}


def _unnested(table: Table, name: str) -> ColumnElement[Any]:
    column = table.c[name]
    return func.unnest(bindparam(f"all_{name}", type_=ARRAY(column.type)), type_=column.type).label(name)


@lru_cache
def _inserting(table: Table, names: tuple[str, ...]) -> Insert:
    return insert(table).from_select(names, select(*(_unnested(table, name) for name in names)))


@lru_cache
def _updating_arrays(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Update:
    given = select(*(_unnested(table, name) for name in names)).subquery("given")
    values = {name: given.c[name] for name in names if name not in keys}
    return update(table).values(values).where(*(table.c[key] == given.c[key] for key in keys))
