"""The secretary's desk: attendance at the left, what happens now and notes in the middle, the journal at the right."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings import language
from meetings.after.journal import newest_acts
from meetings.before.scheduling import open_to
from meetings.during.attendance import OPEN_STATES
from meetings.during.notes import note_of, write_note
from meetings.during.stage import Stage, stage_of
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.attendance import grid_part
from meetings.web.floor_views import floor_view
from meetings.web.forms import whole_number
from meetings.web.journal_sentences import told
from meetings.web.places import keeps_desk, places_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.stage import STATES, live_of, poll_view

NOW = "during/desk/now.html"
NOTES = "during/desk/notes.html"
JOURNAL = "during/desk/journal.html"

WORDS = {
    "/": N_("Find a name; Enter goes to the first one found"),
    "↑ ↓": N_("From name to name"),
    "1–5": N_("In the room, remote, left, excused, absent"),
    "n": N_("Write notes; Escape leaves them"),
    "c": N_("Call the next speaker"),
    "p": N_("Halt the clock, or let it go on"),
    "e": N_("End the speech"),
    "g": N_("Agenda"),
    "a": N_("Attendance"),
    "l": N_("List of names at the door"),
    "s": N_("Speakers"),
    "q": N_("Questions"),
    "m": N_("Motions"),
    "b": N_("Ballots to enter"),
    "d": N_("Room screens"),
    "j": N_("Journal"),
    "?": N_("This list"),
}
"""What each key of the desk does."""


@get("/meetings/{meeting:uuid}/desk", opt={"permission": Right.KEEP_ROLL})
async def desk_page(
    request: MeetingsRequest, meeting: FromPath[UUID], item: FromQuery[UUID | None] = None
) -> Response[str]:
    """The desk. `item`: whose notes are open; the item in hand without it."""
    async with request.house.store.reading() as reading:
        stage = await _stage(reading, request.actor, meeting)
        parts = grid_part(stage) | _now(request.actor, stage)
        parts |= await _notes(reading, request.actor, stage.meeting, item)
        parts |= await _journal(reading, request.actor, stage.meeting)
    return page(
        request, "during/desk.html", title=stage.meeting.title, meeting=meeting, seq=stage.seq, live=live_of(stage),
        meeting_pages=places_of(request.actor, stage.meeting, "desk"), keys=WORDS, **parts,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/desk/now", opt={"permission": Right.KEEP_ROLL})
async def desk_now(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """What happens now, fetched anew when it changes."""
    async with request.house.store.reading() as reading:
        stage = await _stage(reading, request.actor, meeting)
    return fragment(request, NOW, meeting=meeting, **_now(request.actor, stage))


@get("/meetings/{meeting:uuid}/desk/notes", opt={"permission": Right.KEEP_ROLL})
async def desk_notes(
    request: MeetingsRequest, meeting: FromPath[UUID], item: FromQuery[UUID | None] = None
) -> Response[str]:
    """The notes of the item in hand, or of the one that was chosen."""
    async with request.house.store.reading() as reading:
        stage = await _stage(reading, request.actor, meeting)
        notes = await _notes(reading, request.actor, stage.meeting, item)
    return fragment(request, NOTES, meeting=meeting, **notes)


@get("/meetings/{meeting:uuid}/desk/journal", opt={"permission": Right.KEEP_ROLL})
async def desk_journal(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The newest acts."""
    async with request.house.store.reading() as reading:
        stage = await _stage(reading, request.actor, meeting)
        journal = await _journal(reading, request.actor, stage.meeting)
    return fragment(request, JOURNAL, meeting=meeting, **journal)


@post("/items/{item:uuid}/note", opt={"permission": Right.WRITE_MINUTES}, status_code=200)
async def keep_note(
    request: MeetingsRequest, item: FromPath[UUID]
) -> Response[str] | Response[dict[str, Any]] | Redirect:
    """Keep a note. `base` is the text that was read: what another secretary wrote meanwhile is put together with it."""
    fields = await request.fields()
    async with request.house.store.work() as work:
        kept = await write_note(
            work, request.actor, item, text=fields.get("text", ""), base=fields.get("base", ""),
            revision=whole_number(fields.get("revision", ""), "revision") or 0,
        )  # fmt: skip
    if request.headers.get("accept", "").startswith("application/json"):
        time = language.time_text(kept.written_at)
        return Response({"text": kept.text, "revision": kept.revision, "time": time})
    return done(f"/meetings/{kept.meeting_id}/desk?item={item}", "saved")


async def _stage(reading: Reading, actor: Actor, meeting: UUID) -> Stage:
    found = await open_to(reading, actor, meeting)
    if not keeps_desk(actor, found):
        raise Refused("forbidden")
    return await stage_of(reading, found, insider=True)


def _now(actor: Actor, stage: Stage) -> dict[str, Any]:
    poll = stage.latest
    return {
        "stage": stage,
        "floor": floor_view(stage.floor),
        "poll": poll_view(poll) if poll else None,
        "meeting_word": language.gettext(STATES.get(stage.meeting.state, "")),
        "keeps_floor": actor.may(Right.KEEP_FLOOR, body=stage.body.id),
        "enters": actor.may(Right.ENTER_BALLOTS, body=stage.body.id),
    }


async def _notes(reading: Reading, actor: Actor, meeting: Meeting, chosen: UUID | None) -> dict[str, Any]:
    """The note in hand, and the other items that notes can be written under."""
    subject = chosen or meeting.current_item_id
    if not actor.may(Right.WRITE_MINUTES, body=meeting.body_id):
        return {"notes_kept": False, "notes_item": None}
    begun = select(Item).where(Item.meeting_id == meeting.id, Item.taken_up_at.is_not(None))
    items = list(await reading.session.scalars(begun.order_by(Item.position)))
    item, note = await note_of(reading, actor, subject) if subject else (None, None)
    if item is not None and item.meeting_id != meeting.id:
        raise Refused("not-found")
    return {
        "notes_kept": True,
        "notes_item": item,
        "notes_chosen": chosen,
        "notes_items": items,
        "notes_open": meeting.state in OPEN_STATES,
        "note_text": note.text if note else "",
        "note_revision": note.revision if note else 0,
        "note_time": note.written_at if note else None,
    }


async def _journal(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    journal = await newest_acts(reading, actor, meeting.id)
    with language.in_language(language.current(), meeting.timezone):
        rows = [
            (line.seq, language.time_text(line.at, True), told(line, journal), line.actor)
            for line in journal.lines
        ]
    return {"journal_rows": rows}


handlers = [desk_page, desk_now, desk_notes, desk_journal, keep_note]
