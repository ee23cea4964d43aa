"""The weekly schedule: secretaries write entries beside the meetings of their body, publish the week, tell its changes.

Published meetings appear by themselves. Entries are seen by the secretaries until the week is published; from then on
everybody sees the schedule as it stands, marked against what was published first. Whoever is concerned is told with the
first publication, and again whenever the secretary publishes what has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.council.bodies import holders, members_in_office
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.events import (
    ScheduleEntryChanged,
    ScheduleEntryRemoved,
    ScheduleEntryWritten,
    WeekPublished,
)
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import (
    Change,
    DayPart,
    Line,
    Marked,
    as_data,
    changed,
    compare,
    from_data,
    in_order,
    monday_of,
    part_of,
)
from meetings.rules.working_days import YEARS
from meetings.storage.tables import Body, Meeting, Person, RoleGrant, ScheduleEntry, WeekPublication
from meetings.storage.unit_of_work import Reading, Work

LENGTH = 500
MOST = 200
"""So many entries a body has in one week."""
WEEK = timedelta(days=7)
TITLES = 3
"""So many titles a short message names."""

PUBLISHED = N_("The schedule of {body} from {first} to {last} is published. Lines: {count}")
CHANGED = N_("The schedule of {body} from {first} to {last} has changed: {titles}")
TOLD = {
    Change.ADDED: N_("Added on {when}: {title}"),
    Change.CHANGED: N_("Changed on {when}: {title}"),
    Change.MOVED: N_("Moved to {when}: {title}"),
    Change.REMOVED: N_("Taken off on {when}: {title}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """What an entry says. Without a time it needs the part of the day; a time decides it by itself."""

    day: date
    part: str = ""
    starts: str = ""
    ends: str = ""
    title: str
    chair: str = ""
    attendees: str = ""
    place: str = ""
    prepared_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The schedule of a body for one week, as far as the reader may see it."""

    body: Body
    monday: date
    lines: Sequence[Marked]
    first: WeekPublication | None
    last: WeekPublication | None
    untold: Sequence[Marked]
    """For the secretary: what has changed since the last publication."""

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + WEEK - timedelta(days=1)


async def write_entry(work: Work, actor: Actor, body: UUID, facts: EntryFacts) -> ScheduleEntry:
    """A new entry of a body's schedule. Refused: `times-wrong`, `week-full`."""
    actor.must(Right.PREPARE, body=body)
    kept = await work.locked(Body, body)
    checked = _checked(facts)
    await _must_have_room(work, body, monday_of(checked.day))
    entry = ScheduleEntry(
        id=work.new_id(), body_id=body, written_by=actor.person, written_at=work.now, **asdict(checked)
    )
    work.session.add(entry)
    await work.session.flush()
    event = ScheduleEntryWritten(
        body=str(body), name_of_body=kept.name, entry=str(entry.id), day=entry.day.isoformat(), part=entry.part,
        starts=entry.starts, title=entry.title,
    )  # fmt: skip
    await work.record(actor, event)
    return entry


async def change_entry(work: Work, actor: Actor, entry: UUID, facts: EntryFacts) -> ScheduleEntry:
    """Correct an entry; in a published week the change is marked at once, and told when the week is published again."""
    kept = await work.locked(ScheduleEntry, entry)
    actor.must(Right.PREPARE, body=kept.body_id)
    checked = _checked(facts)
    if monday_of(checked.day) != monday_of(kept.day):
        await work.locked(Body, kept.body_id)
        await _must_have_room(work, kept.body_id, monday_of(checked.day))
    changes = {name: str(value) for name, value in asdict(checked).items() if value != getattr(kept, name)}
    if changes:
        for name, value in asdict(checked).items():
            setattr(kept, name, value)
        body = await work.get(Body, kept.body_id)
        event = ScheduleEntryChanged(
            body=str(body.id), name_of_body=body.name, entry=str(entry), title=kept.title, changes=changes
        )
        await work.record(actor, event)
    return kept


async def remove_entry(work: Work, actor: Actor, entry: UUID) -> ScheduleEntry:
    """Take an entry out; in a published week it stays, struck through."""
    kept = await work.locked(ScheduleEntry, entry)
    actor.must(Right.PREPARE, body=kept.body_id)
    body = await work.get(Body, kept.body_id)
    await work.session.delete(kept)
    event = ScheduleEntryRemoved(
        body=str(body.id),
        name_of_body=body.name,
        entry=str(entry),
        day=kept.day.isoformat(),
        title=kept.title,
    )
    await work.record(actor, event)
    return kept


async def publish_week(work: Work, actor: Actor, body: UUID, day: date) -> WeekPublication:
    """Publish the week of this day, or tell its changes: everybody who sits or holds a role in the body is told.

    Refused: `week-over`, `week-empty`, `week-unchanged`.
    """
    actor.must(Right.PREPARE, body=body)
    kept = await work.locked(Body, body)
    monday = monday_of(_within(day))
    if work.today >= monday + WEEK:
        raise Refused("week-over")
    lines = await _lines(work, kept, monday, entries=True)
    _, last = await _publications(work, body, monday)
    if last is None and not lines:
        raise Refused("week-empty")
    changes = changed(compare(from_data(last.content["lines"]) if last else (), lines))
    if not changes:
        raise Refused("week-unchanged")
    published = WeekPublication(
        id=work.new_id(), body_id=body, monday=monday, number=last.number + 1 if last else 1,
        content={"lines": as_data(lines)}, published_by=actor.person, published_at=work.now,
    )  # fmt: skip
    work.session.add(published)
    await work.session.flush()
    people = await _concerned(work, body, monday)
    event = WeekPublished(
        body=str(body), name_of_body=kept.name, monday=monday.isoformat(), number=published.number,
        lines=len(lines), changes=len(changes), persons=len(people),
    )  # fmt: skip
    await work.record(actor, event)
    await _tell(work, kept, monday, people, changes if last else (), len(lines))
    return published


async def read_week(reading: Reading, actor: Actor, body: UUID, day: date) -> Week:
    """The week of this day: the meetings that are published; the entries once the week is, and for the secretaries."""
    actor.must(Right.ATTEND, body=body)
    monday = monday_of(_within(day))
    kept = await reading.get(Body, body)
    first, last = await _publications(reading, body, monday)
    prepares = actor.may(Right.PREPARE, body=body)
    now = await _lines(reading, kept, monday, entries=prepares or first is not None)
    lines = compare(from_data(first.content["lines"]), now) if first else [Marked(line=one) for one in now]
    untold = changed(compare(from_data(last.content["lines"]), now)) if last and prepares else ()
    return Week(body=kept, monday=monday, lines=lines, first=first, last=last, untold=untold)


async def read_entry(reading: Reading, actor: Actor, entry: UUID) -> ScheduleEntry:
    """An entry to be corrected, for the secretaries of its body."""
    kept = await reading.get(ScheduleEntry, entry)
    actor.must(Right.PREPARE, body=kept.body_id)
    return kept


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise Refused("date-wrong", field="day")
    return day


def _checked(facts: EntryFacts) -> EntryFacts:
    """One line each, and the part of the day that follows from the time."""
    texts = {name: " ".join(value.split()) for name, value in asdict(facts).items() if isinstance(value, str)}
    if not texts["title"]:
        raise Refused("field-missing", field="title")
    for name, value in texts.items():
        if len(value) > LENGTH:
            raise Refused("field-long", field=name, limit=LENGTH)
    starts, ends = _clock(texts["starts"], "starts"), _clock(texts["ends"], "ends")
    if ends and not (starts and starts < ends):
        raise Refused("times-wrong", field="ends")
    part = part_of(starts).value if starts else texts["part"]
    if part not in tuple(DayPart):
        raise Refused("field-missing" if not part else "wrong-input", field="part")
    return EntryFacts(day=_within(facts.day), **texts | {"part": part, "starts": starts, "ends": ends})


def _clock(text: str, field: str) -> str:
    try:
        return f"{time.fromisoformat(text):%H:%M}" if text else ""
    except ValueError as wrong:
        raise Refused("wrong-input", field=field) from wrong


async def _must_have_room(work: Work, body: UUID, monday: date) -> None:
    entries = await work.session.scalar(
        select(func.count()).where(
            ScheduleEntry.body_id == body, ScheduleEntry.day >= monday, ScheduleEntry.day < monday + WEEK
        )
    )
    if (entries or 0) >= MOST:
        raise Refused("week-full", limit=MOST)


async def _publications(
    reading: Reading, body: UUID, monday: date
) -> tuple[WeekPublication | None, WeekPublication | None]:
    """The first and the last publication of a week; both None before it is published."""
    rows = await reading.session.scalars(
        select(WeekPublication)
        .where(WeekPublication.body_id == body, WeekPublication.monday == monday)
        .order_by(WeekPublication.number)
    )
    found = rows.all()
    return (found[0], found[-1]) if found else (None, None)


async def _lines(reading: Reading, body: Body, monday: date, *, entries: bool) -> list[Line]:
    """What the week holds now."""
    found = await reading.session.scalars(
        select(Meeting).where(
            Meeting.body_id == body.id,
            Meeting.state.not_in((MeetingState.DRAFT, MeetingState.CANCELLED)),
            Meeting.starts_local >= monday.isoformat(),
            Meeting.starts_local < (monday + WEEK).isoformat(),
        )
    )
    meetings = found.all()
    chair = ", ".join(one.name for one in await holders(reading, body.id, Role.CHAIR)) if meetings else ""
    lines = [_of_meeting(one, body, chair) for one in meetings]
    if entries:
        rows = await reading.session.scalars(
            select(ScheduleEntry).where(
                ScheduleEntry.body_id == body.id,
                ScheduleEntry.day >= monday,
                ScheduleEntry.day < monday + WEEK,
            )
        )
        lines += [_of_entry(one) for one in rows]
    return in_order(lines)


def _of_meeting(meeting: Meeting, body: Body, chair: str) -> Line:
    """A book knows only the day of a meeting; such a start is midnight, and no time is told."""
    day, _, clock = meeting.starts_local.partition("T")
    starts = "" if clock == "00:00" else clock
    part = part_of(clock)
    return Line(
        key=f"meeting:{meeting.id}", day=day, part=part.value, starts=starts,
        ends=meeting.ends_local[11:] if starts else "", title=meeting.title, chair=chair, attendees=body.name,
        place=meeting.place,
    )  # fmt: skip


def _of_entry(entry: ScheduleEntry) -> Line:
    return Line(
        key=f"entry:{entry.id}", day=entry.day.isoformat(), part=entry.part, starts=entry.starts, ends=entry.ends,
        title=entry.title, chair=entry.chair, attendees=entry.attendees, place=entry.place,
        prepared_by=entry.prepared_by, note=entry.note,
    )  # fmt: skip


async def _concerned(reading: Reading, body: UUID, monday: date) -> list[Person]:
    """Whoever sits in the body at the end of the week, and who holds a role in it."""
    members = await members_in_office(reading, body, monday + WEEK - timedelta(days=1))
    roles = await reading.session.scalars(select(RoleGrant.person_id).where(RoleGrant.body_id == body))
    wanted = {one.person for one in members} | set(roles)
    rows = await reading.session.scalars(
        select(Person).where(Person.id.in_(wanted)).order_by(Person.sort_key)
    )
    return list(rows)


async def _tell(
    work: Work, body: Body, monday: date, people: Sequence[Person], changes: Sequence[Marked], count: int
) -> None:
    """A short message names what changed; the letter tells each change on a line of its own."""
    address = f"/calendar/schedule?body={body.id}&on={monday}"
    sunday = monday + WEEK - timedelta(days=1)
    facts: dict[str, Any] = {
        "body": body.name, "first": f"{monday:%d/%m/%Y}", "last": f"{sunday:%d/%m/%Y}", "count": str(count),
        "titles": _titles(one.line.title for one in changes),
    }  # fmt: skip
    told = [
        {
            "message": TOLD[one.change],
            "facts": {"when": _when(one.line), "title": one.line.title},
            "link": f"{address}#{anchor(one.line)}",
        }
        for one in changes
    ]
    await tell(
        work, people, CHANGED if changes else PUBLISHED, facts, address, body.language, letter={"lines": told}
    )


def anchor(line: Line) -> str:
    """Where the line stands on the page."""
    return line.key.replace(":", "-")


def _when(line: Line) -> str:
    """`24/11 08:00`, read alike in both languages."""
    return f"{date.fromisoformat(line.day):%d/%m} {line.starts}".strip()


def _titles(titles: Iterable[str]) -> str:
    found = list(titles)
    return "; ".join(found[:TITLES]) + ("; …" if len(found) > TITLES else "")
