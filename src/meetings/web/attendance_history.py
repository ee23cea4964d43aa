"""What was recorded about one person, by whom and when; what was wrong is corrected here and stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.during.attendance import OPEN_STATES, attendees_of
from meetings.during.corrections import CORRECTABLE, Entry, TrueInterval, correct_attendance, history_of
from meetings.language import N_
from meetings.rules.attendance import Presence
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, Person
from meetings.storage.unit_of_work import Reading
from meetings.web.attendance import presence_of, roll_stage
from meetings.web.places import places_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.stage import live_of

HISTORY = "during/attendance_history.html"

SOURCES = {
    "self": N_("checked in oneself"),
    "code": N_("with the code on the screen"),
    "secretary": N_("recorded by name"),
    "door": N_("from the list"),
    "reply": N_("from the reply to the invitation"),
    "import": N_("taken over from a book"),
}


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its hours as the meeting's clock showed them, and as the form wants them."""

    entry: Entry
    source: str
    since: str
    until: str


@get("/meetings/{meeting:uuid}/attendance/{person:uuid}", opt={"permission": Right.KEEP_ROLL})
async def history(request: MeetingsRequest, meeting: FromPath[UUID], person: FromPath[UUID]) -> Response[str]:
    """The entries of one person: in the dialog of the grid, or as a page of its own."""
    async with request.house.store.reading() as reading:
        stage = await roll_stage(reading, request.actor, meeting)
        shown = await _history(reading, stage.meeting, person)
    if request.partial:
        return fragment(request, HISTORY, meeting=meeting, **shown)
    return page(
        request, "during/attendance_person.html", title=shown["person"].name, meeting=meeting, seq=stage.seq,
        live=live_of(stage), meeting_pages=places_of(request.actor, stage.meeting, "attendance"), **shown,
    )  # fmt: skip


@post(
    "/meetings/{meeting:uuid}/attendance/{person:uuid}/corrections",
    opt={"permission": Right.KEEP_ROLL},
    status_code=200,
)
async def correct(
    request: MeetingsRequest, meeting: FromPath[UUID], person: FromPath[UUID]
) -> Response[str] | Redirect:
    """Strike an entry, record what was right with its real times, or both."""
    fields = await request.fields()
    wrong = uuid_of(fields["wrong"]) if fields.get("wrong") else None
    async with request.house.store.reading() as reading:
        stage = await roll_stage(reading, request.actor, meeting)
        entries = await history_of(reading, meeting, person)
    right = None
    if fields.get("state"):
        clock = _Clock(ZoneInfo(stage.meeting.timezone), entries, wrong)
        right = TrueInterval(
            state=presence_of(fields["state"]),
            since=clock.read(fields.get("since", ""), "since"),
            until=clock.read(fields["until"], "until") if fields.get("until") else None,
        )
    async with request.house.store.work() as work:
        await correct_attendance(
            work, request.actor, meeting, person, reason=fields.get("reason", ""), wrong=wrong, right=right
        )
    if not request.partial:
        return done(f"/meetings/{meeting}/attendance/{person}", "saved")
    async with request.house.store.reading() as reading:
        shown = await _history(reading, stage.meeting, person)
    return fragment(request, HISTORY, meeting=meeting, **shown)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Reads hours typed to the minute. Where an entry begins or ends within that minute, its exact moment is meant."""

    zone: ZoneInfo
    entries: Sequence[Entry]
    wrong: UUID | None

    def read(self, typed: str, field: str) -> datetime:
        try:
            moment = datetime.fromisoformat(typed).replace(tzinfo=self.zone)
        except ValueError as unreadable:
            raise Refused("date-wrong", field=field) from unreadable
        exact = [edge for edge in self._edges(field) if _typed(edge, self.zone) == typed[:16]]
        return exact[0] if exact else moment.astimezone(UTC)

    def _edges(self, field: str) -> list[datetime]:
        """The moments that may be meant: those of the entry to be corrected first, then where others meet."""
        own = [entry for entry in self.entries if entry.id == self.wrong]
        others = [entry for entry in self.entries if entry.id != self.wrong and not entry.struck_at]
        meets = "until" if field == "since" else "since"
        edges = [getattr(entry, field) for entry in own] + [getattr(entry, meets) for entry in others]
        return [edge for edge in edges if edge is not None]


async def _history(reading: Reading, meeting: Meeting, person: UUID) -> dict[str, Any]:
    attendee = (await attendees_of(reading, meeting)).get(person)
    zone = ZoneInfo(meeting.timezone)
    entries = await history_of(reading, meeting.id, person)
    return {
        "person": await reading.get(Person, person),
        "entries": [
            EntryView(
                entry, language.gettext(SOURCES.get(entry.source, "")), _typed(entry.since, zone),
                _typed(entry.until, zone) if entry.until else "",
            )
            for entry in entries
        ],
        "state_now": next((entry.state.value for entry in entries if entry.until is None), Presence.ABSENT.value),
        "recording": meeting.state in OPEN_STATES and attendee is not None and not attendee.replaced,
        "now_typed": _typed(meeting.adjourned_at or reading.now, zone),
        "correcting": meeting.state in CORRECTABLE,
    }  # fmt: skip


def _typed(moment: datetime, zone: ZoneInfo) -> str:
    """As a date-and-time field holds it: `2026-11-24T08:30`."""
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


handlers = [history, correct]
