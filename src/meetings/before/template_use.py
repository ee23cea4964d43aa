"""A new meeting from a template: its facts, its title, its agenda and guests, all at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.agenda import add_item
from meetings.before.guests import invite_guests
from meetings.before.meeting_templates import open_template
from meetings.before.scheduling import checked_title, local_start, schedule_meeting
from meetings.before.template_items import (
    agenda_of_template,
    guests_of_template,
    motions_of,
)
from meetings.rules.events import TemplateUsed
from meetings.rules.lifecycle import MeetingState
from meetings.rules.meeting_templates import must_be_known, titled
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    Meeting,
)
from meetings.storage.unit_of_work import Reading, Work


async def schedule_from_template(
    work: Work, actor: Actor, template: UUID, *, starts: str, series: UUID | None = None
) -> Meeting:
    """A draft as the template says, on that local day and hour (`2026-11-25T08:00`)."""
    row = await open_template(work, actor, template)
    start = local_start(starts)
    end = start + timedelta(minutes=row.minutes) if row.minutes else None
    meeting = await schedule_meeting(
        work, actor, body=row.body_id, title=await title_for(work, row.body_id, row.kind, row.title, start),
        starts=starts, ends=end.isoformat(timespec="minutes") if end else "", place=row.place, room=row.room_id,
        kind=row.kind, public=row.public, series=series,
    )  # fmt: skip
    await fill_agenda(work, actor, meeting, row.id)
    return meeting


async def fill_agenda(work: Work, actor: Actor, meeting: Meeting, template: UUID) -> None:
    """Give an empty draft the agenda and the guests of a template of its body; motions follow (see `life`)."""
    row = await open_template(work, actor, template)
    if row.body_id != meeting.body_id:
        raise Refused("template-body")
    made: dict[UUID, UUID] = {}
    motions: list[dict[str, Any]] = []
    agenda = await agenda_of_template(work, template)
    for one in agenda:
        kept = one.row
        item = await add_item(
            work, actor, meeting.id, title=kept.title, text=kept.text, presenter=kept.presenter,
            minutes_planned=kept.minutes_planned, parent=made[kept.parent_id] if kept.parent_id else None,
            kind=kept.kind, visibility=kept.visibility,
        )  # fmt: skip
        made[kept.id] = item.id
        motions += [
            {
                "item": str(item.id),
                "title": preset.title or kept.title,
                "kind": preset.kind,
                "rule": preset.rule,
                "secret": preset.secret,
            }
            for preset in motions_of(kept)
        ]
        if kept.guests:
            await invite_guests(work, actor, meeting.id, guests_of_template(kept), item=item.id)
    if row.guests:
        await invite_guests(work, actor, meeting.id, guests_of_template(row))
    event = TemplateUsed(template=str(template), template_name=row.name, items=len(agenda), motions=motions)
    await work.record(actor, event, meeting=meeting.id)


async def title_for(reading: Reading, body: UUID, kind: str, title: str, start: datetime) -> str:
    """A title with its placeholders filled; the number counts the body's meetings of this kind in the year so far."""
    zone = ZoneInfo((await reading.get(Body, body)).timezone)
    begun = datetime(start.year, 1, 1, tzinfo=zone).astimezone(UTC)
    before = await reading.session.scalar(
        select(func.count())
        .select_from(Meeting)
        .where(
            Meeting.body_id == body, Meeting.kind == kind, Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at >= begun, Meeting.starts_at < start.replace(tzinfo=zone).astimezone(UTC),
        )
    )  # fmt: skip
    return titled(must_be_known(checked_title(title)), start.date(), (before or 0) + 1)
