"""What a piece of work asks of the database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import event

from meetings.storage.unit_of_work import Store


@contextmanager
def statements_of(store: Store) -> Generator[list[str]]:
    """Every statement that is sent within the block, in order; beginnings and ends of transactions apart."""
    sent: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(store.engine.sync_engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", listen)
