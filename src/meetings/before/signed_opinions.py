"""A member signs a written opinion with an own key: a ballot of one page or more that is kept and can be checked.

The file is made outside any transaction; the short one at the end asks everything again, so that a ballot that comes
too late or from a member who stands aside meanwhile is refused as always.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.before.opinions import give_opinion, must_take, opinion_of_key, own_seat
from meetings.council.signing_keys import has_key, key_of
from meetings.language import LANGUAGES, N_, gettext, in_language
from meetings.pdf.opinion_ballot import OpinionBallot, blank, signed
from meetings.pdf.signing import SignerFacts
from meetings.pdf.workers import in_worker
from meetings.rules.consultations import checked_comment
from meetings.rules.majority import stored_rule
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account, Body, Consultation, WrittenOpinion
from meetings.storage.unit_of_work import Reading, Store

MEMBER = N_("Member")
CODE = "PLYK"
"""Stands in document numbers: phiếu lấy ý kiến."""


async def give_signed_opinion(
    store: Store,
    actor: Actor,
    consultation: UUID,
    *,
    choice: str,
    comment: str,
    key: UUID,
    passphrase: str,
    keys_dir: Path,
    timestamp_url: str | None = None,
) -> WrittenOpinion:
    """Sign one's opinion and give it; the passphrase opens the key for this one call.

    The same key again gives the same receipt and signs nothing. Refused: `opinion-key-missing`, `opinion-not-signed`,
    and as `give_opinion` and `pdf.signing.sign` say.
    """
    async with store.reading() as reading:
        kept = await reading.get(Consultation, consultation)
        seat = await own_seat(reading, actor, kept)
        words = checked_comment(stored_rule(kept.rule), choice, comment)
        repeated = await opinion_of_key(reading, seat, key, choice, words)
        if repeated is not None:
            return repeated
        must_take(kept, seat, reading.now)
        if not kept.signed:
            raise Refused("opinion-not-signed")
        login = await _login(reading, actor)
        ballot = await _ballot(reading, actor, kept)
    if not has_key(keys_dir, login):
        raise Refused("opinion-key-missing")
    opened = await asyncio.to_thread(key_of, keys_dir, login)
    with in_language(ballot.language):
        facts = SignerFacts(actor.name, gettext(MEMBER), ballot.given, ballot.language)
    filled = replace(ballot, choice=choice, comment=words)
    pdf = await in_worker(signed, filled, opened, passphrase, facts, timestamp_url)
    sha256 = await store.files.put(pdf)
    async with store.work() as work:
        return await give_opinion(
            work, actor, consultation, choice=choice, comment=words, key=key, signed=sha256
        )


async def can_sign(reading: Reading, actor: Actor, keys_dir: Path) -> bool:
    """Whether there is a key of this member on the server."""
    return has_key(keys_dir, await _login(reading, actor))


async def blank_form(store: Store, actor: Actor, consultation: UUID) -> tuple[bytes, str]:
    """The member's own form, to be printed, filled in and signed by hand, and a name for the file.

    Refused as for an opinion: to who is not asked, stands aside, or comes too late.
    """
    async with store.reading() as reading:
        kept = await reading.get(Consultation, consultation)
        must_take(kept, await own_seat(reading, actor, kept), reading.now)
        ballot = await _ballot(reading, actor, kept)
    return await in_worker(blank, ballot), "phieu-lay-y-kien.pdf"


async def _login(reading: Reading, actor: Actor) -> str:
    return await reading.session.scalar(select(Account.login).where(Account.id == actor.account)) or ""


async def _ballot(reading: Reading, actor: Actor, kept: Consultation) -> OpinionBallot:
    body = await reading.get(Body, kept.body_id)
    zone = ZoneInfo(kept.timezone)
    language = body.language if body.language in LANGUAGES else LANGUAGES[0]
    with in_language(language, kept.timezone):
        choices = tuple((one.code, gettext(one.label)) for one in stored_rule(kept.rule).choices)
    return OpinionBallot(
        issuing_body=body.name,
        superior_body=body.superior,
        town=body.town,
        symbol=f"{CODE}-{body.symbol}" if body.symbol else CODE,
        number=kept.number,
        question=kept.title,
        text=kept.text,
        member=actor.name,
        deadline=datetime.fromisoformat(kept.closes_local).replace(tzinfo=zone),
        choices=choices,
        given=reading.now.astimezone(zone).replace(microsecond=0),
        language=language,
    )
