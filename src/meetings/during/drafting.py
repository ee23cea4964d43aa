"""A poll is prepared: its question, its rule, and how it is to be held. Nothing is opened yet."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from meetings.before.scheduling import checked_title
from meetings.during.attendance import meeting_day
from meetings.during.motion_polls import must_wait
from meetings.rules.events import PollDrafted
from meetings.rules.lifecycle import MeetingState, PollState
from meetings.rules.majority import check_in_force, rule_from
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import rule_as_data
from meetings.storage.tables import Body, Item, Meeting, Motion, Poll
from meetings.storage.unit_of_work import Work


async def draft_poll(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    title: str = "",
    motion: UUID | None = None,
    rule: object = None,
    choices: object = None,
    secret: bool = False,
) -> Poll:
    """Prepare a poll on an item, usually on its motion. `rule` is a preset's code or a rule object."""
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    _must_run_or_prepare(actor, meeting)
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)
    body = await work.get(Body, meeting.body_id)
    wanted = rule_from(rule or body.default_rule, choices)
    if not meeting.reference:  # a record of the past was decided under whatever rule it names
        check_in_force(wanted, meeting_day(meeting))
    on = await _motion(work, item, motion)
    count = await work.session.scalar(
        select(func.count()).select_from(Poll).where(Poll.meeting_id == meeting.id)
    )
    poll = Poll(
        id=work.new_id(),
        meeting_id=meeting.id,
        item_id=item,
        motion_id=motion,
        number=(count or 0) + 1,
        title=checked_title(title or (on.title if on else under.title)),
        rule=rule_as_data(wanted),
        secret=secret,
        state=PollState.DRAFT,
        cast=0,
    )
    work.session.add(poll)
    await work.session.flush()
    event = PollDrafted(poll=str(poll.id), item=str(item), title=poll.title, rule=poll.rule, secret=secret)
    await work.record(actor, event, meeting=meeting.id)
    return poll


async def _motion(work: Work, item: UUID, motion: UUID | None) -> Motion | None:
    if motion is None:
        return None
    on = await work.session.get(Motion, motion)
    if on is None or on.item_id != item:
        raise Refused("motion-unknown")
    must_wait(on)
    return on


def _must_run_or_prepare(actor: Actor, meeting: Meeting) -> None:
    if not (
        actor.may(Right.RUN_ROOM, body=meeting.body_id) or actor.may(Right.PREPARE, body=meeting.body_id)
    ):
        raise Refused("forbidden")
