"""The motions of a template come onto the agenda that is made from it, each with its poll prepared."""

from __future__ import annotations

from uuid import UUID

from meetings.during.drafting import draft_poll
from meetings.during.motions import move_motion
from meetings.rules.events import TemplateUsed
from meetings.rules.permissions import Actor
from meetings.storage.unit_of_work import Work


async def put_motions(work: Work, actor: Actor | None, event: TemplateUsed) -> None:
    """Consequence of using a template: its secretary would have put each of them by hand."""
    if actor is None:
        return
    for preset in event.motions:
        item = UUID(preset["item"])
        motion = await move_motion(work, actor, item, title=preset["title"], kind=preset["kind"])
        if preset["rule"]:
            await draft_poll(
                work, actor, item, motion=motion.id, rule=preset["rule"], secret=preset["secret"]
            )
