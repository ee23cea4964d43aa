"""Notes of the secretaries under each item, before there are minutes."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Prose, reads, writes
from meetings.api.repeats import written
from meetings.during.notes import note_of, write_note
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Minutes and journal")


class Note(Answer):
    """`revision` 0: nothing was written yet."""

    item: UUID
    text: str
    revision: int


class NoteWanted(Asked):
    text: Prose
    revision: int


@reads("/items/{item_id:uuid}/note", Right.WRITE_MINUTES, N_("Read the secretaries’ note of an item"), TAG)
async def get_note(request: ApiRequest, item_id: FromPath[UUID]) -> Response[Note]:
    """It goes into the draft of the minutes at the adjournment."""
    async with request.house.store.reading() as reading:
        item, kept = await note_of(reading, request.actor, item_id)
    return Response(_note(item.id, kept))


@writes("/items/{item_id:uuid}/note", Right.WRITE_MINUTES, N_("Write the secretaries’ note of an item"), TAG)
async def post_note(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[NoteWanted]
) -> Response[Note]:
    """Refused `note-changed` if `revision` is not the one that is kept."""

    async def act(work: Work) -> Note:
        kept = await write_note(work, request.actor, item_id, text=data.text, revision=data.revision)
        return _note(item_id, kept)

    return await written(request, act)


def _note(item: UUID, kept: tables.Note | None) -> Note:
    return Note(item=item, text=kept.text if kept else "", revision=kept.revision if kept else 0)


handlers = [get_note, post_note]
