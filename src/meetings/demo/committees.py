"""The council's committees and the city's executive board, with everybody who sits in them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import begin_membership, found_body
from meetings.council.persons import enter_person, grant_role
from meetings.demo import people
from meetings.rules.permissions import Role
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Work

SEATS = 9
FIRST = 10
"""The committees take the delegates from this number on; the ones before sit in none and chair nothing."""


async def found_committees(work: Work, council: UUID, since: date) -> None:
    """Each committee of nine with its head; the heads and two vice chairs stand by the chair in the first one."""
    rows = await work.session.execute(select(Account.login, Account.person_id))
    persons = dict(rows.all())
    standing, *others = people.COMMITTEES
    groups = [_delegates(FIRST + place * SEATS) for place in range(len(others))]
    first = ["chair", *_delegates(FIRST + len(others) * SEATS), *(group[0] for group in groups)]
    for name, group in zip((standing, *others), (first, *groups), strict=True):
        body = await found_body(
            work, None, name=name, seats=len(group), kind="committee", parent=council, symbol="BHĐND",
            town=people.CITY, superior=people.COUNCIL,
        )  # fmt: skip
        for login in group:
            await begin_membership(work, None, body=body.id, person=persons[login], since=since)
        await grant_role(work, None, person=persons[group[0]], role=Role.CHAIR, body=body.id)
        await grant_role(work, None, person=persons["secretary"], role=Role.SECRETARY, body=body.id)


async def found_board(work: Work, since: date) -> None:
    """The executive board, most of whose members head an agency; they have no accounts."""
    board = await found_body(
        work, None, name=people.COMMITTEE, seats=len(people.BOARD), kind="board", symbol="UBND", town=people.CITY,
        default_rule="ubnd", chair_title="Chủ tịch",
    )  # fmt: skip
    for place, (name, post) in enumerate(people.BOARD):
        person = await enter_person(work, None, name=name, title=post)
        await begin_membership(work, None, body=board.id, person=person.id, since=since)
        if place == 0:
            await grant_role(work, None, person=person.id, role=Role.CHAIR, body=board.id)


def _delegates(first: int) -> list[str]:
    last = min(first + SEATS, len(people.DELEGATES) + 1)
    return [f"delegate{number:02}" for number in range(first, last)]
