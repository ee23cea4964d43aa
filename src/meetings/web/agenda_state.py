"""What a meeting's own page says about the changes of its agenda."""

from dataclasses import dataclass

from meetings.before.supplements import has_read, supplements_of
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class AgendaState:
    """What a meeting's own page says about the changes of its agenda."""

    last: int
    """The newest supplement that was told; 0: none."""
    read: bool
    """Whether this member confirmed having read it; nobody else is asked."""
    collected: int
    """The supplement that is being collected; 0: nothing changed since."""
    frozen: bool


async def agenda_state(reading: Reading, actor: Actor, meeting: Meeting) -> AgendaState | None:
    """The state of the agenda for this person; None while there is nothing to say."""
    if meeting.published_at is None or meeting.state == MeetingState.CANCELLED or meeting.reference:
        frozen = meeting.agenda_frozen_at is not None and is_insider(actor, meeting.body_id)
        return AgendaState(0, True, 0, frozen) if frozen else None
    views = await supplements_of(reading, actor, meeting)
    last = max((view.number for view in views if view.issued), default=0)
    published = meeting.state == MeetingState.PUBLISHED
    read = True
    if published and actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id):
        read = await has_read(reading, meeting.id, actor.person, last)
    collected = views[0].number if published and views and views[0].issued is None else 0
    return AgendaState(last, read, collected, meeting.agenda_frozen_at is not None)
