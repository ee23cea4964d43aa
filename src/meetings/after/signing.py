"""Signing the minutes: the secretary, then the chair, each with an own key that the database never sees.

The first signature freezes the minutes: they get their number, are printed once, and from then on only signatures are
added to the same bytes. Files are made outside any transaction; a short one at the end makes sure that nothing moved.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.after.minutes import OpenMinutes, blocks_of, open_minutes, stored
from meetings.after.minutes_document import CHAIR, SECRETARY, language_of, minutes_document, render_minutes
from meetings.after.registers import MINUTES as REGISTER
from meetings.after.registers import take_number
from meetings.council.signing_keys import key_of, trust_anchors
from meetings.language import gettext, in_language
from meetings.pdf.decree30 import SignatureField
from meetings.pdf.signing import SignerFacts, prepare, sign
from meetings.pdf.verify import Verification, verify
from meetings.pdf.workers import in_worker
from meetings.rules import minutes as content
from meetings.rules.events import MinutesSigned
from meetings.rules.lifecycle import MINUTES, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account, Body, Meeting, Minutes, MinutesSignature
from meetings.storage.unit_of_work import Store

_FIELDS = {"secretary": SignatureField.SECRETARY, "chair": SignatureField.CHAIR}
_RIGHTS = {"secretary": Right.SIGN_AS_SECRETARY, "chair": Right.SIGN_AS_CHAIR}
_POSTS = {"secretary": SECRETARY, "chair": CHAIR}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was read before signing, to be found unchanged after it."""

    opened: OpenMinutes
    login: str
    at: datetime


async def sign_minutes(
    store: Store,
    actor: Actor,
    minutes: UUID,
    role: str,
    passphrase: str,
    keys_dir: Path,
    *,
    timestamp_url: str | None = None,
) -> Minutes:
    """Add the actor's signature as `secretary` or `chair`; the passphrase opens the key for this one call.

    Refused: `key-missing`, `minutes-changed`, `minutes-file-changed`, `signature-other-chair` and those of
    `pdf.signing.sign`.
    """
    if role not in _FIELDS:
        raise Refused("wrong-input", field="role")
    turn = await _turn(store, actor, minutes, role)
    key = await asyncio.to_thread(key_of, keys_dir, turn.login)
    if turn.opened.frozen:
        before = await kept_file(store, turn.opened.minutes)
    else:
        turn = await _numbered(store, actor, turn)
        rendered = await render_minutes(minutes_document(turn.opened))
        before = await in_worker(prepare, rendered)
    language = language_of(turn.opened.body)
    with in_language(language):
        facts = SignerFacts(actor.name, gettext(_POSTS[role]), turn.at, language)
    after = await in_worker(
        sign, before, _FIELDS[role], key, passphrase, facts,
        expected=sha256(before).hexdigest(), timestamp_url=timestamp_url,
    )  # fmt: skip
    return await _keep(store, actor, turn, role, await store.files.put(after))


async def minutes_pdf(store: Store, actor: Actor, meeting: UUID) -> tuple[bytes, OpenMinutes]:
    """The signed file, or before the first signature a draft made now; it is one for all, with internal items too.

    Refused (`minutes-internal`) to who reads an excerpt.
    """
    async with store.reading() as reading:
        opened = await open_minutes(reading, actor, meeting)
    if opened.excerpt:
        raise Refused("minutes-internal")
    if opened.frozen:
        return await kept_file(store, opened.minutes), opened
    rendered = await render_minutes(replace(minutes_document(opened), draft=True))
    return rendered.pdf, opened


async def check_minutes(store: Store, minutes: Minutes, keys_dir: Path) -> Verification:
    """What the signed file says of its signatures, against the administrator's trust anchors."""
    pdf = await kept_file(store, minutes)
    return await in_worker(verify, pdf, await asyncio.to_thread(trust_anchors, keys_dir))


async def kept_file(store: Store, minutes: Minutes) -> bytes:
    """The signed bytes, refused (`minutes-file-changed`) unless they are the ones that were kept."""
    try:
        pdf = await store.files.get(minutes.sha256 or "")
    except OSError as gone:
        raise Refused("minutes-file-changed") from gone
    if sha256(pdf).hexdigest() != minutes.sha256:
        raise Refused("minutes-file-changed")
    return pdf


async def _turn(store: Store, actor: Actor, minutes: UUID, role: str) -> _Turn:
    async with store.reading() as reading:
        kept = await reading.get(Minutes, minutes)
        opened = await open_minutes(reading, actor, kept.meeting_id)
        actor.must(_RIGHTS[role], body=opened.body.id)
        login = await reading.session.scalar(select(Account.login).where(Account.id == actor.account))
        next_state(MINUTES, opened.minutes.state, "sign")
        if role == "chair":
            if not opened.signed("secretary"):
                raise Refused("signature-wrong-order", field="Chair")
            if opened.minutes.blocks["chair"] != str(actor.person):
                raise Refused("signature-other-chair", name=opened.chair)
        elif opened.signed("secretary"):
            raise Refused("signature-wrong-order", field="Secretary")
        at = reading.now.astimezone(ZoneInfo(opened.meeting.timezone)).replace(microsecond=0)
    return _Turn(opened, login or "", at)


async def _numbered(store: Store, actor: Actor, turn: _Turn) -> _Turn:
    """Give the minutes their number, which stays theirs even if signing fails, and name who signs as secretary."""
    async with store.work() as work:
        kept = await work.locked(Minutes, turn.opened.minutes.id)
        _must_be_unmoved(turn, kept)
        if kept.number is None:
            given = await take_number(work, await work.get(Body, turn.opened.body.id), REGISTER)
            kept.year, kept.number, kept.symbol = given.year, given.number, given.symbol
        if kept.blocks["secretary"] != str(actor.person):
            blocks = _signed_by(blocks_of(kept), actor.name)
            chair = UUID(kept.blocks["chair"]) if kept.blocks["chair"] else None
            kept.blocks = stored(blocks, chair=chair, secretary=actor.person)
            kept.revision += 1
        kept.changed_at = work.now
    opened = replace(turn.opened, minutes=kept, content=blocks_of(kept), secretary=actor.name)
    return replace(turn, opened=opened)


def _signed_by(blocks: content.Minutes, name: str) -> content.Minutes:
    return content.Minutes(
        tuple(replace(b, facts={"name": name}) if b.id == "secretary" else b for b in blocks.blocks)
    )


async def _keep(store: Store, actor: Actor, turn: _Turn, role: str, digest: str) -> Minutes:
    async with store.work() as work:
        kept = await work.locked(Minutes, turn.opened.minutes.id)
        _must_be_unmoved(turn, kept)
        meeting = await work.get(Meeting, kept.meeting_id)
        actor.must(_RIGHTS[role], body=meeting.body_id)
        state = next_state(MINUTES, kept.state, "sign")
        kept.sha256, kept.changed_at = digest, work.now
        if role == "chair":
            kept.state = state
        work.session.add(
            MinutesSignature(
                id=work.new_id(), minutes_id=kept.id, role=role, person_id=actor.person, signed_at=turn.at,
                sha256=digest,
            )
        )  # fmt: skip
        await work.session.flush()
        event = MinutesSigned(minutes=str(kept.id), role=role, signer=actor.name, sha256=digest)
        await work.record(actor, event, meeting=meeting.id)
        return kept


def _must_be_unmoved(turn: _Turn, kept: Minutes) -> None:
    before = turn.opened.minutes
    if (kept.revision, kept.sha256, kept.state) != (before.revision, before.sha256, before.state):
        raise Refused("minutes-changed")
