"""The first page after signing in: what comes next for this person."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select, update

from meetings.before.consultation_reading import opinions_owed
from meetings.before.papers import leaves_of, recused_from
from meetings.before.scheduling import meetings_for
from meetings.before.visibility import unseen_items
from meetings.during.attendance import room_of
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import audience_of
from meetings.storage.tables import Body, Meeting, Notification
from meetings.storage.unit_of_work import Reading
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

RUNNING = (MeetingState.IN_SESSION, MeetingState.RECESS)


@get("/", opt={"permission": Right.SIGNED_IN})
async def home(request: MeetingsRequest) -> Response[str]:
    """The meeting now or next, what is new, and the way to one's tasks."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        meetings = await meetings_for(reading, actor, limit=60)
        running = [pair for pair in meetings if pair[0].state in RUNNING]
        coming = sorted(
            (pair for pair in meetings if pair[0].state in (MeetingState.PUBLISHED, MeetingState.DRAFT)),
            key=lambda pair: pair[0].starts_at,
        )
        first = running[0] if running else next(iter(coming), None)
        papers = await _papers(reading, actor, first[0].id) if first else 0
        present = await _presence(reading, actor, *first) if first else None
        owed = await opinions_owed(reading, actor)
        news = (
            await reading.session.scalars(
                select(Notification)
                .where(Notification.person_id == actor.person)
                .order_by(Notification.at.desc())
                .limit(12)
            )
        ).all()
    return page(
        request,
        "home.html",
        running=running,
        coming=coming[:6],
        first=first,
        papers=papers,
        present=present,
        news=news,
        owed=owed,
        actor=actor,
        Right=Right,
    )


async def _papers(reading: Reading, actor: Actor, meeting: UUID) -> int:
    """How many papers of the meeting this person can open."""
    held = await reading.get(Meeting, meeting)
    aside = await recused_from(reading, actor.person, meeting=meeting) | await unseen_items(
        reading, actor, held
    )
    leaves = await leaves_of(reading, meeting, audience_of(actor, held.body_id, meeting))
    return sum(len(papers) for item, papers in leaves.items() if item not in aside)


async def _presence(reading: Reading, actor: Actor, meeting: Meeting, body: Body) -> str | None:
    """The state of attendance of this person; None for somebody without a seat."""
    room = await room_of(reading, meeting, body)
    return next((seat.state.value for seat in room.seats if seat.member.person == actor.person), None)


@post("/notifications/read", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def read_notifications(request: MeetingsRequest) -> Redirect:
    """Mark everything as seen."""
    async with request.house.store.work() as work:
        await work.session.execute(
            update(Notification)
            .where(Notification.person_id == request.actor.person, Notification.read_at.is_(None))
            .values(read_at=work.now)
        )
    return done("/")


@get("/styleguide", opt={"permission": Right.ANYONE}, include_in_schema=False)
async def styleguide(request: MeetingsRequest) -> Response[str]:
    """Every component in every state."""
    return page(request, "styleguide.html")


@get("/styleguide/{name:str}", opt={"permission": Right.ANYONE}, include_in_schema=False)
async def styleguide_frame(request: MeetingsRequest, name: FromPath[str]) -> Response[str]:
    """One whole page as an example."""
    if f"styleguide/{name}.html" not in request.house.renderer.env.list_templates():
        raise Refused("not-found")
    return page(request, f"styleguide/{name}.html")


handlers = [home, read_notifications, styleguide, styleguide_frame]
