"""The minutes' page: what the journal says, the secretary's words between it, signatures, the printed document."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings.after.minutes import (
    OpenMinutes,
    add_passage,
    edit_minutes,
    open_minutes,
    publish_minutes,
    refresh_minutes,
)
from meetings.after.minutes_document import CHAIR, SECRETARY, caption, row_texts, sentence
from meetings.after.signing import check_minutes, minutes_pdf, sign_minutes
from meetings.council.signing_keys import has_key
from meetings.language import current as spoken
from meetings.language import gettext, in_language
from meetings.pdf.verify import Verification
from meetings.rules.lifecycle import MinutesState
from meetings.rules.minutes import Block, Kind
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account
from meetings.web import errors
from meetings.web.minutes_signatures import check_words, signature_lines
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

TEXT = "text:"
"""Begins the names of the form's passages; the block's id follows."""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the minutes on the page. `kept` is what stands in the minutes where the form says otherwise."""

    id: str
    kind: str
    depth: int
    text: str
    rows: tuple[str, ...] = ()
    outcome: bool = False
    kept: str = ""
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back from a form that was refused."""

    refusal: Refused | None = None
    texts: dict[str, str] = field(default_factory=dict[str, str])


@get("/meetings/{meeting:uuid}/minutes", opt={"permission": Right.ATTEND})
async def read_minutes(
    request: MeetingsRequest, meeting: FromPath[UUID], check: FromQuery[str] = ""
) -> Response[str]:
    """The minutes to be read, or for the secretary to be written."""
    return await _minutes_page(request, meeting, check=bool(check))


async def _minutes_page(
    request: MeetingsRequest, meeting: UUID, sent: Sent | None = None, *, check: bool = False
) -> Response[str]:
    sent = sent or Sent()
    actor, house = request.actor, request.house
    async with house.store.reading() as reading:
        opened = await open_minutes(reading, actor, meeting)
        login = await reading.session.scalar(select(Account.login).where(Account.id == actor.account))
    verification, failed = await _checked(request, opened) if check else (None, "")
    may_write = actor.may(Right.WRITE_MINUTES, body=opened.body.id)
    writing = may_write and not opened.frozen and opened.minutes.state not in ("signed", "published")
    flashes = {"flashes": [("bad", errors.sentence(sent.refusal))]} if sent.refusal else {}
    with in_language(spoken(), opened.meeting.timezone):
        return page(
            request, "after/minutes.html", opened=opened, minutes=opened.minutes, held=opened.meeting,
            status_code=errors.STATUS.get(sent.refusal.code, 409) if sent.refusal else 200,
            blocks=shown_blocks(opened, sent.texts), writing=writing, may_write=may_write,
            signatures=signature_lines(opened, verification), check=check_words(verification), check_failed=failed,
            turn=_turn(opened, actor), has_key=has_key(house.settings.keys_dir, login or ""),
            may_publish=may_write and opened.minutes.state == MinutesState.SIGNED, **flashes,
        )  # fmt: skip


async def _checked(request: MeetingsRequest, opened: OpenMinutes) -> tuple[Verification | None, str]:
    if not opened.frozen:
        return None, ""
    try:
        return await check_minutes(request.house.store, opened.minutes, request.house.settings.keys_dir), ""
    except Refused as refusal:
        return None, errors.sentence(refusal)


def shown_blocks(opened: OpenMinutes, texts: dict[str, str]) -> list[ShownBlock]:
    """The blocks in the reader's language; passages that were sent but not kept stand beside what is kept."""
    return [_shown(block, texts) for block in opened.content.blocks if block.id != "title"]


def _shown(block: Block, texts: dict[str, str]) -> ShownBlock:
    depth = str(block.facts.get("number", "")).count(".")
    if block.kind is Kind.PROSE:
        typed = texts.get(block.id, block.text)
        return ShownBlock(
            block.id,
            "prose",
            depth,
            typed,
            rows=(caption(block),),
            kept=block.text,
            conflict=typed != block.text,
        )
    return ShownBlock(
        block.id,
        block.kind.value,
        depth,
        sentence(block),
        row_texts(block),
        outcome=block.code.startswith("outcome-"),
    )


def _turn(opened: OpenMinutes, actor: Actor) -> tuple[str, str] | None:
    """The role in which this reader can sign now, and its name."""
    body = opened.body.id
    if opened.signed("chair"):
        return None
    if not opened.signed("secretary"):
        may = actor.may(Right.SIGN_AS_SECRETARY, body=body)
        return ("secretary", gettext(SECRETARY)) if may else None
    named = opened.minutes.blocks["chair"] == str(actor.person)
    return ("chair", gettext(CHAIR)) if named and actor.may(Right.SIGN_AS_CHAIR, body=body) else None


@post("/meetings/{meeting:uuid}/minutes", opt={"permission": Right.WRITE_MINUTES}, status_code=200)
async def write_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Keep the passages; with `passage`, open another one behind that block."""
    sent = await request.fields()
    texts = {
        name.removeprefix(TEXT): text.replace("\r\n", "\n").strip()
        for name, text in sent.items()
        if name.startswith(TEXT)
    }
    revision, after = sent.get("revision", ""), sent.get("passage", "")
    try:
        opened = await _opened(request, meeting)
        async with request.house.store.work() as work:
            kept = await edit_minutes(
                work, request.actor, opened.minutes.id, texts=texts,
                revision=int(revision) if revision.isascii() and revision.isdigit() else -1,
            )  # fmt: skip
            if after:
                await add_passage(work, request.actor, kept.id, revision=kept.revision, after=after)
    except Refused as refusal:
        return await _minutes_page(request, meeting, Sent(refusal, texts))
    return done(f"/meetings/{meeting}/minutes", "saved")


@post("/meetings/{meeting:uuid}/minutes/refresh", opt={"permission": Right.WRITE_MINUTES}, status_code=200)
async def refresh_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Take figures and names anew from the journal."""
    try:
        opened = await _opened(request, meeting)
        async with request.house.store.work() as work:
            await refresh_minutes(work, request.actor, opened.minutes.id)
    except Refused as refusal:
        return await _minutes_page(request, meeting, Sent(refusal))
    return done(f"/meetings/{meeting}/minutes", "refreshed")


@post("/meetings/{meeting:uuid}/minutes/sign", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def sign_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Sign as secretary or chair; the passphrase is used once and kept nowhere."""
    sent, settings = await request.fields(), request.house.settings
    try:
        opened = await _opened(request, meeting)
        await sign_minutes(
            request.house.store, request.actor, opened.minutes.id, sent.get("role", ""), sent.get("passphrase", ""),
            settings.keys_dir, timestamp_url=settings.timestamp_url,
        )  # fmt: skip
    except Refused as refusal:
        return await _minutes_page(request, meeting, Sent(refusal))
    return done(f"/meetings/{meeting}/minutes?check=yes", "signed")


@post("/meetings/{meeting:uuid}/minutes/publish", opt={"permission": Right.WRITE_MINUTES}, status_code=200)
async def publish_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Release the signed minutes."""
    try:
        opened = await _opened(request, meeting)
        async with request.house.store.work() as work:
            await publish_minutes(work, request.actor, opened.minutes.id)
    except Refused as refusal:
        return await _minutes_page(request, meeting, Sent(refusal))
    return done(f"/meetings/{meeting}/minutes", "minutes-published")


@get("/meetings/{meeting:uuid}/minutes.pdf", opt={"permission": Right.ATTEND})
async def minutes_file(
    request: MeetingsRequest, meeting: FromPath[UUID], download: FromQuery[str] = ""
) -> Response[bytes]:
    """The signed file, or a draft printed now."""
    pdf, opened = await minutes_pdf(request.house.store, request.actor, meeting)
    number = f"{opened.minutes.year}-{opened.minutes.number:02d}" if opened.minutes.number else "draft"
    headers = {
        "content-disposition": f'{"attachment" if download else "inline"}; filename="minutes-{number}.pdf"',
        "cache-control": "private, no-cache",
        "vary": "cookie",
    }
    if opened.minutes.sha256:
        headers["etag"] = f'"{opened.minutes.sha256}"'
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _opened(request: MeetingsRequest, meeting: UUID) -> OpenMinutes:
    async with request.house.store.reading() as reading:
        return await open_minutes(reading, request.actor, meeting)


handlers = [
    read_minutes, write_submit, refresh_submit, sign_submit, publish_submit, minutes_file,
]  # fmt: skip
