"""A show of hands, or a vote by voice: the secretary enters the counts, a second person confirms them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from meetings.rules.events import CountsConfirmed, CountsEntered, CountsSentBack
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Method, checked_counts
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Meeting, Poll
from meetings.storage.unit_of_work import Work


async def enter_counts(work: Work, actor: Actor, poll: UUID, numbers: Mapping[str, Any]) -> Poll:
    """Write down how many hands each choice had. Entered anew, they replace what nobody has confirmed yet."""
    kept = await _counted(work, actor, poll)
    if (kept.counts or {}).get("confirmed_by"):
        raise Refused("counts-confirmed")
    codes = [choice.code for choice in stored_rule(kept.rule).choices]
    counted = checked_counts(numbers, codes, kept.eligible or 0)
    kept.counts = {
        "numbers": counted,
        "entered_by": str(actor.person),
        "entered_name": actor.name,
        "entered_at": work.now.isoformat(),
    }
    event = CountsEntered(
        poll=str(poll), title=kept.title, counts=counted, entered_name=actor.name, salt=secrets.token_hex(16)
    )
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


async def confirm_counts(
    work: Work, actor: Actor, poll: UUID, *, seen: Mapping[str, int] | None = None
) -> Poll:
    """A second person confirms the counts (`seen`: those that were read, zeros may be left out).

    The chair can close the vote then.
    """
    kept = await _counted(work, actor, poll)
    counts = _waiting(kept)
    if counts["entered_by"] == str(actor.person):
        raise Refused("second-person")
    if seen is not None and _raised(seen) != _raised(counts["numbers"]):
        raise Refused("counts-changed")
    kept.counts = counts | {
        "confirmed_by": str(actor.person),
        "confirmed_name": actor.name,
        "confirmed_at": work.now.isoformat(),
    }
    event = CountsConfirmed(
        poll=str(poll), title=kept.title, entered_name=counts["entered_name"], confirmed_name=actor.name
    )
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


async def send_back_counts(work: Work, actor: Actor, poll: UUID) -> Poll:
    """The counts are not right: they are struck, confirmed or not, and have to be entered again."""
    kept = await _counted(work, actor, poll)
    if not kept.counts:
        raise Refused("counts-none")
    event = CountsSentBack(
        poll=str(poll), title=kept.title, sent_back_name=actor.name, entered_name=kept.counts["entered_name"]
    )
    kept.counts = None
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


def _raised(numbers: Mapping[str, int]) -> dict[str, int]:
    """The choices for which there were hands."""
    return {choice: number for choice, number in numbers.items() if number}


def _waiting(poll: Poll) -> dict[str, Any]:
    if not poll.counts:
        raise Refused("counts-none")
    if poll.counts.get("confirmed_by"):
        raise Refused("counts-confirmed")
    return poll.counts


async def _counted(work: Work, actor: Actor, poll: UUID) -> Poll:
    """An open show of hands, held, for somebody who may write down counts."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.ENTER_BALLOTS, body=meeting.body_id)
    if kept.method != Method.HANDS:
        raise Refused("counts-none")
    if kept.state != PollState.OPEN:
        raise Refused("not-now", state=kept.state)
    return kept
