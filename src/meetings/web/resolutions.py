"""Resolutions: the register, one to be read, its clauses, issuing and withdrawing."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.after.follow_up import tasks_of_resolution
from meetings.after.resolutions import (
    OpenResolution,
    issue_resolution,
    open_resolution,
    resolutions_for,
    withdraw_resolution,
    write_clauses,
)
from meetings.language import N_, gettext, text
from meetings.rules.clauses import preamble_in
from meetings.rules.lifecycle import ResolutionState
from meetings.rules.outcome import REASONS
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest, written
from meetings.web.task_words import task_rows

STATES = {
    ResolutionState.DRAFT: (N_("Draft"), "warn", "pencil"),
    ResolutionState.ISSUED: (N_("Issued"), "good", "stamp"),
    ResolutionState.WITHDRAWN: (N_("Withdrawn"), "neutral", "undo-2"),
}
"""State → its word, its tone and its drawing."""
BLANK_CLAUSES = 2


@get("/resolutions", opt={"permission": Right.SIGNED_IN})
async def register(
    request: MeetingsRequest, show: FromQuery[str] = "", year: FromQuery[str] = "", q: FromQuery[str] = ""
) -> Response[str]:
    """The register: drafts first, then from the newest number down."""
    async with request.house.store.reading() as reading:
        lines = await resolutions_for(
            reading, request.actor, state=written(show), year=whole_number(year, "year"), words=written(q)
        )
    return page(request, "after/resolutions.html", lines=lines, states=STATES, show=show, year=year, words=q)


@get("/resolutions/{resolution:uuid}", opt={"permission": Right.SIGNED_IN})
async def read_resolution(request: MeetingsRequest, resolution: FromPath[UUID]) -> Response[str]:
    """One resolution as a document, with its poll and its tasks beside it."""
    return await _resolution_page(request, resolution)


async def _resolution_page(
    request: MeetingsRequest, resolution: UUID, refusal: Refused | None = None, reason: str = ""
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        opened = await open_resolution(reading, actor, resolution)
        lines = await tasks_of_resolution(reading, resolution)
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    found = opened.resolution
    return page(
        request, "after/resolution.html", status_code=_status(refusal), opened=opened, found=found, states=STATES,
        preamble=preamble_in(found.text) if opened.clauses else found.text, reason=reason,
        outcome=_outcome(opened), tasks=task_rows(lines, actor),
        may_write=actor.may(Right.WRITE_MINUTES, body=found.body_id),
        may_finish=_may_finish(actor, found.body_id), may_assign=actor.may(Right.FOLLOW_UP, body=found.body_id),
        may_attend=actor.may(Right.ATTEND, body=found.body_id), **flashes,
    )  # fmt: skip


def _outcome(opened: OpenResolution) -> dict[str, object] | None:
    """What the outcome macro takes, from the poll's stored numbers."""
    poll = opened.poll
    if poll.outcome is None or poll.tally is None:
        return None
    weights: dict[str, int] = poll.tally["weights"]
    counts = [(one.code, gettext(one.label), weights.get(one.code, 0)) for one in poll.rule.choices]
    return {
        "code": poll.outcome["code"],
        "sentence": text(REASONS[poll.outcome["reason"]], **poll.outcome["facts"]),
        "yes": poll.tally["yes"],
        "no": poll.tally["no"],
        "abstain": poll.tally["abstain"],
        "base": poll.outcome["base"],
        "needed": poll.outcome["facts"].get("needed", 0),
        "counts": [*counts, ("not_cast", gettext(N_("Not cast")), poll.tally["not_cast"])],
    }


@get("/resolutions/{resolution:uuid}/clauses", opt={"permission": Right.WRITE_MINUTES})
async def clauses_form(request: MeetingsRequest, resolution: FromPath[UUID]) -> Response[str]:
    """The clauses of a draft, to be written."""
    async with request.house.store.reading() as reading:
        opened = await open_resolution(reading, request.actor, resolution)
    request.actor.must(Right.WRITE_MINUTES, body=opened.body.id)
    return _clauses_page(request, opened, [clause.text for clause in opened.clauses])


@post("/resolutions/{resolution:uuid}/clauses", opt={"permission": Right.WRITE_MINUTES}, status_code=200)
async def clauses_submit(request: MeetingsRequest, resolution: FromPath[UUID]) -> Response[str] | Redirect:
    """Keep the clauses in the order of the form; an empty one is left out."""
    sent = (await request.form()).getall("clause", [])
    texts = [written(text).replace("\r\n", "\n") for text in sent if isinstance(text, str)]
    try:
        async with request.house.store.work() as work:
            await write_clauses(work, request.actor, resolution, texts)
    except Refused as refusal:
        async with request.house.store.reading() as reading:
            opened = await open_resolution(reading, request.actor, resolution)
        return _clauses_page(request, opened, texts, refusal)
    return done(f"/resolutions/{resolution}", "saved")


def _clauses_page(
    request: MeetingsRequest, opened: OpenResolution, texts: list[str], refusal: Refused | None = None
) -> Response[str]:
    return page(
        request, "after/clauses.html", status_code=_status(refusal), opened=opened, found=opened.resolution,
        texts=[*texts, *[""] * BLANK_CLAUSES], error=sentence(refusal) if refusal else "",
    )  # fmt: skip


@post("/resolutions/{resolution:uuid}/issue", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def issue_submit(request: MeetingsRequest, resolution: FromPath[UUID]) -> Response[str] | Redirect:
    """Give the resolution its official number."""
    try:
        async with request.house.store.work() as work:
            await issue_resolution(work, request.actor, resolution)
    except Refused as refusal:
        return await _resolution_page(request, resolution, refusal)
    return done(f"/resolutions/{resolution}", "issued")


@post("/resolutions/{resolution:uuid}/withdraw", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def withdraw_submit(request: MeetingsRequest, resolution: FromPath[UUID]) -> Response[str] | Redirect:
    """Take a draft back, with a reason."""
    reason = (await request.fields()).get("reason", "")
    try:
        async with request.house.store.work() as work:
            await withdraw_resolution(work, request.actor, resolution, reason=reason)
    except Refused as refusal:
        return await _resolution_page(request, resolution, refusal, reason)
    return done(f"/resolutions/{resolution}", "withdrawn")


def _may_finish(actor: Actor, body: UUID) -> bool:
    return actor.may(Right.WRITE_MINUTES, body=body) or actor.may(Right.SIGN_AS_CHAIR, body=body)


def _status(refusal: Refused | None) -> int:
    return STATUS.get(refusal.code, 409) if refusal else 200


handlers = [register, read_resolution, clauses_form, clauses_submit, issue_submit, withdraw_submit]
