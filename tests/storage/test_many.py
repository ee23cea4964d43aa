"""Many rows in one statement: the same rows on both databases, whatever a column holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from meetings.storage.many import among, insert_many, update_many
from meetings.storage.tables import Outbox
from meetings.storage.unit_of_work import Store

_OUTBOX: Any = Outbox.__table__
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def _letter(number: int) -> dict[str, Any]:
    """With text, numbers, moments, structures and nothing at all in its columns."""
    return {
        "id": UUID(int=number),
        "kind": "letter",
        "payload": {"số": number, "tên": "Nguyễn Văn “A”, {b}", "rỗng": None, "danh sách": [1, "hai"]},
        "created_at": NOW,
        "due_at": NOW + timedelta(minutes=number),
        "attempts": number,
        "about": uuid4() if number % 2 else None,
    }


async def test_rows_come_in_and_change_together(store: Store) -> None:
    letters = [_letter(number) for number in range(1, 301)]
    async with store.work() as work:
        await insert_many(work.session, _OUTBOX, letters)
        await insert_many(work.session, _OUTBOX, [])
    changed = [{"id": one["id"], "kind": f"note {one['attempts']}", "attempts": 0} for one in letters[:100]]
    async with store.work() as work:
        await update_many(work.session, _OUTBOX, ("id",), changed)
        await update_many(work.session, _OUTBOX, ("id",), [])
    async with store.reading() as reading:
        wanted = [one["id"] for one in letters[50:150]]
        columns = [_OUTBOX.c[name] for name in letters[0]]
        query = (
            select(*columns).where(among(reading.session, _OUTBOX.c.id, wanted)).order_by(_OUTBOX.c.due_at)
        )
        found = [dict(row) for row in (await reading.session.execute(query)).mappings()]
    expected = [
        *(old | new for old, new in zip(letters[50:100], changed[50:], strict=True)),
        *letters[100:150],
    ]
    assert found == expected
