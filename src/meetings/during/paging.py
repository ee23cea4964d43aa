"""Everyone to page 7: the chair or the presenter pages a paper for those who follow.

Turning a page is no act of the proceedings: it leaves no row in the journal and no new stage number. Where everybody
is stands with the meeting; the packets that tell it carry that whole place, never a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from meetings.before.papers import open_paper
from meetings.before.scheduling import open_to
from meetings.rules.lifecycle import MeetingState
from meetings.rules.names import presents
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading, Work

RUNNING = (MeetingState.IN_SESSION, MeetingState.RECESS)


@dataclass(frozen=True, slots=True)
class Followed:
    """The page that is shown to those who follow, and who shows it."""

    paper: UUID
    page: int
    by: UUID

    def packet(self) -> dict[str, object]:
        """As plain data."""
        return {"paper": str(self.paper), "page": self.page, "by": str(self.by)}


def followed(meeting: Meeting) -> Followed | None:
    """Where everybody is; None while nobody pages for the others."""
    if meeting.followed_paper_id is None or meeting.followed_page is None or meeting.followed_by is None:
        return None
    return Followed(meeting.followed_paper_id, meeting.followed_page, meeting.followed_by)


async def follow_page(work: Work, actor: Actor, meeting: UUID, paper: UUID, page: int) -> Meeting:
    """Show one page of a paper of this meeting to everybody who follows."""
    held = await _paging(work, actor, meeting)
    kept, version, _ = await open_paper(work, actor, paper)
    if kept.meeting_id != meeting or kept.withdrawn_at:
        raise Refused("not-found")
    if not 1 <= page <= max(1, version.pages):
        raise Refused("wrong-input", field="page")
    held.followed_paper_id, held.followed_page, held.followed_by = paper, page, actor.person
    return held


async def stop_paging(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Page for nobody any more: each reads where he or she is."""
    held = await _paging(work, actor, meeting)
    held.followed_paper_id = held.followed_page = held.followed_by = None
    return held


async def may_page(reading: Reading, actor: Actor, meeting: Meeting) -> bool:
    """The chair and the secretary may always, and the presenter of the item in hand, who is known by the name."""
    item = await reading.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    return pages_for_others(actor, meeting, item)


def pages_for_others(actor: Actor, meeting: Meeting, item: Item | None) -> bool:
    """The same with the item in hand at hand."""
    if actor.may(Right.RUN_ROOM, body=meeting.body_id) or actor.may(Right.PREPARE, body=meeting.body_id):
        return True
    return item is not None and presents(actor.name, item.presenter)


async def _paging(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    await open_to(work, actor, meeting)
    held = await work.locked(Meeting, meeting)
    if not await may_page(work, actor, held):
        raise Refused("forbidden")
    if held.state not in RUNNING:
        raise Refused("meeting-not-running")
    return held
