"""Telling people: a message in the house for each of them, and a letter where there is an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.storage.tables import Account, Notification, Person, RoleGrant
from meetings.storage.unit_of_work import Reading, Work


async def tell(
    work: Work,
    people: Iterable[Person],
    message: str,
    facts: Mapping[str, Any],
    link: str,
    language: str = "vi",
) -> None:
    """Leave the message for each person; mail goes out after the commit.

    `message` is an English message id, translated for each reader; `language` is for those without an account.
    """
    told = {person.id: person for person in people}
    rows = await work.session.execute(
        select(Account.person_id, Account.language).where(Account.person_id.in_(told))
    )
    languages = dict(iter(rows))
    for person in told.values():
        work.session.add(
            Notification(
                id=work.new_id(),
                person_id=person.id,
                message=message,
                facts=dict(facts),
                link=link,
                at=work.now,
            )
        )
        if person.email:
            letter = {
                "to": person.email,
                "name": person.name,
                "language": languages.get(person.id, language),
                "message": message,
                "facts": dict(facts),
                "link": link,
            }
            work.post("mail", letter)


async def officers(reading: Reading, agencies: Iterable[UUID]) -> list[Person]:
    """Who acts for any of these agencies, in the order names are read."""
    rows = await reading.session.scalars(
        select(Person)
        .where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.agency_id.in_(list(agencies)))))
        .order_by(Person.sort_key, Person.id)
    )
    return list(rows)
