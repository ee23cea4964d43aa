"""The pages of one meeting, as a row of tabs on each of them: what this person uses there, and where one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from meetings import language
from meetings.during.attendance import OPEN_STATES
from meetings.during.seating import may_draw
from meetings.language import N_
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.storage.tables import Meeting

WORDS: dict[str, tuple[str, str]] = {
    "agenda": (N_("Agenda"), "scroll-text"),
    "replies": (N_("Replies"), "mail"),
    "chair": (N_("Cockpit"), "gavel"),
    "desk": (N_("Desk"), "clipboard-list"),
    "room": (N_("Room"), "door-open"),
    "my-votes": (N_("My votes"), "vote"),
    "attendance": (N_("Attendance"), "users"),
    "floor": (N_("Speakers"), "mic"),
    "questions": (N_("Questions"), "message-square"),
    "motions": (N_("Motions"), "scale"),
    "ballot-desk": (N_("Entering ballots"), "pen-line"),
    "screens": (N_("Room screens"), "presentation"),
    "screen": (N_("Room screen"), "presentation"),
    "device-test": (N_("Test of the devices"), "tablet"),
    "seating": (N_("Seating plan"), "users"),
    "journal": (N_("Journal"), "history"),
}
"""A page's word and drawing. The key is the last part of its address, but for the agenda and the seating plan."""

CHAIR = ("agenda", "chair", "room", "floor", "attendance", "questions")
SECRETARY = ("agenda", "desk", "attendance", "floor", "questions", "motions")
MEMBER = ("agenda", "room", "my-votes", "questions", "screen")
"""What stands in the row itself; the rest is folded behind it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tab; `folded` ones stand behind `More`."""

    address: str
    label: str
    icon: str
    current: bool
    folded: bool


def places_of(actor: Actor, meeting: Meeting, here: str) -> Sequence[Place]:
    """The tabs of a meeting for one person. `here` is a key of WORDS, or empty on a page below one of them."""
    used = [place for place, shown in _used(actor, meeting).items() if shown]
    first = _first(actor, meeting)
    ordered = sorted(used, key=lambda place: first.index(place) if place in first else len(first))
    return [
        Place(_address(meeting, place), language.gettext(WORDS[place][0]), WORDS[place][1], place == here,
              folded=place not in first and place != here)
        for place in ordered
    ]  # fmt: skip


def _first(actor: Actor, meeting: Meeting) -> tuple[str, ...]:
    if actor.may(Right.RUN_ROOM, body=meeting.body_id):
        return CHAIR
    return SECRETARY if keeps_desk(actor, meeting) else MEMBER


def keeps_desk(actor: Actor, meeting: Meeting) -> bool:
    """Whether the secretary's desk is open to this person."""
    return actor.may(Right.KEEP_ROLL, body=meeting.body_id) or actor.may(
        Right.WRITE_MINUTES, body=meeting.body_id
    )


def _used(actor: Actor, meeting: Meeting) -> dict[str, bool]:
    """Every page, and whether this person finds anything there at this state of the meeting."""

    def may(right: Right) -> bool:
        return actor.may(right, body=meeting.body_id)

    opened = meeting.state in OPEN_STATES
    held = opened or meeting.state == MeetingState.ADJOURNED
    votes = actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id)
    return {
        "agenda": True,
        "replies": is_insider(actor, meeting.body_id) and not meeting.reference,
        "chair": may(Right.RUN_ROOM) and held,
        "desk": keeps_desk(actor, meeting) and held,
        "room": opened,
        "my-votes": votes and held,
        "attendance": may(Right.KEEP_ROLL) and held,
        "floor": may(Right.KEEP_FLOOR) and opened,
        "questions": held,
        "motions": is_insider(actor, meeting.body_id) and held,
        "ballot-desk": may(Right.ENTER_BALLOTS) and opened,
        "screens": may(Right.KEEP_ROLL) and opened,
        "screen": opened
        and not (may(Right.KEEP_ROLL) or votes),  # an observer's account serves the projector
        "device-test": may(Right.ENTER_BALLOTS) and opened,
        "seating": may_draw(actor, meeting.body_id) and opened,
        "journal": may(Right.READ_JOURNAL) and held,
    }


def _address(meeting: Meeting, place: str) -> str:
    if place == "agenda":
        return f"/meetings/{meeting.id}"
    if place == "seating":
        return f"/bodies/{meeting.body_id}/seating?place={quote(meeting.place)}"
    return f"/meetings/{meeting.id}/{place}"
