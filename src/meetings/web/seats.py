"""The room from above: who sits where, present, asking, speaking, voted. Shared bytes; never how anybody voted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from meetings import language
from meetings.during.attendance import PRESENT, Presence
from meetings.during.seating import SeatMap, Sitting, may_draw, seats_now
from meetings.during.stage import Stage
from meetings.during.veil import stage_for
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.seating import Furniture
from meetings.rules.visibility import Audience, audience_of
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.request import MeetingsRequest
from meetings.web.stage import shared_part

MAP = "during/seats_map.html"
BESIDE, ABOVE, BELOW = 48, 32, 56
"""What a place needs around its middle: half a name, the ring of whoever speaks, the name below."""
EDGE = 6
NAME_LENGTH = 12
"""Letters that find room below a place of a ready-made plan."""

WORDS = {
    "in": N_("In the room"),
    "remote": N_("Remote"),
    "away": N_("Not here"),
    "asking": N_("Asks to speak"),
    "speaking": N_("Has the floor"),
    "voted": N_("Has voted"),
    "free": N_("Free seat"),
}
"""The key to the map, in its order."""


@dataclass(frozen=True, slots=True)
class SeatView:
    """One place as it is drawn; `look` names its colour and shape, `words` say the same aloud."""

    x: int
    y: int
    label: str
    short: str
    look: str
    voted: bool
    words: str


@dataclass(frozen=True, slots=True)
class SeatsView:
    """The map with its key: (look, word, number of places); who asks or speaks is counted as present as well."""

    frame: tuple[int, int, int, int]
    """The part of the plan where something stands: x, y, width, height."""
    seats: Sequence[SeatView]
    furniture: Sequence[Furniture]
    key: Sequence[tuple[str, str, int]]
    polling: bool

    @property
    def wide(self) -> bool:
        """So wide that on a projector the key finds its place below, not beside."""
        return self.frame[2] > 1.75 * self.frame[3]


@get("/meetings/{meeting:uuid}/seats", opt={"permission": Right.ATTEND})
async def seats_part(
    request: MeetingsRequest, meeting: FromPath[UUID], own: FromQuery[str] = ""
) -> Response[str]:
    """The map alone, asked for every two seconds while a vote is open: a single ballot advances no stage.

    It is as the hall may see it; with `own` as this reader does, for a screen that nobody else looks at.
    """

    def audience(found: Meeting) -> Audience:
        return audience_of(request.actor, found.body_id, meeting) if own else Audience.ANYBODY

    async def show(reading: Reading, found: Meeting) -> dict[str, Any]:
        address = _address(meeting, own=bool(own))
        stage = await stage_for(reading, found, audience(found))
        return {"seats": await _seats(reading, stage), "address": address}

    async def circle(reading: Reading, found: Meeting) -> str:
        return f"{'own ' if own else ''}{audience(found).name}"

    return await shared_part(request, meeting, MAP, show, "seats", counting=True, audience=circle)


async def screen_part(reading: Reading, stage: Stage) -> dict[str, Any]:
    """The map for a room screen, from the stage as the hall may see it."""
    return {"seats": await _seats(reading, stage), "address": _address(stage.meeting.id)}


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """The map for the chair."""
    return {
        "seats": await _seats(reading, stage),
        "seats_address": _address(stage.meeting.id, own=True),
        "may_draw": may_draw(actor, stage.body.id),
    }


def _address(meeting: UUID, *, own: bool = False) -> str:
    return f"/meetings/{meeting}/seats" + ("?own=yes" if own else "")


async def _seats(reading: Reading, stage: Stage) -> SeatsView | None:
    found = await seats_now(reading, stage)
    return seats_view(found) if found else None


def seats_view(found: SeatMap) -> SeatsView:
    """The map in the reader's language."""
    shorts = short_names([one.name for one in found.sittings])
    seats = [_seat(one, short) for one, short in zip(found.sittings, shorts, strict=True)]
    counted = {look: found.count(look) for look in ("in", "remote", "asking", "speaking", "voted")}
    counted |= {look: sum(seat.look == look for seat in seats) for look in ("away", "free")}
    shown = [look for look in WORDS if counted[look] or (look == "voted" and found.polling)]
    key = [(look, language.gettext(WORDS[look]), counted[look]) for look in shown]
    return SeatsView(frame_of(found), seats, found.furniture, key, found.polling is not None)


def frame_of(found: SeatMap) -> tuple[int, int, int, int]:
    """What the places with their names and the furniture take up; nothing of the empty floor around them."""
    boxes = [(one.place.x, one.place.y, one.place.x, one.place.y) for one in found.sittings]
    boxes = [(x - BESIDE, y - ABOVE, right + BESIDE, below + BELOW) for x, y, right, below in boxes]
    boxes += [
        (one.x - EDGE, one.y - EDGE, one.x + one.w + EDGE, one.y + one.h + EDGE) for one in found.furniture
    ]
    if not boxes:
        return 0, 0, found.width, found.height
    left, top = max(0, min(box[0] for box in boxes)), max(0, min(box[1] for box in boxes))
    right, below = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return left, top, min(found.width, right) - left, min(found.height, below) - top


def _seat(one: Sitting, short: str) -> SeatView:
    look = _look(one)
    words = [language.gettext(WORDS[look])]
    if one.voted:
        words.append(language.gettext(WORDS["voted"]))
    who = f"{one.place.label} · {one.name}" if one.name else one.place.label
    return SeatView(
        one.place.x, one.place.y, one.place.label, short, look, one.voted, f"{who}: {', '.join(words)}"
    )


def _look(one: Sitting) -> str:
    if one.state is None:
        return "free"
    if one.speaking:
        return "speaking"
    if one.asking:
        return "asking"
    if one.state is Presence.REMOTE:
        return "remote"
    return "in" if one.state in PRESENT else "away"


def short_names(names: Sequence[str]) -> list[str]:
    """The last word of each name; two words where somebody else has the same; cut where it finds no room."""
    last = Counter(name.split()[-1] for name in names if name)
    shorts = [
        " ".join(name.split()[-2 if last[name.split()[-1]] > 1 else -1 :]) if name else "" for name in names
    ]
    return [short if len(short) <= NAME_LENGTH else f"{short[: NAME_LENGTH - 1]}…" for short in shorts]


handlers = [seats_part]
