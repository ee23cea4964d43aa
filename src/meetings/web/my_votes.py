"""One's own ballots of a meeting, with what is needed to find them in the record."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from meetings import language
from meetings.during.own_votes import OwnVote, own_votes
from meetings.during.stage import stage_of
from meetings.language import N_
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Right
from meetings.web.places import places_of
from meetings.web.render import page
from meetings.web.request import MeetingsRequest
from meetings.web.room import OBSTACLES
from meetings.web.stage import PollView, live_of, poll_view


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot in words. `name` is empty for the own one; `obstacle` says why there is none."""

    name: str
    receipt: str
    time: str
    choice: str
    obstacle: str


@dataclass(frozen=True, slots=True)
class VoteView:
    """A poll with one's ballots. `recorded`: its record can be read."""

    poll: PollView
    item: str
    ballots: tuple[OwnBallot, ...]
    recorded: bool
    annulled: bool


@get("/meetings/{meeting:uuid}/my-votes", opt={"permission": Right.TAKE_PART})
async def my_votes(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The page, the newest vote first."""
    async with request.house.store.reading() as reading:
        held, votes = await own_votes(reading, request.actor, meeting)
        stage = await stage_of(reading, held)
    with language.in_language(language.current(), held.timezone):
        shown = [_view(vote, request.actor.person) for vote in votes]
    return page(
        request, "during/my_votes.html", title=language.gettext(N_("My votes")), meeting=meeting, seq=stage.seq,
        live=live_of(stage), meeting_pages=places_of(request.actor, held, "my-votes"), votes=shown,
    )  # fmt: skip


def _view(vote: OwnVote, person: UUID) -> VoteView:
    poll = poll_view(vote.poll)
    ballots = tuple(
        OwnBallot(
            name="" if line.person == person else line.name,
            receipt=line.receipt,
            time=language.time_text(line.cast_at, True) if line.cast_at else "",
            choice=poll.label(line.choice) if line.choice else "",
            obstacle=language.gettext(OBSTACLES.get(line.obstacle, OBSTACLES["not-on-roll"]))
            if line.obstacle
            else "",
        )
        for line in vote.lines
    )
    return VoteView(
        poll, f"{vote.item.number} · {vote.item.title}", ballots,
        recorded=vote.poll.state == PollState.ANNOUNCED, annulled=vote.poll.state == PollState.ANNULLED,
    )  # fmt: skip


handlers = [my_votes]
