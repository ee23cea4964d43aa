"""How the interface tells terms and sessions of a council, and what it is asked."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Prose
from meetings.before.discussion_groups import GroupView
from meetings.before.session_facts import HIGHEST
from meetings.before.session_reading import SessionView, SittingView
from meetings.rules.council_sessions import MOST_GROUPS, SessionState
from meetings.storage import tables

Kind = Literal["regular", "thematic", "extraordinary"]
Number = Annotated[int, msgspec.Meta(ge=1, le=HIGHEST)]


class Term(Answer):
    """A term of a body; both days are inclusive."""

    id: UUID
    body: UUID
    name: str
    since: date
    until: date


class Terms(Answer):
    items: list[Term]


class NewTerm(Asked):
    name: Line
    since: date
    until: date


class TermChange(Asked):
    """What is left out stays as it is."""

    name: Line | UnsetType = UNSET
    since: date | UnsetType = UNSET
    until: date | UnsetType = UNSET


class CouncilSession(Answer):
    """A session. Its `state` follows from its meetings: `planned` (for those who prepare it), `convened`, `closed`."""

    id: UUID
    body: UUID
    term: UUID
    number: int
    kind: str
    since: date
    until: date
    place: str
    note: str
    convened_at: datetime | None
    state: str


class CouncilSessions(Answer):
    """The latest term first, in it the highest number first."""

    items: list[CouncilSession]


class Sitting(Answer):
    """A meeting of the session. `number` counts the plenary sittings in the order of time, without those cancelled."""

    meeting: UUID
    title: str
    starts_local: str
    state: str
    sitting: str
    number: int | None
    group: int | None
    items: int
    papers: int
    outside: bool
    """Begins on a day that is not one of the session's."""
    crosses: bool
    """Needs members that another meeting of the session needs at the same time."""


class Group(Answer):
    """A discussion group: its chair is one of its members."""

    id: UUID
    number: int
    place: str
    chair: UUID | None
    secretary: UUID | None
    members: list[UUID]


class SessionNow(CouncilSession):
    """A session with what the reader sees of it."""

    name: str
    sittings: list[Sitting]
    groups: list[Group]


class NewSession(Asked):
    """Without a number it gets the next one of the term that has its days."""

    since: date
    until: date
    kind: Kind = "regular"
    number: Number | None = None
    place: Line = ""
    note: Prose = ""


class SessionChange(Asked):
    """What is left out stays as it is."""

    since: date | UnsetType = UNSET
    until: date | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    number: Number | UnsetType = UNSET
    place: Line | UnsetType = UNSET
    note: Prose | UnsetType = UNSET


class SessionDropped(Answer):
    id: UUID


class WantedSitting(Asked):
    """Of the kind `group`: one discussion for each group of the session."""

    day: date
    part: Literal["morning", "afternoon", "evening"]
    kind: Literal["plenary", "group"] = "plenary"


class WantedSittings(Asked):
    sittings: Annotated[list[WantedSitting], msgspec.Meta(max_length=200)]


class SittingsMade(Answer):
    meetings: list[UUID]


class GroupCount(Asked):
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_GROUPS)]


class Groups(Answer):
    items: list[Group]


class GroupChange(Asked):
    """Whoever is named leaves the group he was in."""

    members: Annotated[list[UUID], msgspec.Meta(max_length=2000)]
    place: Line = ""
    chair: UUID | None = None
    secretary: UUID | None = None


class SessionOfMeeting(Asked):
    session: UUID
    sitting: Literal["plenary", "group"] = "plenary"
    group: UUID | None = None


def term_shape(row: tables.CouncilTerm) -> Term:
    """A term."""
    return Term(id=row.id, body=row.body_id, name=row.name, since=row.since, until=row.until)


def line_shape(request: ApiRequest, row: tables.CouncilSession, state: SessionState) -> CouncilSession:
    """A session in a list."""
    return CouncilSession(**_facts(request, row, state))


def now_shape(request: ApiRequest, view: SessionView) -> SessionNow:
    """A session with what its reader sees."""
    return SessionNow(
        **_facts(request, view.session, view.state), name=view.name,
        sittings=[_sitting(one) for one in view.sittings], groups=[group_shape(one) for one in view.groups],
    )  # fmt: skip


def group_shape(view: GroupView) -> Group:
    """A group, its members in the order names are read."""
    row = view.group
    return Group(
        id=row.id, number=row.number, place=row.place, chair=row.chair_id, secretary=row.secretary_id,
        members=[person for person, _ in view.members],
    )  # fmt: skip


def sent(data: Asked) -> dict[str, Any]:
    """The fields that were not left out."""
    return {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}


def _facts(request: ApiRequest, row: tables.CouncilSession, state: SessionState) -> dict[str, Any]:
    zone = ZoneInfo(request.house.settings.timezone)
    return {
        "id": row.id, "body": row.body_id, "term": row.term_id, "number": row.number, "kind": row.kind,
        "since": row.since, "until": row.until, "place": row.place, "note": row.note, "state": state.value,
        "convened_at": row.convened_at.astimezone(zone) if row.convened_at else None,
    }  # fmt: skip


def _sitting(one: SittingView) -> Sitting:
    held = one.meeting
    return Sitting(
        meeting=held.id, title=held.title, starts_local=held.starts_local, state=held.state, sitting=held.sitting,
        number=one.number or None, group=one.group or None, items=len(one.items), papers=one.papers,
        outside=one.outside, crosses=one.crosses,
    )  # fmt: skip
