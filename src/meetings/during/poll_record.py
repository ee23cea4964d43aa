"""One poll to be read: as far as its disclosure allows, and after the announcement its whole record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.before.scheduling import open_to
from meetings.before.visibility import must_see_item
from meetings.during.counting import ballots_of, choice_of
from meetings.during.roll import voter_of
from meetings.during.stage import StagePoll, as_stage_polls
from meetings.rules.ballot_forms import ONE_CHOICE, Kind
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, is_insider
from meetings.rules.polls import Method
from meetings.rules.recount import FORMAT
from meetings.rules.refusals import Refused
from meetings.rules.roll import Participation, participation
from meetings.storage.tables import Ballot, Body, Item, Meeting, Person, Poll, RollEntry
from meetings.storage.unit_of_work import Reading


async def open_poll_to(reading: Reading, actor: Actor, poll: UUID) -> tuple[Poll, Meeting, StagePoll]:
    """The poll if the actor may see it, and what of it is disclosed; otherwise `not-found`."""
    kept = await reading.get(Poll, poll)
    meeting = await open_to(reading, actor, kept.meeting_id)
    await must_see_item(reading, actor, kept.item_id)
    insider = is_insider(actor, meeting.body_id)
    if kept.opened_at is None and not insider:
        raise Refused("not-found")
    (shown,) = await as_stage_polls(reading, [kept], insider=insider)
    return kept, meeting, shown


async def record_of_poll(reading: Reading, actor: Actor, poll: UUID) -> dict[str, Any]:
    """Everything that is needed to count an announced poll again, offline (see `rules.recount`).

    A named poll gives every ballot with its receipt, without names where they are not told; a show of hands its counts
    with the two persons who stand for them; a secret poll only sums.
    """
    kept, meeting, _ = await open_poll_to(reading, actor, poll)
    if kept.state != PollState.ANNOUNCED:
        raise Refused("not-now", state=kept.state)
    body = await reading.get(Body, meeting.body_id)
    item = await reading.get(Item, kept.item_id)
    roll = await _roll(reading, kept)
    took_part = await _participation(reading, kept, [row for row, _ in roll])
    tally, outcome, imported = kept.tally or {}, kept.outcome or {}, kept.result_imported or {}
    record: dict[str, Any] = {
        "format": FORMAT,
        "poll": str(kept.id),
        "body": body.name,
        "meeting": {"id": str(meeting.id), "title": meeting.title, "starts": meeting.starts_local},
        "item": {"id": str(item.id), "number": item.number, "title": item.title},
        "number": kept.number,
        "title": kept.title,
        "secret": kept.secret,
        "kind": kept.kind,
        "form": kept.form,
        "round": kept.round,
        "method": kept.method,
        "names": kept.names,
        "changeable": kept.changeable,
        "closes_at": _told(kept.closes_at),
        "repeats": str(kept.repeats_id) if kept.repeats_id else None,
        "rule": kept.rule,
        "seats": kept.seats,
        "in_office": kept.in_office,
        "present_open": kept.present_open,
        "present_close": kept.present_close,
        "eligible": kept.eligible,
        "eligible_weight": kept.eligible_weight,
        "chair": str(kept.chair_id) if kept.chair_id else None,
        "casting_vote": kept.casting_choice or imported.get("casting_vote"),
        "opened_at": _told(kept.opened_at),
        "closed_at": _told(kept.closed_at),
        "announced_at": _told(kept.announced_at),
        "roll": [_line(row, name) | _own_part(kept, row, took_part) for row, name in roll],
        "participation": _sums_of(kept, took_part),
        "tally": tally,
        "outcome": outcome,
    }
    if kept.secret:
        return record | await _sums(reading, kept, tally)
    if kept.method == Method.HANDS:
        counts = kept.counts or {}
        told = {name: counts.get(name) for name in ("entered_name", "confirmed_name", "confirmed_at")}
        return record | {"ballots": [], "counts": counts.get("numbers", {}), "counted": told}
    ballots = await _ballots(reading, kept)
    if kept.names:
        return record | {"ballots": ballots}
    if str(outcome.get("reason", "")).startswith("tie-chair"):
        record["casting_vote"] = kept.casting_choice or await choice_of(reading, kept, kept.chair_id)
    nameless = sorted((one["choice"], one["weight"]) for one in ballots)
    return record | {"ballots": [{"choice": choice, "weight": weight} for choice, weight in nameless]}


def _sums_of(poll: Poll, took_part: dict[str, Participation]) -> dict[str, int]:
    """How many voted, did not vote, were absent; raised hands are only counted, so who they were is not known."""
    sums = {state.value: Counter(took_part.values())[state] for state in Participation}
    if poll.method == Method.HANDS and poll.tally:
        sums |= {"cast": poll.tally["cast"], "not_cast": poll.tally["not_cast"]}
    return sums


async def _sums(reading: Reading, poll: Poll, tally: dict[str, Any]) -> dict[str, Any]:
    """A secret poll tells only how often each option was taken.

    Whole ballots would let a voter be recognised by an agreed pattern of marks, so they are told only where nothing
    less can be counted again: of a ranked poll, equal ones together.
    """
    sums: dict[str, Any] = {"totals": dict(tally.get("heads", {}))}
    if poll.kind in ONE_CHOICE:
        return sums
    sums |= {"returned": tally["cast"], "blank": tally["blank"]}
    if poll.kind == Kind.RANKED:
        papers = Counter(choice for choice, _ in await ballots_of(reading, poll))
        sums["papers"] = [{"choice": choice, "count": papers[choice]} for choice in sorted(papers)]
    return sums


async def _participation(reading: Reading, poll: Poll, roll: Sequence[RollEntry]) -> dict[str, Participation]:
    """Who voted, who was there and did not, who was absent; polls from a book have ballots without receipts."""
    voted = {str(row.person_id) for row in roll if row.receipt}
    if not poll.secret:
        ballots = await reading.session.scalars(select(Ballot.person_id).where(Ballot.poll_id == poll.id))
        voted |= {str(person) for person in ballots}
    return participation([voter_of(row) for row in roll], voted)


def _own_part(poll: Poll, row: RollEntry, took_part: dict[str, Participation]) -> dict[str, str]:
    """Of a secret poll only the sums are told: not even who did not vote. Raised hands have no names."""
    return (
        {}
        if poll.secret or poll.method == Method.HANDS
        else {"participation": took_part[str(row.person_id)].value}
    )


async def _roll(reading: Reading, poll: Poll) -> Sequence[tuple[RollEntry, str]]:
    rows = await reading.session.execute(
        select(RollEntry, Person.name)
        .join(Person, Person.id == RollEntry.person_id)
        .where(RollEntry.poll_id == poll.id)
        .order_by(Person.sort_key, Person.id)
    )
    return rows.all()


def _line(row: RollEntry, name: str) -> dict[str, Any]:
    return {
        "person": str(row.person_id),
        "name": name,
        "weight": row.weight,
        "present": row.present,
        "remote": row.remote,
        "recused": row.recused,
        "admitted": row.admitted,
        "proxy_holder": str(row.proxy_holder_id) if row.proxy_holder_id else None,
        "seat_of": str(row.seat_of_id) if row.seat_of_id else None,
    }


async def _ballots(reading: Reading, poll: Poll) -> list[dict[str, Any]]:
    entered, confirmed = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(Ballot, RollEntry.receipt, entered.name, confirmed.name)
        .join(Person, Person.id == Ballot.person_id)
        .outerjoin(entered, entered.id == Ballot.entered_by)
        .outerjoin(confirmed, confirmed.id == Ballot.confirmed_by)
        .outerjoin(
            RollEntry, (RollEntry.poll_id == Ballot.poll_id) & (RollEntry.person_id == Ballot.person_id)
        )
        .where(Ballot.poll_id == poll.id, Ballot.replaced_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [
        {
            "person": str(ballot.person_id),
            "choice": ballot.choice,
            "weight": ballot.weight,
            "receipt": receipt or "",
            "cast_at": _told(ballot.cast_at),
            "revision": ballot.revision,
        }
        | ({"entered_by": clerk, "confirmed_by": second} if clerk else {})
        for ballot, receipt, clerk, second in rows
    ]


def _told(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
