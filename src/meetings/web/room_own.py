"""One person's part of the room beside the ballot: the floor, motions, questions, standing aside, showing pages.

It is one region with one address, so that a change costs a full room one question of each tablet and not six.
"""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from meetings.before.papers import leaves_of
from meetings.before.scheduling import open_to
from meetings.during.paging import RUNNING, followed, may_page
from meetings.during.recusals import is_recused
from meetings.rules.permissions import Actor, Right
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.floor_own import own_floor
from meetings.web.motions import own_motions
from meetings.web.question_views import own_questions, own_slips
from meetings.web.render import fragment
from meetings.web.request import MeetingsRequest
from meetings.web.standing_in import own_standing

OWN = "during/room_own.html"


@get("/meetings/{meeting:uuid}/room/own", opt={"permission": Right.ATTEND})
async def room_own(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """All of it, fetched anew when something changes. It holds the forms' token, so it is never kept."""
    return await own_answer(request, meeting)


async def own_answer(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    """The answer to an act from the room as well."""
    async with request.house.store.reading() as reading:
        own = await own_part(reading, request.actor, await open_to(reading, request.actor, meeting))
    return fragment(request, OWN, meeting=meeting, **own)


async def own_part(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """What each part of the work shows to one person."""
    own = await own_floor(reading, actor, meeting)
    own |= await own_motions(reading, actor, meeting)
    own |= await own_questions(reading, actor, meeting)
    own |= await own_slips(reading, actor, meeting)
    own |= await own_standing(reading, actor, meeting)
    own |= await _paging(reading, actor, meeting)
    standing = own["standing"]
    free = standing and not standing["given"] and not standing["held"]
    return own | {
        "may_stand_aside": bool(standing and standing["open_items"]),
        "may_give_proxy": bool(free and standing["may_proxy"] and standing["holders"]),
        "my_votes": actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id),
    }


async def _paging(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """The papers of the item in hand, for whoever may page them for the others."""
    item = meeting.current_item_id
    pages = meeting.state in RUNNING and item and await may_page(reading, actor, meeting)
    if pages and item and await is_recused(reading, item, actor.person):
        pages = False
    shown = (await leaves_of(reading, meeting.id)).get(item, []) if pages and item else []
    return {
        "paging_leaves": shown,
        "paging_choices": [(str(leaf.paper), leaf.title) for leaf in shown],
        "paging_now": followed(meeting),
        "paging_person": str(actor.person),
    }


handlers = [room_own]
