"""The minutes, their signatures, and the journal they come from."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings import language
from meetings.after.journal import journal_of
from meetings.after.minutes import OpenMinutes, open_minutes, publish_minutes
from meetings.after.minutes_document import caption, row_texts, sentence
from meetings.after.signing import minutes_pdf, sign_minutes
from meetings.api.contract import SECRETARY_OR_CHAIR, Answer, ApiRequest, Asked, Line, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, cursor_of, place_of
from meetings.api.repeats import written, written_elsewhere
from meetings.language import N_
from meetings.rules.minutes import Block, Kind
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Minutes and journal")


class Passage(Answer):
    """A part of the minutes: a heading or a sentence taken from the journal, or the secretary's prose."""

    id: str
    kind: str
    item: str | None
    text: str
    lines: list[str]


class SignatureLine(Answer):
    role: str
    name: str
    signed_at: datetime
    sha256: str


class Minutes(Answer):
    """The minutes in the body's language. From the first signature on they are `frozen`.

    An `excerpt` leaves out internal items and every passage that was written by hand: for observers.
    """

    id: UUID
    meeting: UUID
    version: int
    state: str
    symbol: str
    revision: int
    frozen: bool
    excerpt: bool
    sha256: str | None
    chair: str
    secretary: str
    changed_at: datetime
    signatures: list[SignatureLine]
    passages: list[Passage]


class Signing(Asked):
    """The passphrase opens the signer's key for this one call and is kept nowhere."""

    role: Literal["secretary", "chair"]
    passphrase: Line


class JournalRow(Answer):
    """One event, sealed to the one before it. Before a poll is announced its ballots' choices are `withheld`."""

    seq: int
    at: datetime
    actor: UUID | None
    actor_name: str
    event: str
    payload: dict[str, Any]
    withheld: bool
    payload_hash: str
    hash: str


class Journal(Answer):
    """`intact` says that the whole chain was recomputed and fits; else `broken_at` is the first row that does not."""

    items: list[JournalRow]
    next: str | None
    rows: int
    head: str
    intact: bool
    broken_at: int | None


@reads("/meetings/{meeting_id:uuid}/minutes", Right.ATTEND, N_("Read the minutes"), TAG)
async def get_minutes(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Minutes]:
    """A draft is for those who write and sign it."""
    async with request.house.store.reading() as reading:
        return Response(await _minutes(reading, request.actor, meeting_id))


@reads(
    "/meetings/{meeting_id:uuid}/minutes.pdf",
    Right.ATTEND,
    N_("Read the minutes as PDF, signed or as a draft"),
    TAG,
    media_type="application/pdf",
)
async def get_minutes_pdf(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[bytes]:
    """The signed bytes, or a draft that is made now."""
    pdf, opened = await minutes_pdf(request.house.store, request.actor, meeting_id)
    name = f"minutes-{opened.meeting.starts_local[:10]}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-cache"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@writes(
    "/minutes/{minutes_id:uuid}/sign",
    Right.ATTEND,
    N_("Sign the minutes with one’s own key"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_sign(
    request: ApiRequest, minutes_id: FromPath[UUID], data: JSONBody[Signing]
) -> Response[Minutes]:
    """The secretary first, then the chair, once each."""
    house, actor = request.house, request.actor
    async with house.store.reading() as reading:
        meeting = await _readable(reading, actor, minutes_id)

    async def act() -> Minutes:
        await sign_minutes(
            house.store, actor, minutes_id, data.role, data.passphrase, house.settings.keys_dir,
            timestamp_url=house.settings.timestamp_url,
        )  # fmt: skip
        async with house.store.reading() as reading:
            return await _minutes(reading, actor, meeting)

    return await written_elsewhere(request, act)


@writes("/minutes/{minutes_id:uuid}/publish", Right.WRITE_MINUTES, N_("Publish the signed minutes"), TAG)
async def post_publish(request: ApiRequest, minutes_id: FromPath[UUID]) -> Response[Minutes]:
    """To everybody who may read the body's papers."""

    async def act(work: Work) -> Minutes:
        meeting = await _readable(work, request.actor, minutes_id)
        await publish_minutes(work, request.actor, minutes_id)
        return await _minutes(work, request.actor, meeting)

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/journal",
    Right.READ_JOURNAL,
    N_("Read the journal, every row with its hash"),
    TAG,
)
async def get_journal(
    request: ApiRequest, meeting_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Journal]:
    """`meetings journal verify` says the same of the chain."""
    place = place_of(cursor, int)
    async with request.house.store.reading() as reading:
        found = await journal_of(
            reading, request.actor, meeting_id, after=place[0] if place else 0, limit=limit + 1
        )
    lines = [
        JournalRow(
            seq=line.seq, at=line.at, actor=line.actor_id, actor_name=line.actor, event=line.event,
            payload=dict(line.payload), withheld=line.hidden, payload_hash=line.payload_hash, hash=line.hash,
        )
        for line in found.lines[:limit]
    ]  # fmt: skip
    verdict = found.verdict
    following = cursor_of((lines[-1].seq,)) if len(found.lines) > limit else None
    return Response(
        Journal(
            items=lines, next=following, rows=verdict.rows, head=verdict.head, intact=verdict.intact,
            broken_at=verdict.broken_at,
        )
    )  # fmt: skip


async def _readable(reading: Reading, actor: Actor, minutes: UUID) -> UUID:
    """The meeting of these minutes, if the actor may read them; otherwise `not-found`."""
    kept = await reading.get(tables.Minutes, minutes)
    return (await open_minutes(reading, actor, kept.meeting_id)).meeting.id


async def _minutes(reading: Reading, actor: Actor, meeting: UUID) -> Minutes:
    opened = await open_minutes(reading, actor, meeting)
    kept = opened.minutes
    return Minutes(
        id=kept.id, meeting=kept.meeting_id, version=kept.version, state=kept.state, symbol=kept.symbol,
        revision=kept.revision, frozen=opened.frozen, excerpt=opened.excerpt, sha256=kept.sha256, chair=opened.chair,
        secretary=opened.secretary, changed_at=kept.changed_at,
        signatures=[
            SignatureLine(role=one.row.role, name=one.name, signed_at=one.row.signed_at, sha256=one.row.sha256)
            for one in opened.signatures
        ],
        passages=_passages(opened),
    )  # fmt: skip


def _passages(opened: OpenMinutes) -> list[Passage]:
    with language.in_language(opened.body.language, opened.meeting.timezone):
        return [_passage(block) for block in opened.content.blocks]


def _passage(block: Block) -> Passage:
    prose = block.kind is Kind.PROSE
    lines = list(row_texts(block))
    return Passage(
        id=block.id,
        kind=block.kind.value,
        item=block.item,
        text=block.text if prose else sentence(block),
        lines=[caption(block)] if prose else lines,
    )


handlers = [get_minutes, get_minutes_pdf, post_sign, post_publish, get_journal]
