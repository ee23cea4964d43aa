"""A meeting's journal to be read: every row with its hash, and whether the chain is whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.papers import unseen_papers
from meetings.before.scheduling import open_to
from meetings.rules.ballot_forms import poll_form
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.polls import names_told, numbers_told
from meetings.rules.rule_data import stored_rule
from meetings.rules.visibility import Audience, audience_of, shows
from meetings.storage.journal import Verdict, verify_chain
from meetings.storage.tables import Agency, Item, JournalRow, Meeting, Person, Poll
from meetings.storage.unit_of_work import Reading

LAST = 2**31 - 1
"""The greatest number that a row can have in the database."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One event. What a poll does not tell yet, or never, is left out of the payload with its salt (`hidden`)."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor: str
    """The name. Empty: the program itself."""
    event: str
    payload: Mapping[str, Any]
    hidden: bool
    payload_hash: str
    hash: str
    unseen: bool = False
    """It is about an item or a paper that this reader does not see: the payload is blank."""


@dataclass(frozen=True, slots=True)
class JournalPart:
    """A stretch of a meeting's journal, with what is needed to tell it: names by id, labels of choices by poll."""

    meeting: Meeting
    lines: tuple[JournalLine, ...]
    names: Mapping[str, str]
    """Persons and agencies that the payloads name by id."""
    choices: Mapping[str, Mapping[str, str]]
    """Poll → code of a choice, or id of an option → its label (a message id, or the option's own words)."""


@dataclass(frozen=True, slots=True)
class MeetingJournal(JournalPart):
    """The same with the word on the whole chain."""

    verdict: Verdict


async def journal_of(
    reading: Reading, actor: Actor, meeting: UUID, *, after: int = 0, limit: int = 500
) -> MeetingJournal:
    """The rows behind number `after`, in order; the chain is recomputed from its beginning each time."""
    after = min(after, LAST)
    held = await open_to(reading, actor, meeting)
    actor.must(Right.READ_JOURNAL, body=held.body_id)
    rows = (
        await reading.session.scalars(
            select(JournalRow)
            .where(JournalRow.chain_id == meeting, JournalRow.seq > after)
            .order_by(JournalRow.seq)
            .limit(limit)
        )
    ).all()
    part = await _part(reading, actor, held, rows)
    verdict = await verify_chain(reading.session, meeting)
    return MeetingJournal(held, part.lines, part.names, part.choices, verdict)


async def newest_acts(reading: Reading, actor: Actor, meeting: UUID, *, limit: int = 40) -> JournalPart:
    """The newest rows first, without single ballots: to be read while the meeting runs. The chain is not checked."""
    held = await open_to(reading, actor, meeting)
    actor.must(Right.READ_JOURNAL, body=held.body_id)
    rows = await reading.session.scalars(
        select(JournalRow)
        .where(JournalRow.chain_id == meeting, JournalRow.event != "BallotCast")
        .order_by(JournalRow.seq.desc())
        .limit(limit)
    )
    return await _part(reading, actor, held, rows.all())


async def _part(reading: Reading, actor: Actor, held: Meeting, rows: Sequence[JournalRow]) -> JournalPart:
    meeting = held.id
    polls = (await reading.session.scalars(select(Poll).where(Poll.meeting_id == meeting))).all()
    silent = frozenset(
        str(poll.id)
        for poll in polls
        if not names_told(
            method=poll.method, disclosure=poll.disclosure, names=poll.names, secret=poll.secret,
            announced=poll.announced_at is not None,
        )
    )  # fmt: skip
    numberless = frozenset(
        str(poll.id)
        for poll in polls
        if not numbers_told(poll.state, poll.disclosure, announced=poll.announced_at is not None)
    )
    inside = is_insider(actor, held.body_id)
    unseen = frozenset(str(poll.id) for poll in polls if poll.opened_at is None and not inside)
    choices = {
        str(poll.id): {
            option.id: option.label
            for option in poll_form(poll.kind, poll.form, stored_rule(poll.rule).choices).options
        }
        for poll in polls
    }
    names = await _names(reading, rows)
    unshown = await _unshown(reading, rows, audience_of(actor, held.body_id, meeting))
    unshown |= frozenset(map(str, await unseen_papers(reading, actor, held)))
    unnamed = frozenset[str]() if inside else await _unpublished(reading, rows)
    lines = tuple(
        _line(row, _withheld(row, silent, numberless, unseen, unnamed), _blank(row, unshown), names)
        for row in rows
    )
    return JournalPart(held, lines, names, choices)


def _line(
    row: JournalRow, withheld: Mapping[str, Any], blank: Mapping[str, Any], names: Mapping[str, str]
) -> JournalLine:
    payload = {**row.payload, **withheld, **blank}
    hidden = bool(withheld or blank)
    return JournalLine(
        seq=row.seq, at=row.at, actor_id=row.actor_id, actor=names.get(str(row.actor_id), ""), event=row.event,
        payload=payload,
        hidden=hidden, payload_hash=row.payload_hash, hash=row.hash, unseen=bool(blank),
    )  # fmt: skip


def _withheld(
    row: JournalRow,
    silent: Collection[str],
    numberless: Collection[str],
    unseen: Collection[str],
    unnamed: Collection[str],
) -> dict[str, Any]:
    """What stands in the place of what a poll does not tell: names beside choices, numbers; unopened, anything.

    A meeting that is not published is not named either.
    """
    if row.payload.get("poll") in unseen:
        return {name: type(value)() for name, value in row.payload.items() if name not in ("poll", "item")}
    match row.event:
        case "BallotCast" | "RollCallAnswered":
            hides = row.payload["poll"] in silent and bool(row.payload["choice"])
            return {"choice": "", "salt": ""} if hides else {}
        case "ItemPostponed":
            hides = row.payload.get("to") in unnamed
            return {"to": "", "to_title": "", "to_starts": "", "to_number": ""} if hides else {}
        case "CastingVoteGiven":
            return {"choice": "", "salt": ""} if row.payload["poll"] in numberless else {}
        case "CountsEntered":
            return {"counts": {}, "salt": ""} if row.payload["poll"] in numberless else {}
        case _:
            return {}


def _blank(row: JournalRow, unshown: Collection[str]) -> dict[str, Any]:
    """Of an item or a paper that this reader does not see the journal tells that something happened, not what."""
    if row.payload.get("item") not in unshown and row.payload.get("paper") not in unshown:
        return {}
    return {name: type(value)() for name, value in row.payload.items() if name != "item"}


async def _unshown(reading: Reading, rows: Sequence[JournalRow], audience: Audience) -> frozenset[str]:
    """The items that are not for this reader; what was taken off a draft is the secretariat's as well."""
    named = frozenset(str(row.payload["item"]) for row in rows if row.payload.get("item"))
    if audience is Audience.INSIDERS or not named:
        return frozenset()
    kept = await reading.session.execute(
        select(Item.id, Item.visibility).where(Item.id.in_([UUID(item) for item in named]))
    )
    return named - {str(item) for item, visibility in kept if shows(visibility, audience)}


async def _unpublished(reading: Reading, rows: Sequence[JournalRow]) -> frozenset[str]:
    """The meetings to which items were put off and which were never published."""
    named = _ids(row.payload.get("to") for row in rows if row.event == "ItemPostponed")
    if not named:
        return frozenset()
    drafts = select(Meeting.id).where(Meeting.id.in_(named), Meeting.published_at.is_(None))
    return frozenset(map(str, await reading.session.scalars(drafts)))


async def _names(reading: Reading, rows: Sequence[JournalRow]) -> dict[str, str]:
    people = {row.actor_id for row in rows if row.actor_id}
    people |= set(_ids(row.payload.get("voter") for row in rows))
    agencies = set(_ids(row.payload.get("lead") for row in rows))
    found = await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {str(person): name for person, name in found}
    if agencies:
        leads = await reading.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agencies)))
        names |= {str(agency): name for agency, name in leads}
    return names


def _ids(texts: Iterable[str | None]) -> list[UUID]:
    return [UUID(text) for text in texts if text]
