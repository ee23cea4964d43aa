"""Notes of the secretaries under each item while the meeting is held; the draft of the minutes begins with them.

They are words in the making, not facts of the meeting: the journal does not tell of them, and no screen changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import OPEN_STATES
from meetings.rules.notes import joined
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Note
from meetings.storage.unit_of_work import Reading, Work

LENGTH = 50_000
"""As long as a passage of the minutes may be."""


async def write_note(
    work: Work, actor: Actor, item: UUID, *, text: str, revision: int, base: str | None = None
) -> Note:
    """Keep the note of an item. `revision` is the one that was read, 0 before the first.

    Somebody else wrote meanwhile: with the text that was read (`base`) the two are put together (`rules.notes`),
    without it the write is refused (`note-changed`). After the adjournment the minutes are written (`notes-over`).
    """
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    actor.must(Right.WRITE_MINUTES, body=meeting.body_id)
    if meeting.state not in OPEN_STATES:
        raise Refused("notes-over")
    text = text.replace("\r\n", "\n")
    kept = await work.session.get(Note, item)
    if kept is None:
        kept = Note(item_id=item, meeting_id=meeting.id, text="", revision=0, written_at=work.now,
                    writer_id=actor.person)  # fmt: skip
        work.session.add(kept)
    if kept.revision != revision:
        if base is None:
            raise Refused("note-changed")
        text = joined(base.replace("\r\n", "\n"), text, kept.text)
    if len(text) > LENGTH:
        raise Refused("field-long", field="text", limit=LENGTH)
    if text != kept.text:
        kept.text, kept.revision = text, kept.revision + 1
        kept.written_at, kept.writer_id = work.now, actor.person
    return kept


async def note_of(reading: Reading, actor: Actor, item: UUID) -> tuple[Item, Note | None]:
    """An item and its note, for those who write the minutes."""
    under = await reading.get(Item, item)
    meeting = await reading.get(Meeting, under.meeting_id)
    actor.must(Right.WRITE_MINUTES, body=meeting.body_id)
    return under, await reading.session.get(Note, item)


async def notes_of(reading: Reading, meeting: UUID) -> Mapping[UUID, str]:
    """The notes that say something, by item."""
    rows = await reading.session.scalars(select(Note).where(Note.meeting_id == meeting))
    return {row.item_id: row.text.strip() for row in rows if row.text.strip()}
