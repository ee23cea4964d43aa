"""A poll is prepared in the cockpit, with its preview in words; an election goes on by lots or another round."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.scheduling import open_to
from meetings.during import voting
from meetings.during.elections import draft_next_round, draw_lots
from meetings.during.stage import Stage, stage_of
from meetings.rules.ballot_forms import kind_of, poll_form
from meetings.rules.permissions import Actor, Right
from meetings.rules.poll_kinds import ballot_paper, rule_for
from meetings.rules.refusals import REFUSALS, Refused
from meetings.storage.tables import Poll
from meetings.storage.unit_of_work import Work
from meetings.web.chair import act
from meetings.web.next_act import foreseen
from meetings.web.poll_form import Fields, wanted_poll
from meetings.web.render import fragment
from meetings.web.request import MeetingsRequest, written


async def _sent(request: MeetingsRequest) -> Fields:
    return [
        (name, written(value))
        for name, value in (await request.form()).multi_items()
        if isinstance(value, str)
    ]


@post("/items/{item:uuid}/polls", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def prepare_poll(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Make a poll of the item's motion, or of a question of its own."""
    asked = wanted_poll(await _sent(request))

    async def prepare(work: Work, actor: Actor, subject: UUID) -> Poll:
        return await voting.draft_poll(work, actor, subject, **asked)

    return await act(request, prepare, item)


@get("/meetings/{meeting:uuid}/polls/preview", opt={"permission": Right.RUN_ROOM})
async def preview(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """In plain words, what would be put and what it would need, as the form stands; or why it cannot be."""
    fields = [(name, written(value)) for name, value in request.query_params.multi_items()]
    place = dict(fields).get("place", "")
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.RUN_ROOM, body=found.body_id)
        stage = await stage_of(reading, found, insider=True)
    try:
        sentence, refusal = _foreseen(stage, wanted_poll(fields))
    except Refused as refused:
        sentence, refusal = "", language.text(REFUSALS[refused.code], **refused.facts)
    shown = place if place in ("next", "vote") else "vote"
    return fragment(request, "during/cockpit/preview.html", place=shown, sentence=sentence, refusal=refusal)


def _foreseen(stage: Stage, asked: Mapping[str, Any]) -> tuple[str, str]:
    kind = kind_of(asked["kind"])
    rule = rule_for(kind, asked["rule"], None, stage.body.default_rule)
    paper = ballot_paper(kind, asked["form"], asked["motion"])
    return foreseen(
        stage,
        stage.item.id if stage.item else None,
        poll_form(kind, paper, rule.choices),
        rule,
        asked["secret"],
    )


@post("/polls/{poll:uuid}/lots", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def record_lots(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Record whom the lots have given the last places to."""
    drawn = [value for name, value in await _sent(request) if name == "drawn"]

    async def record(work: Work, actor: Actor, subject: UUID) -> Poll:
        return await draw_lots(work, actor, subject, drawn)

    return await act(request, record, poll)


@post("/polls/{poll:uuid}/next-round", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def next_round(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Prepare the next round of an election."""
    return await act(request, draft_next_round, poll)


handlers = [prepare_poll, preview, record_lots, next_round]
