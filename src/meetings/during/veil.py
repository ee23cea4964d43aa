"""The stage as those see it who are not to hear of internal items: that one is in hand, and nothing of it."""

from __future__ import annotations

from dataclasses import replace

from meetings.before.visibility import unseen_by
from meetings.during.floor import nobody
from meetings.during.stage import Stage, stage_of
from meetings.rules.visibility import Audience
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading


async def stage_for(reading: Reading, meeting: Meeting, audience: Audience, *, title: str = "") -> Stage:
    """The snapshot for an audience. `title` stands in the place of an internal item's title."""
    stage = await stage_of(reading, meeting, insider=audience is Audience.INSIDERS)
    if audience is not Audience.ANYBODY:
        return stage
    unseen = await unseen_by(reading, meeting.id, audience)
    polls = tuple(poll for poll in stage.polls if poll.item not in unseen)
    if stage.item is None or stage.item.id not in unseen:
        return replace(stage, polls=polls)
    return replace(
        stage, item=_unnamed(stage.item, title), polls=polls, floor=nobody(stage.floor.rules), motions=(),
        questions=None,
    )  # fmt: skip


def _unnamed(item: Item, title: str) -> Item:
    """A row that is never written: the number alone."""
    return Item(
        id=item.id, meeting_id=item.meeting_id, number=item.number, title=title, text="", presenter="", urgent=False,
        kind="regular", state=item.state, visibility=item.visibility, position=item.position,
    )  # fmt: skip
