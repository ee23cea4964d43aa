"""A meeting is copied: its agenda, guests and times for another day, and its papers by reference where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.before.agenda import add_item
from meetings.before.guests import GUESTS_AT_ONCE, invite_guests
from meetings.before.papers import Checked, put_paper
from meetings.before.scheduling import local_start, schedule_meeting
from meetings.before.template_saving import guests_by_item, items_to_repeat
from meetings.rules.events import MeetingCopied
from meetings.rules.permissions import Actor, Right
from meetings.storage.tables import Item, Meeting, Paper, PaperVersion
from meetings.storage.unit_of_work import Reading, Work


async def copy_meeting(
    work: Work,
    actor: Actor,
    source: UUID,
    *,
    starts: str,
    ends: str | None = None,
    title: str | None = None,
    place: str | None = None,
    room: UUID | str | None = None,
    public: bool | None = None,
    papers: bool = False,
) -> Meeting:
    """A new draft of the same body with the agenda and guests of a meeting; what is None is as it was there.

    The length stays when `ends` is None; an empty `ends` or `room` is none. What happened there stays there:
    attendance, motions and polls, minutes, supplements, and the items that were on the agenda for once.
    """
    old = await open_source(work, actor, source)
    meeting = await schedule_meeting(
        work, actor, body=old.body_id, title=old.title if title is None else title, starts=starts, kind=old.kind,
        ends=_ends(old, starts) if ends is None else ends, place=old.place if place is None else place,
        room=old.room_id if room is None else room if isinstance(room, UUID) else None,
        public=old.public if public is None else public,
    )  # fmt: skip
    items = await items_to_repeat(work, source)
    made = await _copy_items(work, actor, meeting.id, items)
    for item, guests in (await guests_by_item(work, source)).items():
        if item is None or item in made:
            about = made[item].id if item else None
            for first in range(0, len(guests), GUESTS_AT_ONCE):
                await invite_guests(
                    work, actor, meeting.id, guests[first : first + GUESTS_AT_ONCE], item=about
                )
    laid = await _copy_papers(work, actor, made) if papers else 0
    event = MeetingCopied(source=str(source), source_title=old.title, items=len(made), papers=laid)
    await work.record(actor, event, meeting=meeting.id)
    return meeting


async def open_source(reading: Reading, actor: Actor, source: UUID) -> Meeting:
    """The meeting to be copied, for who prepares meetings of its body."""
    old = await reading.get(Meeting, source)
    actor.must(Right.PREPARE, body=old.body_id)
    return old


async def origins_of(reading: Reading, meeting: UUID) -> dict[UUID, Meeting]:
    """The meeting that each copied paper of this one came from."""
    earlier = aliased(Paper)
    rows = await reading.session.execute(
        select(Paper.id, Meeting)
        .join(earlier, earlier.id == Paper.copied_from_id)
        .join(Meeting, Meeting.id == earlier.meeting_id)
        .where(Paper.meeting_id == meeting)
    )
    return {row[0]: row[1] for row in rows}


async def _copy_items(work: Work, actor: Actor, meeting: UUID, items: Sequence[Item]) -> dict[UUID, Item]:
    """The new items by the old ones."""
    made: dict[UUID, Item] = {}
    for item in items:
        made[item.id] = await add_item(
            work, actor, meeting, title=item.title, text=item.text, presenter=item.presenter,
            minutes_planned=item.minutes_planned, parent=made[item.parent_id].id if item.parent_id else None,
            kind=item.kind, visibility=item.visibility,
        )  # fmt: skip
    return made


async def _copy_papers(work: Work, actor: Actor, made: dict[UUID, Item]) -> int:
    """The newest version of each paper, as the same file; each says which paper it came from.

    Papers that were open for a time only are not opened anew by a copy.
    """
    rows = await work.session.execute(
        select(Paper, PaperVersion)
        .join(PaperVersion, PaperVersion.paper_id == Paper.id)
        .where(
            Paper.item_id.in_(made), Paper.withdrawn_at.is_(None), Paper.shown_from.is_(None),
            Paper.shown_until.is_(None),
        )
        .order_by(Paper.position, Paper.id, PaperVersion.number)
    )  # fmt: skip
    newest = {paper.id: (paper, version) for paper, version in rows}
    for paper, version in newest.values():
        laid = await put_paper(work, actor, made[paper.item_id], Checked.of(version), title=paper.title)
        copy = await work.get(Paper, laid.paper_id)
        copy.level, copy.readers, copy.download = paper.level, paper.readers, paper.download
        copy.copied_from_id = paper.id
    await work.session.flush()
    return len(newest)


def _ends(old: Meeting, starts: str) -> str:
    """The planned end after the length of the old meeting."""
    if not old.ends_local:
        return ""
    length = datetime.fromisoformat(old.ends_local) - datetime.fromisoformat(old.starts_local)
    return (local_start(starts) + length).isoformat(timespec="minutes")
