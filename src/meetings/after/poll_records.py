"""The polls of a meeting as the minutes tell them, with names where the vote was open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.after.poll_numbers import choices_of, rule_of, stages_of
from meetings.before.agenda import agenda_of
from meetings.during.roll import voter_of
from meetings.rules.ballot_forms import Form, poll_form, read
from meetings.rules.lifecycle import PollState
from meetings.rules.outcome import ANNULLED
from meetings.rules.polls import TEST, Method
from meetings.rules.record import EnteredRecord, PollRecord
from meetings.rules.roll import eligible
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Ballot, JournalRow, Motion, Person, Poll, PollMotion, RollEntry
from meetings.storage.unit_of_work import Reading

Lists = defaultdict[UUID, list[str]]


@dataclass(frozen=True, slots=True)
class PollRecords:
    """Polls in the order they were held: by their motion, and by their item beside the motion they were on."""

    by_motion: defaultdict[UUID, list[PollRecord]]
    by_item: defaultdict[UUID, list[tuple[UUID | None, PollRecord]]]
    together: dict[UUID, int]
    """Motion → the number of the announced vote on several motions that it was decided in."""


@dataclass(slots=True)
class _Known:
    """What tells a poll beside its own row, read once for the whole meeting."""

    zone: ZoneInfo
    numbers: Mapping[UUID, int]
    repeats: defaultdict[UUID, list[int]]
    ballots: defaultdict[UUID, list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict[UUID, list[tuple[str, str]]](list)
    )
    """(name, choice as stored) of the ballots whose names may be told."""
    entered: defaultdict[UUID, dict[tuple[str, str], list[str]]] = field(
        default_factory=lambda: defaultdict[UUID, dict[tuple[str, str], list[str]]](dict)
    )
    """(entered by, confirmed by) → names."""
    admitted: Lists = field(default_factory=lambda: Lists(list))
    by_proxy: Lists = field(default_factory=lambda: Lists(list))
    motions: defaultdict[UUID, list[Motion]] = field(
        default_factory=lambda: defaultdict[UUID, list[Motion]](list)
    )
    casting: dict[str, str] = field(default_factory=dict[str, str])
    """Poll → who gave the casting vote."""


async def polls_of_record(reading: Reading, meeting: UUID, zone: ZoneInfo) -> PollRecords:
    """Every poll that was opened and announced or annulled. A test of the devices is none."""
    polls = (
        await reading.session.scalars(
            select(Poll)
            .where(Poll.meeting_id == meeting, Poll.kind != TEST)
            .order_by(Poll.opened_at, Poll.number)
        )
    ).all()
    known = await _known(reading, meeting, polls, zone)
    found = PollRecords(defaultdict(list), defaultdict(list), {})
    for poll in polls:
        if poll.opened_at is None or poll.state not in (PollState.ANNOUNCED, PollState.ANNULLED):
            continue
        record = _poll(poll, known)
        if poll.motion_id:
            found.by_motion[poll.motion_id].append(record)
        found.by_item[poll.item_id].append((poll.motion_id, record))
        if poll.state == PollState.ANNOUNCED:
            found.together.update({motion.id: poll.number for motion in known.motions[poll.id]})
    return found


def _poll(poll: Poll, known: _Known) -> PollRecord:
    """The numbers are those that were announced."""
    tally, outcome, counts = poll.tally or {}, poll.outcome or {}, poll.counts or {}
    annulled = poll.state == PollState.ANNULLED
    rule = stored_rule(poll.rule)
    form = poll_form(poll.kind, poll.form, rule.choices)
    facts: Mapping[str, Any] = outcome.get("facts", {})
    labels = {choice.code: choice.label for choice in rule.choices}
    told, rule_facts = ("", {}) if annulled else rule_of(form, rule, facts)
    return PollRecord(
        id=str(poll.id), title=poll.title, secret=poll.secret, eligible=poll.eligible or 0,
        cast=poll.cast if annulled else tally.get("cast", 0), not_cast=tally.get("not_cast", 0),
        choices=() if annulled else choices_of(form, rule, tally, outcome, _names(poll, form, known)),
        reason=ANNULLED.reason if annulled else outcome["reason"], facts={} if annulled else facts,
        number=poll.number, kind=poll.kind, method=poll.method, places=form.places, at_most=form.at_most,
        options=len(form.options), rule=told, rule_facts=rule_facts,
        motions=tuple(motion.title for motion in known.motions[poll.id]),
        counted_by=counts.get("entered_name", ""), counts_confirmed_by=counts.get("confirmed_name", ""),
        entered=tuple(EnteredRecord(tuple(names), *who) for who, names in known.entered[poll.id].items()),
        admitted=tuple(known.admitted[poll.id]), by_proxy=tuple(known.by_proxy[poll.id]),
        casting=labels.get(poll.casting_choice or "", ""), casting_by=known.casting.get(str(poll.id), ""),
        stages=() if annulled else stages_of(form, outcome), round=poll.round,
        repeats=known.numbers.get(poll.repeats_id, 0) if poll.repeats_id else 0,
        repeated_by=tuple(known.repeats[poll.id]),
        annulled_at=poll.annulled_at.astimezone(known.zone) if annulled and poll.annulled_at else None,
        annulled_reason=poll.annulled_reason, annulled_after=annulled and poll.announced_at is not None,
    )  # fmt: skip


def _names(poll: Poll, form: Form, known: _Known) -> Mapping[str, tuple[str, ...]]:
    """Who made which mark; of a ranking the first one. Ratings have no names: every ballot is on everybody."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, stored in known.ballots[poll.id]:
        marks = read(form, stored)
        if isinstance(marks, dict):
            continue
        marked = (marks,) if isinstance(marks, str) else marks
        for mark in marked[:1] if poll.kind == "ranked" else marked:
            names[mark].append(name)
    return {mark: tuple(those) for mark, those in names.items()}


async def _known(reading: Reading, meeting: UUID, polls: Sequence[Poll], zone: ZoneInfo) -> _Known:
    repeats: defaultdict[UUID, list[int]] = defaultdict(list)
    for poll in polls:
        if poll.repeats_id and poll.opened_at and poll.round == 1:
            repeats[poll.repeats_id].append(poll.number)
    known = _Known(zone, {poll.id: poll.number for poll in polls}, repeats)
    await _read_ballots(reading, meeting, known)
    await _read_rolls(reading, meeting, known)
    grouped = await reading.session.execute(
        select(PollMotion.poll_id, Motion)
        .join(Motion, Motion.id == PollMotion.motion_id)
        .where(Motion.meeting_id == meeting)
        .order_by(Motion.moved_at, Motion.position, Motion.id)
    )
    places = {item.id: place for place, item in enumerate(await agenda_of(reading, meeting))}
    for poll, motion in sorted(grouped, key=lambda row: places[row[1].item_id]):
        known.motions[poll].append(motion)
    given = await reading.session.scalars(
        select(JournalRow).where(JournalRow.chain_id == meeting, JournalRow.event == "CastingVoteGiven")
    )
    known.casting.update({row.payload["poll"]: row.payload["chair_name"] for row in given})
    return known


async def _read_ballots(reading: Reading, meeting: UUID, known: _Known) -> None:
    """Named ballots in the order in which names are read; of a changed one only the last."""
    entered, confirmed = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(
            Ballot.poll_id, Poll.names, Poll.secret, Person.name, Ballot.choice, entered.name, confirmed.name
        )
        .join(Poll, Poll.id == Ballot.poll_id)
        .join(Person, Person.id == Ballot.person_id)
        .outerjoin(entered, entered.id == Ballot.entered_by)
        .outerjoin(confirmed, confirmed.id == Ballot.confirmed_by)
        .where(Poll.meeting_id == meeting, Ballot.replaced_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    for poll, names, secret, name, choice, clerk, second in rows:
        if names and not secret:
            known.ballots[poll].append((name, choice))
        if clerk and second:
            known.entered[poll].setdefault((clerk, second), []).append(name)


async def _read_rolls(reading: Reading, meeting: UUID, known: _Known) -> None:
    """Who was admitted late, and whose ballot was held by whom: a proxy that was void is none."""
    rows = await reading.session.execute(
        select(RollEntry, Person.name)
        .join(Poll, Poll.id == RollEntry.poll_id)
        .join(Person, Person.id == RollEntry.person_id)
        .where(Poll.meeting_id == meeting, Poll.method != Method.HANDS)
        .order_by(Person.sort_key, Person.id)
    )
    rolls: defaultdict[UUID, list[tuple[RollEntry, str]]] = defaultdict(list)
    for row, name in rows:
        rolls[row.poll_id].append((row, name))
    for poll, roll in rolls.items():
        known.admitted[poll] += [name for row, name in roll if row.admitted]
        if any(row.proxy_holder_id for row, _ in roll):
            known.by_proxy[poll] += _by_proxy(roll)


def _by_proxy(roll: Sequence[tuple[RollEntry, str]]) -> list[str]:
    names = {str(row.person_id): name for row, name in roll}
    represented = (
        voter
        for voter in eligible(voter_of(row) for row, _ in roll)
        if not voter.attending and voter.proxy_holder
    )
    return [f"{names[one.person]} ({names[str(one.proxy_holder)]})" for one in represented]
