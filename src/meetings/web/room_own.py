"""One person's part of the room beside the ballot: the floor, motions, questions, standing aside, showing pages.

It is one region with one address, so that a change costs a full room one question of each tablet and not six.
"""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from meetings.during.own_room import OwnPart
from meetings.during.paging import RUNNING, followed, pages_for_others
from meetings.rules.permissions import Actor, Right
from meetings.rules.visibility import audience_of
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
    """The answer to an act from the room as well. The act is committed before: no connection waits for another."""
    part = await request.house.rooms.part(request.actor, meeting)
    return fragment(request, OWN, meeting=meeting, **own_part(part, request.actor))


def own_part(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """What each part of the work shows to one person."""
    meeting = part.meeting
    own = own_floor(part, actor) | own_motions(part, actor) | own_questions(part, actor)
    own |= own_slips(part, actor) | own_standing(part, actor) | _paging(part, actor)
    standing = own["standing"]
    free = standing and not standing["given"] and not standing["held"]
    return own | {
        "may_stand_aside": bool(standing and standing["open_items"]),
        "may_give_proxy": bool(free and standing["may_proxy"] and standing["holders"]),
        "my_votes": actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id),
    }


def _paging(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """The papers of the item in hand, for whoever may page them for the others."""
    meeting, facts = part.meeting, part.facts
    pages = meeting.state in RUNNING and facts.item and pages_for_others(actor, meeting, facts.item)
    audience = audience_of(actor, meeting.body_id, meeting.id)
    open_to_all = [leaf for leaf in facts.leaves if leaf.access.listed_for(audience)]
    shown = open_to_all if pages and not facts.aside(actor.person) else []
    return {
        "paging_leaves": shown,
        "paging_choices": [(str(leaf.paper), leaf.title) for leaf in shown],
        "paging_now": followed(meeting),
        "paging_person": str(actor.person),
    }


handlers = [room_own]
