"""The polls of a meeting as the minutes tell them, with names where the vote was open, and what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from meetings.rules.lifecycle import PollState, ResolutionState
from meetings.rules.outcome import ANNULLED
from meetings.rules.record import ChoiceCount, PollRecord, ResolutionRecord, TaskRecord
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Agency, Ballot, Person, Poll, Resolution, Task, TaskCooperation
from meetings.storage.unit_of_work import Reading

Names = Mapping[tuple[UUID, str], list[str]]


@dataclass(frozen=True, slots=True)
class PollRecords:
    """Polls in the order they were held: by their motion, and by their item beside the motion they were on."""

    by_motion: defaultdict[UUID, list[PollRecord]]
    by_item: defaultdict[UUID, list[tuple[UUID | None, PollRecord]]]


async def polls_of_record(reading: Reading, meeting: UUID) -> PollRecords:
    """Every poll that was opened, announced or annulled."""
    polls = await reading.session.scalars(
        select(Poll)
        .where(
            Poll.meeting_id == meeting,
            Poll.state.in_((PollState.ANNOUNCED, PollState.ANNULLED)),
            Poll.opened_at.is_not(None),
        )
        .order_by(Poll.opened_at, Poll.number)
    )
    names = await _names(reading, meeting)
    found = PollRecords(defaultdict(list), defaultdict(list))
    for poll in polls:
        record = _poll(poll, names)
        if poll.motion_id:
            found.by_motion[poll.motion_id].append(record)
        found.by_item[poll.item_id].append((poll.motion_id, record))
    return found


async def _names(reading: Reading, meeting: UUID) -> Names:
    """Who chose what in the open polls, in the order names are read."""
    rows = await reading.session.execute(
        select(Ballot.poll_id, Ballot.choice, Person.name)
        .join(Poll, Poll.id == Ballot.poll_id)
        .join(Person, Person.id == Ballot.person_id)
        .where(Poll.meeting_id == meeting, Poll.secret.is_(False))
        .order_by(Person.sort_key, Person.id)
    )
    names: defaultdict[tuple[UUID, str], list[str]] = defaultdict(list)
    for poll, choice, name in rows:
        names[poll, choice].append(name)
    return names


def _poll(poll: Poll, names: Names) -> PollRecord:
    """The numbers are those that were announced."""
    tally, outcome = poll.tally or {}, poll.outcome or {}
    weights: dict[str, int] = tally.get("weights", {})
    annulled = poll.state == PollState.ANNULLED
    return PollRecord(
        id=str(poll.id),
        title=poll.title,
        secret=poll.secret,
        eligible=poll.eligible or 0,
        cast=tally.get("cast", 0),
        not_cast=tally.get("not_cast", 0),
        choices=()
        if annulled
        else tuple(
            ChoiceCount(
                one.code, one.label, weights.get(one.code, 0), tuple(names.get((poll.id, one.code), ()))
            )
            for one in stored_rule(poll.rule).choices
        ),
        reason=ANNULLED.reason if annulled else outcome["reason"],
        facts={} if annulled else outcome["facts"],
    )


async def resolutions_of_record(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[ResolutionRecord]]:
    """Resolutions by item, those that were taken back left out."""
    rows = await reading.session.scalars(
        select(Resolution)
        .where(Resolution.meeting_id == meeting, Resolution.state != ResolutionState.WITHDRAWN)
        .order_by(Resolution.adopted_at, Resolution.id)
    )
    resolutions: defaultdict[UUID, list[ResolutionRecord]] = defaultdict(list)
    for one in rows:
        resolutions[one.item_id].append(ResolutionRecord(str(one.id), one.title, one.symbol))
    return resolutions


async def tasks_of_record(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[TaskRecord]]:
    """Tasks by the item of their resolution, those that were cancelled left out."""
    of_meeting = select(Task.id).join(Resolution, Resolution.id == Task.resolution_id)
    of_meeting = of_meeting.where(Resolution.meeting_id == meeting)
    helping: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = await reading.session.execute(
        select(TaskCooperation.task_id, Agency.name)
        .join(Agency, Agency.id == TaskCooperation.agency_id)
        .where(TaskCooperation.task_id.in_(of_meeting))
        .order_by(Agency.name)
    )
    for task, name in rows:
        helping[task].append(name)
    tasks: defaultdict[UUID, list[TaskRecord]] = defaultdict(list)
    given = await reading.session.execute(
        select(Task, Resolution.item_id, Agency.name)
        .join(Resolution, Resolution.id == Task.resolution_id)
        .join(Agency, Agency.id == Task.lead_id)
        .where(Resolution.meeting_id == meeting, Task.cancelled_at.is_(None))
        .order_by(Task.assigned_at, Task.id)
    )
    for task, item, lead in given:
        record = TaskRecord(
            id=str(task.id), title=task.title, lead=lead, cooperating=tuple(helping[task.id]), due=task.due
        )
        tasks[item].append(record)
    return tasks
