"""Terms of a council: opened by an administrator, corrected while every session of theirs still lies inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from meetings.rules.council_sessions import LONGEST_TERM, check_span, check_terms
from meetings.rules.events import TermChanged, TermOpened
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.storage.tables import Body, CouncilSession, CouncilTerm
from meetings.storage.unit_of_work import Reading, Work

NAME_LENGTH = 120


async def open_term(
    work: Work, actor: Actor, body: UUID, *, name: str, since: date, until: date
) -> CouncilTerm:
    """A new term of a body, both days inclusive. Refused (`term-overlap`) when one day belongs to another term."""
    actor.must(Right.ADMINISTER)
    kept = await work.locked(Body, body)
    called = _name(name)
    await _check_days(work, body, since, until)
    term = CouncilTerm(id=work.new_id(), body_id=body, name=called, since=since, until=until)
    work.session.add(term)
    await work.session.flush()
    event = TermOpened(
        body=str(body), name_of_body=kept.name, term=str(term.id), term_name=called, since=since.isoformat(),
        until=until.isoformat(),
    )  # fmt: skip
    await work.record(actor, event)
    return term


async def change_term(
    work: Work, actor: Actor, term: UUID, *, name: str, since: date, until: date
) -> CouncilTerm:
    """Correct a term. Refused (`term-narrow`) when a session of it would lie outside."""
    actor.must(Right.ADMINISTER)
    body = await work.locked(Body, (await work.get(CouncilTerm, term)).body_id)
    kept = await work.locked(CouncilTerm, term)
    called = _name(name)
    await _check_days(work, body.id, since, until, but=term)
    first, last = (
        await work.session.execute(
            select(func.min(CouncilSession.since), func.max(CouncilSession.until)).where(
                CouncilSession.term_id == term
            )
        )
    ).one()
    if first and not (since <= first and last <= until):
        raise Refused("term-narrow")
    wanted = {"name": called, "since": since, "until": until}
    changes = {one: str(value) for one, value in wanted.items() if value != getattr(kept, one)}
    if changes:
        for one, value in wanted.items():
            setattr(kept, one, value)
        event = TermChanged(
            body=str(body.id), name_of_body=body.name, term=str(term), term_name=called, changes=changes
        )
        await work.record(actor, event)
    return kept


async def terms_of(reading: Reading, actor: Actor, body: UUID) -> Sequence[CouncilTerm]:
    """The terms of a body, the latest first, for everybody who attends it and for administrators."""
    if not actor.may(Right.ADMINISTER):
        actor.must(Right.ATTEND, body=body)
    return await all_terms(reading, body)


async def all_terms(reading: Reading, body: UUID) -> Sequence[CouncilTerm]:
    """The terms of a body, the latest first."""
    query = select(CouncilTerm).where(CouncilTerm.body_id == body).order_by(CouncilTerm.since.desc())
    return (await reading.session.scalars(query)).all()


async def bodies_with_terms(reading: Reading) -> frozenset[UUID]:
    """The bodies that have sessions at all; the others see nothing of them."""
    return frozenset(await reading.session.scalars(select(CouncilTerm.body_id).distinct()))


async def term_with(reading: Reading, body: UUID, since: date, until: date) -> CouncilTerm:
    """The term that has all of these days; refused (`term-missing`) when there is none."""
    for term in await all_terms(reading, body):
        if term.since <= since and until <= term.until:
            return term
    raise Refused("term-missing")


async def _check_days(work: Work, body: UUID, since: date, until: date, *, but: UUID | None = None) -> None:
    if since.year not in YEARS or until.year not in YEARS:
        raise Refused("date-wrong", field="since")
    check_span(since, until, LONGEST_TERM, "years")
    others = [one for one in await all_terms(work, body) if one.id != but]
    check_terms(since, until, [(one.name, one.since, one.until) for one in others])


def _name(name: str) -> str:
    called = " ".join(name.split())
    if not called:
        raise Refused("field-missing", field="name")
    if len(called) > NAME_LENGTH:
        raise Refused("field-long", field="name", limit=NAME_LENGTH)
    return called
