"""The standing orders of a body for the room, as a form for administrators: plain words, times in minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.council.bodies import set_room_rules
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import DEFAULT, QueueOrder, RoomRules, all_data, room_rules
from meetings.storage.tables import Body
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

ADMINISTER = {"permission": Right.ADMINISTER}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the form, as message ids. `unit`: what a number counts ("" for no number)."""

    label: str
    hint: str = ""
    unit: str = ""


MINUTES, SECONDS, DAYS, COUNT = "minutes", "seconds", "days", "count"
QUESTIONS: Mapping[str, Mapping[str, Asked]] = {
    N_("Members and their substitutes"): {
        "substitutes": Asked(
            N_("Substitutes are allowed"), N_("Somebody sits and votes in the seat of an absent member.")
        ),
        "any_substitute": Asked(
            N_("Members may name anybody with an account"),
            N_("Otherwise only who belongs to this body, to the one above it or to a committee."),
        ),
        "proxies": Asked(N_("Proxies are allowed"), N_("An absent member lets another one cast the ballot.")),
        "proxies_per_holder": Asked(N_("Proxies that one member may hold"), unit=COUNT),
        "self_check_in": Asked(
            N_("Members check in on their own device"), N_("Without it, the code or the secretary does it.")
        ),
        "code_check_in": Asked(
            N_("A code on the room screen checks members in"), N_("It changes every minute.")
        ),
    },
    N_("The floor"): {
        "queue": Asked(N_("Order of the speakers")),
        "first_speakers_first": Asked(N_("Whoever has not spoken on the item goes first")),
        "speech_seconds": Asked(N_("A speech"), unit=MINUTES),
        "reply_seconds": Asked(N_("A reply"), unit=MINUTES),
        "statement_seconds": Asked(N_("A personal statement"), unit=MINUTES),
        "order_seconds": Asked(N_("A point of order"), unit=MINUTES),
        "group_seconds": Asked(N_("Time of a group on one item"), unit=MINUTES),
        "order_categories": Asked(N_("Kinds of points of order"), N_("One a line, the most pressing first.")),
    },
    N_("Question time"): {
        "opening_seconds": Asked(N_("Opening statement of who answers"), unit=MINUTES),
        "ask_seconds": Asked(N_("A question"), unit=MINUTES),
        "answer_seconds": Asked(N_("An answer"), unit=MINUTES),
        "follow_up_seconds": Asked(N_("A follow-up question"), unit=MINUTES),
        "written_answer_days": Asked(N_("Days for an answer in writing"), unit=DAYS),
    },
    N_("Motions and votes"): {
        "seconding": Asked(N_("A motion of a member needs a second")),
        "warn_seconds": Asked(
            N_("Seconds before the end at which missing voters are called"),
            N_("On their own screens, in a vote with an announced end."),
            SECONDS,
        ),
        "grace_seconds": Asked(
            N_("Seconds after the end in which ballots are still taken"),
            N_("For ballots that were on their way."),
            SECONDS,
        ),
    },
}
"""Every rule of `rules.room_rules` under its heading."""
ORDERS = {
    QueueOrder.ASKED: N_("As they asked"),
    QueueOrder.ALTERNATING: N_("For and against in turn"),
    QueueOrder.GROUPS: N_("The group that has used the least of its time first"),
}
LABELS = {name: (name, asked.label) for questions in QUESTIONS.values() for name, asked in questions.items()}


@get("/council/bodies/{body_id:uuid}/room-rules", opt=ADMINISTER)
async def room_rules_form(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str]:
    """The form with what is in force."""
    return await _form(request, body_id, BLANK)


@post("/council/bodies/{body_id:uuid}/room-rules", opt=ADMINISTER, status_code=200)
async def room_rules_submit(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str] | Redirect:
    """Set them; they count from now on."""
    sent = await request.fields()
    try:
        data = {field.name: _value(field.name, sent) for field in fields(RoomRules)}
        async with request.house.store.work() as work:
            await set_room_rules(work, request.actor, body_id, data)
    except Refused as refusal:
        return await _form(request, body_id, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(f"/council/bodies/{body_id}/room-rules", "saved")


async def _form(request: MeetingsRequest, body: UUID, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await reading.get(Body, body)
    rules = room_rules(kept.room_rules)
    return page(
        request, "council/room_rules.html", status_code=status_code, body=kept, questions=QUESTIONS,
        orders=ORDERS, shown={name: _shown(name, value) for name, value in all_data(rules).items()}, form=form,
    )  # fmt: skip


def _unit(name: str) -> str:
    return next(questions[name].unit for questions in QUESTIONS.values() if name in questions)


def _shown(name: str, value: Any) -> Any:
    """As it stands in its input: minutes without a needless decimal."""
    if isinstance(value, list):
        return "\n".join(cast("list[str]", value))
    if _unit(name) == MINUTES:
        return f"{value / 60:.2f}".rstrip("0").rstrip(".")
    return value


def _value(name: str, sent: Mapping[str, str]) -> Any:
    text = sent.get(name, "")
    default = getattr(DEFAULT, name)
    if isinstance(default, bool):
        return text == "yes"
    if isinstance(default, tuple):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if isinstance(default, QueueOrder):
        return text
    if _unit(name) == MINUTES:
        return _seconds(text, name)
    return whole_number(text, name) or 0


def _seconds(text: str, name: str) -> int:
    """Minutes as people type them (1, 1.5, 1,5) in seconds; nothing typed means no limit."""
    try:
        minutes = float(text.strip().replace(",", ".") or 0)
    except ValueError as wrong:
        raise Refused("wrong-input", field=name) from wrong
    if not 0 <= minutes <= 24 * 60:
        raise Refused("wrong-input", field=name)
    return round(minutes * 60)


handlers = [room_rules_form, room_rules_submit]
