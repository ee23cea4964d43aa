"""Telling people: a message in the house for each of them, a letter where there is an address, a push where wanted.

Everybody chooses how to be told: quiet hours hold back what rings, and a daily letter gathers what can wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.rules.quiet_hours import after_quiet
from meetings.storage.tables import Account, Notification, Person, PushAddress, RoleGrant, TellingChoice
from meetings.storage.unit_of_work import Reading, Work

_USUAL = TellingChoice(quiet_from="", quiet_until="", digest=False)


async def tell(
    work: Work,
    people: Iterable[Person],
    message: str,
    facts: Mapping[str, Any],
    link: str,
    language: str = "vi",
    *,
    at_once: bool = False,
    letter: Mapping[str, Any] | None = None,
    own: Mapping[UUID, Mapping[str, Any]] | None = None,
    about: UUID | None = None,
) -> None:
    """Leave the message for each person; mail goes out after the commit.

    `message` is an English message id, translated for each reader; `language` is for those without an account.
    `at_once`: the letter waits neither for the end of quiet hours nor for the daily letter, as the notice of a meeting
    must not. `letter` adds to what every letter carries, `own` to the letter of one person; `about` is the meeting.
    """
    told = {person.id: person for person in people}
    rows = await work.session.execute(
        select(Account.person_id, Account.language).where(Account.person_id.in_(told))
    )
    languages = dict(iter(rows))
    choices = await _choices(work, told)
    pushes = await _push_addresses(work, told)
    for person in told.values():
        choice = choices.get(person.id, _USUAL)
        later = after_quiet(work.now.astimezone(work.zone), choice.quiet_from, choice.quiet_until)
        spoken = languages.get(person.id, language)
        said = {"language": spoken, "message": message, "facts": dict(facts), "link": link}
        row = Notification(
            id=work.new_id(), person_id=person.id, message=message, facts=dict(facts), link=link, at=work.now
        )
        work.session.add(row)
        for address in pushes.get(person.id, ()):
            work.post("push", said | {"address": str(address.id), "tag": str(row.id)}, due=later)
        if person.email and (at_once or not choice.digest):
            more = dict(letter or {}) | dict((own or {}).get(person.id, {}))
            addressed = said | {"to": person.email, "name": person.name} | more
            work.post("mail", addressed, due=None if at_once else later, about=about, to=person.id)


async def _choices(work: Work, told: Iterable[UUID]) -> dict[UUID, TellingChoice]:
    rows = await work.session.scalars(select(TellingChoice).where(TellingChoice.person_id.in_(told)))
    return {row.person_id: row for row in rows}


async def _push_addresses(work: Work, told: Iterable[UUID]) -> dict[UUID, list[PushAddress]]:
    """Of those who may still sign in."""
    found: dict[UUID, list[PushAddress]] = {}
    query = select(PushAddress).join(Account, Account.person_id == PushAddress.person_id)
    for row in await work.session.scalars(query.where(PushAddress.person_id.in_(told), ~Account.disabled)):
        found.setdefault(row.person_id, []).append(row)
    return found


async def officers(reading: Reading, agencies: Iterable[UUID]) -> list[Person]:
    """Who acts for any of these agencies, in the order names are read."""
    rows = await reading.session.scalars(
        select(Person)
        .where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.agency_id.in_(list(agencies)))))
        .order_by(Person.sort_key, Person.id)
    )
    return list(rows)
