"""The calendar: month, week and list, for everybody who signs in; rendered here, moved through by links."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.params import FromQuery, QueryParameter
from sqlalchemy import select

from meetings.before.calendar import meetings_between
from meetings.before.days import marks_between
from meetings.before.session_reading import sessions_between
from meetings.language import N_, date_text, gettext, month_text, text, weekday_text
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.working_days import SATURDAY, YEARS, DayKind
from meetings.storage.tables import Body, CouncilSession, DayMark, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.calendar_tabs import calendar_tabs
from meetings.web.forms import day as day_of
from meetings.web.render import page
from meetings.web.request import MeetingsRequest

View = Literal["month", "week", "list"]
VIEWS: Mapping[View, str] = {"month": N_("Month"), "week": N_("Week"), "list": N_("List")}
LISTED = timedelta(days=91)
WEEK = N_("Week {number} (from {first} to {last})")
MONDAY_FIRST = Calendar(firstweekday=0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting in the calendar."""

    address: str
    time: str
    title: str
    body: str
    place: str
    state: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what the table of days says about it."""

    day: date
    inside: bool
    """Belongs to the month that is shown."""
    today: bool
    off: bool
    mark: str
    entries: Sequence[Entry]
    sessions: Sequence[tuple[str, str]]
    """Council sessions that have this day: address and name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    view: View
    on: date
    body: UUID | None
    mine: bool

    def address(self, view: View | None = None, on: date | None = None) -> str:
        """The same filters, another view or day."""
        query = {"view": view or self.view, "on": (on or self.on).isoformat()}
        query |= {"body": str(self.body)} if self.body else {}
        query |= {"mine": "yes"} if self.mine else {}
        return f"/calendar?{urlencode(query)}"

    @property
    def span(self) -> tuple[date, date]:
        """First and last day that are shown."""
        if self.view == "month":
            days = list(MONDAY_FIRST.itermonthdates(self.on.year, self.on.month))
            return days[0], days[-1]
        if self.view == "week":
            monday = self.on - timedelta(days=self.on.weekday())
            return monday, monday + timedelta(days=6)
        return self.on, self.on + LISTED

    @property
    def steps(self) -> tuple[date, date]:
        """The days that lead to the page before and the page after."""
        first, last = self.span
        if self.view == "month":
            begin = self.on.replace(day=1)
            return (begin - timedelta(days=1)).replace(day=1), (begin + timedelta(days=32)).replace(day=1)
        if self.view == "week":
            return first - timedelta(days=7), last + timedelta(days=1)
        return self.on - LISTED - timedelta(days=1), last + timedelta(days=1)

    @property
    def heading(self) -> str:
        """What is shown, in words."""
        first, last = self.span
        if self.view == "month":
            return month_text(self.on)
        if self.view == "week":
            number = first.isocalendar().week
            return text(WEEK, number=number, first=date_text(first), last=date_text(last))
        return f"{date_text(first)} – {date_text(last)}"


@get("/calendar", opt={"permission": Right.SIGNED_IN})
async def calendar_page(
    request: MeetingsRequest,
    view: FromQuery[View] = "month",
    on: FromQuery[str] = "",
    held_by: Annotated[str, QueryParameter(name="body")] = "",
    mine: FromQuery[str] = "",
) -> Response[str]:
    """The meetings of the shown days, with days off and made-up working days."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        bodies = await _bodies(reading, actor)
        chosen = next((body.id for body in bodies if str(body.id) == held_by), None)
        asked = Asked(view, shown_day(on, reading.today), chosen, mine == "yes")
        first, last = asked.span
        pairs = await meetings_between(reading, actor, first, last, body=asked.body, mine=asked.mine)
        marks = {mark.day: mark for mark in await marks_between(reading, first, last)}
        sessions = await sessions_between(reading, actor, first, last, body=asked.body)
        today = reading.today
    entries: defaultdict[date, list[Entry]] = defaultdict(list)
    for meeting, body in pairs:
        entries[date.fromisoformat(meeting.starts_local[:10])].append(_entry(meeting, body))
    days = [
        _day(first + timedelta(days=ahead), asked, today, marks, entries, sessions)
        for ahead in range((last - first).days + 1)
    ]
    before, after = asked.steps
    return page(
        request, "before/calendar.html", asked=asked, days=days, bodies=bodies,
        weeks=[days[start : start + 7] for start in range(0, len(days), 7)], today=asked.address(on=today),
        views=[(asked.address(view=code), gettext(word), code == view) for code, word in VIEWS.items()],
        previous=asked.address(on=max(before, date(YEARS.start, 1, 1))),
        following=asked.address(on=min(after, date(YEARS.stop - 2, 1, 1))),
        weekdays=[(weekday_text(day.day), weekday_text(day.day, short=True)) for day in days[:7]],
        tabs=calendar_tabs(actor, "calendar"),
        may_prepare=actor.may(Right.PREPARE), may_subscribe=actor.may(Right.ATTEND),
    )  # fmt: skip


def shown_day(on: str, today: date) -> date:
    """The day of the address, or today where it names none that a calendar has."""
    try:
        found = day_of(on, "on")
    except Refused:
        return today
    return found if found and found.year in range(YEARS.start + 1, YEARS.stop - 1) else today


async def _bodies(reading: Reading, actor: Actor) -> Sequence[Body]:
    """The bodies one can choose from, by name."""
    query = select(Body).where(Body.id.in_(actor.bodies(Right.ATTEND))).order_by(Body.name)
    return (await reading.session.scalars(query)).all()


def _entry(meeting: Meeting, body: Body) -> Entry:
    clock = meeting.starts_local[11:]
    time = "" if clock == "00:00" else clock
    if time and meeting.ends_local:
        time = f"{time}–{meeting.ends_local[11:]}"
    return Entry(f"/meetings/{meeting.id}", time, meeting.title, body.name, meeting.place, meeting.state)


def _day(
    day: date,
    asked: Asked,
    today: date,
    marks: Mapping[date, DayMark],
    entries: Mapping[date, Sequence[Entry]],
    sessions: Sequence[tuple[CouncilSession, str]],
) -> Day:
    mark = marks.get(day)
    kind = mark.kind if mark else ""
    return Day(
        day=day, inside=day.month == asked.on.month, today=day == today,
        off=kind == DayKind.OFF or (day.weekday() >= SATURDAY and kind != DayKind.WORKED),
        mark=mark.name if mark and kind != DayKind.PROPOSED else "", entries=entries.get(day, ()),
        sessions=[(f"/council-sessions/{one.id}", name) for one, name in sessions if one.since <= day <= one.until],
    )  # fmt: skip


handlers = [calendar_page]
