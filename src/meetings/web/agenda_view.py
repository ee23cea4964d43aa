"""The agenda as it is read: items with their papers (before the meeting) and with what was decided (during it).

Two rooms of the house meet here, so the page collects them; neither knows of the other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, func, or_, select, true
from sqlalchemy.orm import aliased

from meetings import language
from meetings.before.papers import Leaf, leaves_of
from meetings.before.visibility import unseen_by
from meetings.language import N_
from meetings.rules.lifecycle import ItemState, PollState
from meetings.rules.outcome import REASONS
from meetings.rules.visibility import Audience, Visibility
from meetings.storage.tables import Item, Meeting, Motion, Poll
from meetings.storage.unit_of_work import Reading

STATES = {
    ItemState.TAKEN_UP: ("now", N_("In hand now")),
    ItemState.CONCLUDED: ("done", N_("Concluded")),
    ItemState.POSTPONED: ("postponed", N_("Postponed")),
    ItemState.WITHDRAWN: ("withdrawn", N_("Withdrawn")),
    ItemState.REFERRED: ("referred", N_("Referred")),
}
"""How the agenda shows an item's state: the code of its look, and the word."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is put to the vote under an item. Without `code` nothing is announced yet."""

    title: str
    code: str = ""
    sentence: str = ""
    prepared: bool = False
    """A poll waits to be opened; only those who run or prepare the meeting see that."""


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as the agenda shows it."""

    id: UUID
    number: str
    title: str
    depth: int
    time: str
    presenter: str
    minutes: int | None
    text: str
    state: str
    state_label: str
    papers: Sequence[Leaf]
    decisions: Sequence[Decision]
    aside: bool = False
    """Its readers stand aside from it: no papers."""
    urgent: bool = False
    note: str = ""
    """Where it went, or which earlier item it continues."""
    visibility: str = Visibility.COMMON
    adopts: UUID | None = None
    """The meeting whose minutes are to be adopted."""
    task: UUID | None = None
    """The task that it arises from."""


ItemRow = Row[
    UUID, UUID | None, int, str, str, str, str, int | None, str, str, UUID | None, UUID | None
]  # fmt: skip
Families = Mapping[UUID | None, Sequence[ItemRow]]


async def read_agenda(
    reading: Reading,
    meeting: Meeting,
    *,
    insider: bool,
    aside: Collection[UUID] = (),
    audience: Audience = Audience.MEMBERS,
) -> list[ReadItem]:
    """The agenda as its audience sees it, in six queries however long it is; no papers of items stood `aside` from."""
    unseen = await unseen_by(reading, meeting.id, Audience.INSIDERS if insider else audience)
    rows = await reading.session.execute(
        select(
            Item.id, Item.parent_id, Item.position, Item.number, Item.title, Item.text, Item.presenter,
            Item.minutes_planned, Item.state, Item.visibility, Item.adopts_id, Item.task_id,
        )
        .where(Item.meeting_id == meeting.id)
        .order_by(Item.position, Item.id)
    )  # fmt: skip
    families: dict[UUID | None, list[ItemRow]] = defaultdict(list)
    for row in rows:
        families[row.parent_id].append(row)
    leaves = await leaves_of(reading, meeting.id, Audience.INSIDERS if insider else audience)
    decisions = await _decisions(reading, meeting.id, insider)
    times = planned_times(families, datetime.fromisoformat(meeting.starts_local))
    marks = await _marks(reading, meeting.id, insider)
    return [
        _read_item(
            row, depth, times.get(row.id, ""), () if row.id in aside else leaves.get(row.id, ()),
            decisions.get(row.id, ()), row.id in aside, marks.get(row.id, (False, "")),
        )
        for row, depth in _below(families, None, 0)
        if row.id not in unseen
    ]  # fmt: skip


def planned_times(families: Families, start: datetime) -> dict[UUID, str]:
    """When each item of the top level is due, as long as all before it say how long they take.

    An item takes the minutes it names, else those of the items below it.
    """
    times: dict[UUID, str] = {}
    at: datetime | None = start
    for row in families.get(None, ()):
        if at is None:
            break
        times[row.id] = f"{at:%H:%M}"
        minutes = _minutes(families, row)
        at = at + timedelta(minutes=minutes) if minutes else None
    return times


def _minutes(families: Families, row: ItemRow) -> int | None:
    if row.minutes_planned:
        return row.minutes_planned
    below = [_minutes(families, child) for child in families.get(row.id, ())]
    known = [minutes for minutes in below if minutes]
    return sum(known) if known and len(known) == len(below) else None


def _below(families: Families, parent: UUID | None, depth: int) -> Iterator[tuple[ItemRow, int]]:
    for row in families.get(parent, ()):
        yield row, depth
        yield from _below(families, row.id, depth + 1)


def _read_item(
    row: ItemRow,
    depth: int,
    time: str,
    papers: Sequence[Leaf],
    decisions: Sequence[Decision],
    aside: bool,
    mark: tuple[bool, str],
) -> ReadItem:
    state, label = STATES.get(ItemState(row.state), ("", ""))
    return ReadItem(
        row.id, row.number, row.title, depth, time, row.presenter, row.minutes_planned, row.text, state,
        language.gettext(label), papers, decisions, aside, *mark, row.visibility, row.adopts_id,
        row.task_id,
    )  # fmt: skip


async def _marks(reading: Reading, meeting: UUID, insider: bool) -> dict[UUID, tuple[bool, str]]:
    """Whether an item is urgent, and in words where it went or came from; for the few that have such a story.

    A later meeting that is not published yet has its name from insiders only.
    """
    earlier, origin, target = aliased(Item), aliased(Meeting), aliased(Meeting)
    named = true() if insider else target.published_at.is_not(None)
    rows = await reading.session.execute(
        select(
            Item.id, Item.urgent, Item.referred_to, earlier.number, origin.title, target.title, target.starts_local
        )
        .outerjoin(earlier, earlier.id == Item.continues_id)
        .outerjoin(origin, origin.id == earlier.meeting_id)
        .outerjoin(target, (target.id == Item.postponed_to_id) & named)
        .where(
            Item.meeting_id == meeting,
            or_(
                Item.urgent, Item.referred_to != "", Item.continues_id.is_not(None), Item.postponed_to_id.is_not(None)
            ),
        )
    )  # fmt: skip
    return {
        item: (urgent, _story(referred, (number, before), (after, starts)))
        for item, urgent, referred, number, before, after, starts in rows
    }


def unnamed_meetings(meeting: UUID) -> ScalarSelect[int]:
    """How many items go to a meeting that is not published yet, as part of a query."""
    later = aliased(Meeting)
    return (
        select(func.count())
        .select_from(later)
        .join(Item, Item.postponed_to_id == later.id)
        .where(Item.meeting_id == meeting, later.published_at.is_(None))
        .scalar_subquery()
        .correlate(None)
    )


def _story(
    referred: str, origin: tuple[str | None, str | None], target: tuple[str | None, str | None]
) -> str:
    told: list[str] = []
    if origin[1]:
        told.append(
            language.text(N_("Continues item {number} of “{title}”."), number=origin[0], title=origin[1])
        )
    if target[0] and target[1]:
        starts = language.long_datetime_text(datetime.fromisoformat(target[1]))
        told.append(
            language.text(N_("Goes to the meeting “{title}”, {starts}."), title=target[0], starts=starts)
        )
    if referred:
        told.append(language.text(N_("Referred to {name}."), name=referred))
    return " ".join(told)


async def _decisions(reading: Reading, meeting: UUID, insider: bool) -> dict[UUID, list[Decision]]:
    """Motions by item, each with its announced outcomes; then the polls that stand on no motion."""
    motions = await reading.session.execute(
        select(Motion.id, Motion.item_id, Motion.title)
        .where(Motion.meeting_id == meeting)
        .order_by(Motion.moved_at, Motion.id)
    )
    polls = await reading.session.execute(
        select(Poll.item_id, Poll.motion_id, Poll.title, Poll.state, Poll.outcome)
        .where(Poll.meeting_id == meeting, Poll.state.in_((PollState.DRAFT, PollState.ANNOUNCED)))
        .order_by(Poll.number)
    )
    by_motion: dict[UUID | None, list[Row[UUID, UUID | None, str, str, dict[str, Any] | None]]] = defaultdict(
        list
    )
    for poll in polls:
        by_motion[poll.motion_id].append(poll)
    found: dict[UUID, list[Decision]] = defaultdict(list)
    for motion in motions:
        own = by_motion.get(motion.id, [])
        announced = [
            _decision(motion.title, poll.outcome) for poll in own if poll.state == PollState.ANNOUNCED
        ]
        waiting = insider and any(poll.state == PollState.DRAFT for poll in own)
        found[motion.item_id] += announced or [Decision(motion.title, prepared=waiting)]
    for poll in by_motion.get(None, []):
        if poll.state == PollState.ANNOUNCED:
            found[poll.item_id].append(_decision(poll.title, poll.outcome))
        elif insider:
            found[poll.item_id].append(Decision(poll.title, prepared=True))
    return found


def _decision(title: str, outcome: dict[str, Any] | None) -> Decision:
    if not outcome:
        return Decision(title)
    reason = REASONS.get(outcome["reason"], "")
    return Decision(title, outcome["code"], language.text(reason, **outcome["facts"]) if reason else "")
