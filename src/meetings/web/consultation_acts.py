"""What is done with a consultation: handing it over, asking, answering, more time, the agenda, giving it up."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.consultation_agenda import convert_consultation, put_on_agenda
from meetings.before.consultation_drafts import hand_to_chair
from meetings.before.consultations import (
    close_consultation,
    extend_consultation,
    open_consultation,
    remind_missing,
    withdraw_consultation,
)
from meetings.before.opinions import give_opinion
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Work
from meetings.web.consultations import closes_in, consultation_page
from meetings.web.forms import chosen_id, needed_id
from meetings.web.render import done
from meetings.web.request import MeetingsRequest

Act = Callable[[Work, Actor, UUID, dict[str, str]], Awaitable[object]]


async def act_on(
    request: MeetingsRequest, consultation: UUID, part: str, code: str, act: Act
) -> Response[Any] | Redirect:
    """Do it and say so, or show the page again with the reason in the `part` that was sent."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await act(work, request.actor, consultation, sent)
    except Refused as refusal:
        return await consultation_page(request, consultation, refusal, part, sent)
    return done(f"/consultations/{consultation}", code)


@post("/consultations/{consultation:uuid}/hand", opt={"permission": Right.PREPARE}, status_code=200)
async def hand_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """The secretary hands the draft to the chair."""
    return await act_on(
        request, consultation, "hand", "handed-to-chair",
        lambda work, actor, one, _: hand_to_chair(work, actor, one),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/open", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def open_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """The chair asks the members."""
    return await act_on(
        request, consultation, "open", "opinions-asked",
        lambda work, actor, one, _: open_consultation(work, actor, one),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/opinion", opt={"permission": Right.TAKE_PART}, status_code=200)
async def opinion_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """A member answers; the form's key makes a second sending of it harmless."""

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> object:
        choice, comment, key = ballot_in(sent)
        return await give_opinion(work, actor, one, choice=choice, comment=comment, key=key)

    return await act_on(request, consultation, "opinion", "opinion-given", act)


def ballot_in(sent: dict[str, str]) -> tuple[str, str, UUID]:
    """Choice, words and key of a form."""
    key = chosen_id(sent.get("key", ""))
    if key is None:
        raise Refused("key-wrong")
    if not sent.get("choice"):
        raise Refused("field-missing", field="choice")
    return sent["choice"], sent.get("comment", ""), key


@post("/consultations/{consultation:uuid}/remind", opt={"permission": Right.ATTEND}, status_code=200)
async def remind_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Remind those whose opinion is missing."""
    return await act_on(
        request, consultation, "remind", "reminded",
        lambda work, actor, one, _: remind_missing(work, actor, one),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/extend", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def extend_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """The chair gives more time."""
    return await act_on(
        request, consultation, "extend", "extended",
        lambda work, actor, one, sent: extend_consultation(
            work, actor, one, closes=closes_in(sent), reason=sent.get("reason", "")
        ),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/close", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def close_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """The chair closes it once everybody has answered."""
    return await act_on(
        request, consultation, "close", "opinions-counted",
        lambda work, actor, one, _: close_consultation(work, actor, one),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/withdraw", opt={"permission": Right.ATTEND}, status_code=200)
async def withdraw_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Give it up, with the reason that those who were asked are told."""
    return await act_on(
        request, consultation, "withdraw", "withdrawn",
        lambda work, actor, one, sent: withdraw_consultation(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/agenda", opt={"permission": Right.PREPARE}, status_code=200)
async def agenda_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Put the announcement of its outcome on an agenda."""
    return await act_on(
        request, consultation, "agenda", "put-on-agenda",
        lambda work, actor, one, sent: put_on_agenda(
            work, actor, one, needed_id(sent.get("meeting", ""), "meeting")
        ),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/convert", opt={"permission": Right.PREPARE}, status_code=200)
async def convert_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Deal with the matter at a meeting instead."""
    return await act_on(
        request, consultation, "convert", "put-on-agenda",
        lambda work, actor, one, sent: convert_consultation(
            work, actor, one, needed_id(sent.get("meeting", ""), "meeting"), reason=sent.get("reason", "")
        ),
    )  # fmt: skip


handlers = [
    hand_submit, open_submit, opinion_submit, remind_submit, extend_submit, close_submit, withdraw_submit,
    agenda_submit, convert_submit,
]  # fmt: skip
