"""A poll is prepared: its question, its rule, and how it is to be held. Nothing is opened yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.scheduling import checked_title
from meetings.during.attendance import meeting_day
from meetings.during.motion_polls import must_wait
from meetings.rules.ballot_forms import Kind, kind_of
from meetings.rules.events import PollDrafted
from meetings.rules.lifecycle import MeetingState, PollState
from meetings.rules.majority import check_in_force
from meetings.rules.permissions import Actor, Right, must_be_insider
from meetings.rules.poll_kinds import ballot_paper, rule_for
from meetings.rules.polls import TEST, Disclosure, Method, check_procedure, check_times
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
    kind: str = Kind.MOTION,
    form: object = None,
    method: str = Method.ELECTRONIC,
    disclosure: str = Disclosure.ANNOUNCED,
    names: bool = True,
    changeable: bool = False,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    repeats: Poll | None = None,
) -> Poll:
    """Prepare a poll on an item, usually on its motion. `rule` is a preset's code or a rule object.

    A `kind` with several marks on a ballot brings its `form` (see `rules.ballot_forms`) and is on no motion.

    With `opens_at` and `closes_at` it opens and closes by itself on the word of the chair, who alone may set them.
    """
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    must_be_insider(actor, meeting.body_id)
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)
    asks = kind_of(kind)
    if asks is Kind.TEST:  # those are begun at once, and count for nothing
        raise Refused("test-poll")
    if meeting.group_id:
        raise Refused("group-no-poll")
    paper = ballot_paper(asks, form, motion)
    held_by, told = check_procedure(
        method=method, disclosure=disclosure, secret=secret, changeable=changeable, kind=asks
    )
    if opens_at or closes_at:
        actor.must(Right.RUN_ROOM, body=meeting.body_id)
        check_times(work.now, opens_at, closes_at, held_by)
    body = await work.get(Body, meeting.body_id)
    wanted = rule_for(asks, rule, choices, body.default_rule)
    if not meeting.reference:  # a record of the past was decided under whatever rule it names
        check_in_force(wanted, meeting_day(meeting))
    on = await _motion(work, item, motion)
    count = await work.session.scalar(
        select(func.count()).select_from(Poll).where(Poll.meeting_id == meeting.id, Poll.kind != TEST)
    )
    poll = Poll(
        id=work.new_id(),
        meeting_id=meeting.id,
        item_id=item,
        motion_id=motion,
        number=(count or 0) + 1,
        title=checked_title(title or (on.title if on else under.title)),
        rule=rule_as_data(wanted),
        kind=asks,
        form=paper,
        secret=secret,
        state=PollState.DRAFT,
        cast=0,
        method=held_by,
        disclosure=told,
        names=names,
        changeable=changeable,
        opens_at=opens_at,
        closes_at=closes_at,
        timed_by_id=actor.person if opens_at or closes_at else None,
        repeats_id=repeats.id if repeats else None,
    )
    work.session.add(poll)
    await work.session.flush()
    event = PollDrafted(
        poll=str(poll.id), item=str(item), title=poll.title, rule=poll.rule, secret=secret, method=held_by,
        disclosure=told, names=names, changeable=changeable, repeats=repeats.number if repeats else 0,
    )  # fmt: skip
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
