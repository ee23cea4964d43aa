"""An election that one count does not end: lots after a tie, and the next round."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from meetings.during.chairs_acts import goes_on
from meetings.during.counting import count_poll
from meetings.during.drafting import draft_poll
from meetings.rules.events.elections import LotsDrawn
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Meeting, Poll
from meetings.storage.unit_of_work import Work

TIED: frozenset[str] = frozenset(
    {"election-lots", "election-lots-none", "another-round-tie", "another-round-tie-none"}
)
"""Outcomes that lots can settle, by their reason."""


async def draw_lots(work: Work, actor: Actor, poll: UUID, drawn: Collection[str]) -> Poll:
    """Record whom the lots have given the last places to, before the outcome is announced; then it is counted anew.

    Refused where there is no tie (`lots-not-asked`), or when the names are not as many of the tied as there are
    places (`lots-wrong`).
    """
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    outcome = kept.outcome or {}
    if kept.state != PollState.CLOSED:
        raise Refused("not-now", state=kept.state)
    if outcome.get("reason") not in TIED:
        raise Refused("lots-not-asked")
    tied = [line for line in outcome["lines"] if line["tied"]]
    places, chosen = int(outcome["facts"]["open"]), set(drawn)
    if len(chosen) != places or not chosen <= {line["id"] for line in tied}:
        raise Refused("lots-wrong", count=places)
    kept.tally = (kept.tally or {}) | {"lots": sorted(chosen)}
    kept.tally, kept.outcome = await count_poll(work, kept, stored_rule(kept.rule))
    event = LotsDrawn(
        poll=str(poll), item=str(kept.item_id), title=kept.title,
        tied=", ".join(line["label"] for line in tied),
        drawn=", ".join(line["label"] for line in tied if line["id"] in chosen),
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def draft_next_round(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Prepare the next round of an announced election that left places open, with those whom it concerns."""
    before = await work.locked(Poll, poll)
    following = (before.outcome or {}).get("next_form")
    if before.state != PollState.ANNOUNCED or not following or await goes_on(work, poll):
        raise Refused("not-now", state=before.state)
    drafted = await draft_poll(
        work, actor, before.item_id, title=before.title, rule=before.rule, secret=before.secret, kind=before.kind,
        form=following, disclosure=before.disclosure, names=before.names, changeable=before.changeable, repeats=before,
    )  # fmt: skip
    drafted.round = before.round + 1
    return drafted
