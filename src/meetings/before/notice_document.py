"""The notice as it is printed for one reader: whom it invites, and the items that this reader sees."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.before.agenda import agenda_of
from meetings.before.guests import Visit
from meetings.before.notice import last_notice
from meetings.before.scheduling import open_to
from meetings.before.session_names import full_title
from meetings.before.visibility import unseen_items
from meetings.language import N_, gettext, in_language, text
from meetings.pdf.notice import NoticeDocument
from meetings.rules.permissions import Actor, Role
from meetings.rules.refusals import Refused
from meetings.rules.replies import reply_by
from meetings.storage.tables import Body, Item, Meeting, Person, Reply, RoleGrant
from meetings.storage.unit_of_work import Reading

MEMBERS = N_("the members of {body}")
CHAIR = N_("Chair")
CODE = "GM"


async def notice_for(reading: Reading, actor: Actor, meeting: Meeting) -> NoticeDocument:
    """The notice for somebody who sees the meeting: by name for a member who is asked to come."""
    await open_to(reading, actor, meeting.id)
    unseen = await unseen_items(reading, actor, meeting)
    items = [item for item in await agenda_of(reading, meeting.id) if item.id not in unseen]
    name = await reading.session.scalar(
        select(Person.name)
        .join(Reply, Reply.person_id == Person.id)
        .where(Reply.meeting_id == meeting.id, Person.id == actor.person)
    )
    return await _document(reading, meeting, name or "", items)


async def notice_for_guest(reading: Reading, seen: Visit) -> NoticeDocument:
    """The notice for a guest, with the items that this guest sees."""
    invited = ", ".join(filter(None, (seen.guest.name, seen.guest.post)))
    return await _document(reading, seen.meeting, invited, list(seen.items))


async def _document(reading: Reading, meeting: Meeting, invited: str, items: list[Item]) -> NoticeDocument:
    """Refused (`not-found`) before the notice was sent."""
    notice = await last_notice(reading, meeting.id)
    if notice is None:
        raise Refused("not-found")
    body = await reading.get(Body, meeting.body_id)
    zone = ZoneInfo(meeting.timezone)
    chair = await reading.session.scalar(
        select(Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.body_id == body.id, RoleGrant.role == Role.CHAIR)
        .order_by(Person.sort_key)
        .limit(1)
    )
    with in_language(body.language):
        members = text(MEMBERS, body=body.name)
        post = body.chair_title or gettext(CHAIR)
    return NoticeDocument(
        issuing_body=body.name,
        superior_body=body.superior,
        symbol=f"{CODE}-{body.symbol}" if body.symbol else CODE,
        meeting_name=await full_title(reading, meeting),
        invited=invited or members,
        chair=", ".join(filter(None, (chair or "", body.chair_title))) if chair else "",
        starts=datetime.fromisoformat(meeting.starts_local).replace(tzinfo=zone),
        ends=datetime.fromisoformat(meeting.ends_local).replace(tzinfo=zone) if meeting.ends_local else None,
        place=meeting.place,
        issued=notice.at.astimezone(zone),
        agenda=tuple(f"{item.number}. {item.title}" for item in items if item.parent_id is None),
        reply_by=None
        if notice.kind == "cancel"
        else reply_by(notice.at, meeting.starts_at).astimezone(zone).replace(second=0, microsecond=0),
        signer_post=(post,),
        signer=chair or "",
        cancelled=notice.kind == "cancel",
        language=body.language if body.language in ("vi", "en") else "vi",
    )
