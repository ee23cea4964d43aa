"""Items leave an agenda that members have (postponed, withdrawn, referred), or come onto it as urgent ones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.agenda import put_item
from meetings.before.papers import Checked, leaves_of
from meetings.before.scheduling import TITLE_LENGTH
from meetings.during.motions import motions_of
from meetings.during.proceedings import let_go, unfinished_poll
from meetings.rules.events import (
    Event,
    ItemContinued,
    ItemPostponed,
    ItemReferred,
    ItemWithdrawn,
    PaperLaid,
    UrgentItemAdded,
)
from meetings.rules.lifecycle import ITEM, MeetingState, MotionState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience
from meetings.storage.tables import Item, Meeting, Paper, PaperVersion
from meetings.storage.unit_of_work import Reading, Work

CHANGING = (MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
"""While an agenda that members have is changed by acts, not by editing."""
NOT_BEGUN = (MeetingState.DRAFT, MeetingState.PUBLISHED)
_PENDING = (MotionState.PROPOSED, MotionState.MOVED, MotionState.UNDECIDED, MotionState.DIVIDED)


async def postpone(work: Work, actor: Actor, item: UUID, *, reason: str = "", to: UUID | None = None) -> Item:
    """Put an item off: to a later meeting of the same body, which gets a continuing item, or without a day.

    The continuing item has the title, text, presenter and time of this one, and its current papers as papers of
    its own. Motions that were not decided stay with this item; the journal names them.
    """
    held, kept, target = await _held(work, actor, item, to)
    if target is not None and not _comes_later(target, held):
        raise Refused("meeting-not-later")
    kept.state = await _set_aside(work, held, kept, "postpone")
    there = await _continue(work, actor, held, kept, target) if target else None
    kept.postponed_to_id = target.id if target else None
    event = ItemPostponed(
        item=str(item),
        number=kept.number,
        title=kept.title,
        reason=reason.strip(),
        to=str(target.id) if target else "",
        to_title=target.title if target else "",
        to_starts=target.starts_local if target else "",
        to_number=there.number if there else "",
        motions=await _pending(work, kept),
    )
    await work.record(actor, event, meeting=held.id)
    return kept


async def withdraw(work: Work, actor: Actor, item: UUID, *, reason: str = "") -> Item:
    """Take an item off the agenda of a published meeting; it stays on it, struck through."""
    held, kept, _ = await _held(work, actor, item)
    kept.state = await _set_aside(work, held, kept, "withdraw")
    event = ItemWithdrawn(item=str(item), number=kept.number, reason=reason.strip())
    await work.record(actor, event, meeting=held.id)
    return kept


async def refer(work: Work, actor: Actor, item: UUID, *, to: str, reason: str) -> Item:
    """Hand an item to a committee or agency, which deals with it first. Needs its name and a reason."""
    held, kept, _ = await _held(work, actor, item)
    whom = " ".join(to.split())
    if not whom:
        raise Refused("field-missing", field="to")
    if len(whom) > TITLE_LENGTH:
        raise Refused("field-long", field="to", limit=TITLE_LENGTH)
    if not reason.strip():
        raise Refused("reason-missing")
    kept.state = await _set_aside(work, held, kept, "refer")
    kept.referred_to = whom
    event: Event = ItemReferred(
        item=str(item),
        number=kept.number,
        title=kept.title,
        to=whom,
        reason=reason.strip(),
        motions=await _pending(work, kept),
    )
    await work.record(actor, event, meeting=held.id)
    return kept


async def add_urgent(
    work: Work,
    actor: Actor,
    meeting: UUID,
    *,
    title: str,
    reason: str,
    text: str = "",
    presenter: str = "",
    minutes_planned: int | None = None,
    after: UUID | None = None,
) -> Item:
    """The chair puts an item onto an agenda that members have, behind `after` or behind the item in hand.

    It gets a letter (1a) and a mark; every other number stays. Needs a reason, which the journal keeps.
    """
    held = await work.locked(Meeting, meeting)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    if held.state not in CHANGING:
        raise Refused("not-now", state=held.state)
    if not reason.strip():
        raise Refused("reason-missing")
    item = await put_item(
        work, held, title=title, text=text, presenter=presenter, minutes_planned=minutes_planned,
        after=after or held.current_item_id or await _last_begun(work, meeting), urgent=True,
    )  # fmt: skip
    event = UrgentItemAdded(item=str(item.id), number=item.number, title=item.title, reason=reason.strip())
    await work.record(actor, event, meeting=meeting)
    return item


async def later_meetings(reading: Reading, meeting: Meeting) -> Sequence[Meeting]:
    """Meetings of the same body to which an item can be postponed, the nearest first."""
    query = (
        select(Meeting)
        .where(
            Meeting.body_id == meeting.body_id,
            Meeting.state.in_(NOT_BEGUN),
            Meeting.starts_at > meeting.starts_at,
            Meeting.id != meeting.id,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return (await reading.session.scalars(query)).all()


async def _held(
    work: Work, actor: Actor, item: UUID, to: UUID | None = None
) -> tuple[Meeting, Item, Meeting | None]:
    """The meeting, the item, and the meeting it goes to, locked in one order whoever acts.

    Until the meeting is called to order the secretary may act, too; from then on the agenda is the chair's.
    """
    here = (await work.get(Item, item)).meeting_id
    locked = {one: await work.locked(Meeting, one) for one in sorted({here, to or here})}
    held = locked[here]
    prepares = held.state == MeetingState.PUBLISHED and actor.may(Right.PREPARE, body=held.body_id)
    if not prepares:
        actor.must(Right.RUN_ROOM, body=held.body_id)
    if held.state not in CHANGING:
        raise Refused("not-now", state=held.state)
    return held, await work.locked(Item, item), locked[to] if to else None


def _comes_later(target: Meeting, held: Meeting) -> bool:
    return (
        target.body_id == held.body_id
        and target.id != held.id
        and target.state in NOT_BEGUN
        and target.starts_at > held.starts_at
    )


async def _set_aside(work: Work, held: Meeting, kept: Item, act: str) -> str:
    state = next_state(ITEM, kept.state, act)
    if await unfinished_poll(work, held.id, kept.id):
        raise Refused("item-open-poll")
    let_go(work, held, kept)
    return state


async def _pending(work: Work, item: Item) -> list[str]:
    return [
        motion.title
        for motion in await motions_of(work, item.meeting_id)
        if motion.item_id == item.id and motion.state in _PENDING
    ]


async def _continue(work: Work, actor: Actor, held: Meeting, kept: Item, target: Meeting) -> Item:
    item = await put_item(
        work, target, title=kept.title, text=kept.text, presenter=kept.presenter,
        minutes_planned=kept.minutes_planned, continues=kept.id,
    )  # fmt: skip
    item.kind = kept.kind
    event = ItemContinued(
        item=str(item.id),
        number=item.number,
        title=item.title,
        from_item=str(kept.id),
        from_number=kept.number,
        from_meeting=str(held.id),
        from_title=held.title,
    )
    await work.record(actor, event, meeting=target.id)
    await _carry_papers(work, actor, kept, item)
    return item


async def _carry_papers(work: Work, actor: Actor, kept: Item, item: Item) -> None:
    """The newest version of each paper becomes the first version of a paper there; the file is the same."""
    leaves = (await leaves_of(work, kept.meeting_id, Audience.INSIDERS)).get(kept.id, [])
    for position, leaf in enumerate(leaves):
        paper = Paper(
            id=work.new_id(), meeting_id=item.meeting_id, item_id=item.id, position=position, title=leaf.title,
            level=leaf.access.level, readers=leaf.access.readers, download=leaf.access.download,
            shown_from=leaf.access.shown_from, shown_until=leaf.access.shown_until,
        )  # fmt: skip
        work.session.add(paper)
        await work.session.flush()
        newest = select(PaperVersion).where(
            PaperVersion.paper_id == leaf.paper, PaperVersion.number == leaf.version
        )
        file = Checked.of((await work.session.scalars(newest)).one())
        version = PaperVersion(
            id=work.new_id(),
            paper_id=paper.id,
            number=1,
            laid_by=actor.person,
            laid_at=work.now,
            **file.columns,
        )
        work.session.add(version)
        await work.session.flush()
        event = PaperLaid(
            item=str(item.id), paper=str(paper.id), title=paper.title, version=1, sha256=leaf.sha256
        )
        await work.record(actor, event, meeting=item.meeting_id)


async def _last_begun(work: Work, meeting: UUID) -> UUID | None:
    latest = select(func.max(Item.taken_up_at)).where(Item.meeting_id == meeting).scalar_subquery()
    query = select(Item.id).where(Item.meeting_id == meeting, Item.taken_up_at == latest)
    return await work.session.scalar(query.limit(1))
