"""A council to be measured, made through the use cases: its members, one meeting to vote in, one long agenda."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import select

from bench.programs import Failed, environment
from meetings.app import make_store
from meetings.before.agenda import add_item
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.council.bodies import begin_membership, found_body
from meetings.council.persons import actors, enter_person, grant_role, open_account
from meetings.council.sign_in import begin_sign_in, issue_token
from meetings.during.attendance import Presence, record_roll_call
from meetings.during.proceedings import call_to_order, take_up
from meetings.during.voting import draft_poll
from meetings.rules.permissions import Actor, Role
from meetings.settings import read_settings
from meetings.storage.journal import verify_chain
from meetings.storage.migrate import migrate
from meetings.storage.tables import Account, Ballot, RollEntry
from meetings.storage.unit_of_work import Store

NO_PASSWORD = "-"  # nobody signs in with a password here
SINCE = date(2021, 1, 1)
GROUPS, BELOW = 40, 4
"""The long agenda: so many items with so many below each, 200 in all."""


@dataclass(frozen=True, slots=True)
class House:
    """A throwaway house: the settings its server starts with, and a store of our own beside it."""

    settings: dict[str, str]
    store: Store


@dataclass(frozen=True, slots=True)
class Council:
    """The body, its chair (who also keeps the agenda here), and an access token for each member; the chair's first."""

    body: UUID
    chair: Actor
    tokens: Sequence[str]
    cookie: str
    """The last member's sign-in, as a browser has it."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting in session with every member in the room, and polls that wait to be opened one after the other."""

    meeting: UUID
    polls: Sequence[UUID]


@asynccontextmanager
async def house(folder: Path, postgres: str | None = None) -> AsyncGenerator[House]:
    """An empty house in `folder`, or in a database of its own on the PostgreSQL server at this address."""
    settings = {"MEETINGS_DATA_DIR": str(folder / "data"), "MEETINGS_SECRET_KEY": secrets.token_urlsafe(32)}
    name = f"meetings_bench_{secrets.token_hex(4)}"
    server = postgres.replace("+asyncpg", "") if postgres else None
    if server:
        await _execute(server, f'CREATE DATABASE "{name}"')
        settings["MEETINGS_DATABASE_URL"] = server.rpartition("/")[0] + f"/{name}"
    try:
        known = read_settings(environment(**settings))
        await migrate(known.database_url)
        store = make_store(known)
        try:
            yield House(settings, store)
        finally:
            await store.close()
    finally:
        if server:
            await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def assemble(store: Store, seats: int) -> Council:
    """A body with all its seats taken."""
    async with store.work() as work:
        body = await found_body(work, None, name="Hội đồng nhân dân thành phố An Hải", seats=seats)
        accounts: list[Account] = []
        for number in range(seats):
            person = await enter_person(work, None, name=f"Nguyễn Văn Đại Biểu {number:03}")
            await begin_membership(work, None, body=body.id, person=person.id, since=SINCE)
            for role in (Role.CHAIR, Role.SECRETARY) if number == 0 else ():
                await grant_role(work, None, person=person.id, role=role, body=body.id)
            accounts.append(
                await open_account(
                    work, None, person=person.id, login=f"member-{number:03}", password_hash=NO_PASSWORD
                )
            )
        tokens = [await issue_token(work, account, name="bench") for account in accounts]
        cookie = await begin_sign_in(work, accounts[-1])
    async with store.reading() as reading:
        chair = (await actors(reading, accounts[:1], reading.today))[accounts[0].id]
    return Council(body.id, chair, tokens, cookie)


async def begin_sitting(store: Store, council: Council, polls: int) -> Sitting:
    """Everybody is present, the item is in hand, the polls are prepared."""
    chair = council.chair
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, chair, body=council.body, title="Kỳ họp thứ nhất", starts="2026-11-24T08:00"
        )
        item = await add_item(work, chair, meeting.id, title="Điều chỉnh dự toán ngân sách năm 2026")
        await publish_meeting(work, chair, meeting.id)
        members = (await work.session.scalars(select(Account.person_id))).all()
        await record_roll_call(work, chair, meeting.id, dict.fromkeys(members, Presence.IN))
        await call_to_order(work, chair, meeting.id)
        await take_up(work, chair, item.id)
        drafted = [await draft_poll(work, chair, item.id, title=f"Câu hỏi {n + 1}") for n in range(polls)]
        return Sitting(meeting.id, [poll.id for poll in drafted])


async def publish_agenda(store: Store, council: Council) -> UUID:
    """A published meeting with a long agenda; every item has a presenter and a sentence of explanation."""
    chair = council.chair
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, chair, body=council.body, title="Kỳ họp thứ hai", starts="2026-12-05T08:00"
        )
        for group in range(GROUPS):
            above = None
            for number in range(1 + BELOW):
                item = await add_item(
                    work, chair, meeting.id, title=f"Tờ trình {group + 1}.{number} về dự án đường vành đai phía Tây",
                    text="Giám đốc Sở Tài chính trình bày; Ban Kinh tế - Ngân sách thẩm tra.",
                    presenter="Trần Thị Ngọc Hạnh", minutes_planned=5, parent=above,
                )  # fmt: skip
                above = above or item.id
        await publish_meeting(work, chair, meeting.id)
        return meeting.id


async def check_ballots(store: Store, sitting: Sitting, poll: UUID, receipts: Sequence[str]) -> None:
    """Every acknowledged ballot is in the database exactly once, and nothing else is."""
    async with store.reading() as reading:
        session = reading.session
        voters = (await session.scalars(select(Ballot.person_id).where(Ballot.poll_id == poll))).all()
        kept = (await session.scalars(select(RollEntry.receipt).where(RollEntry.poll_id == poll))).all()
        chain = await verify_chain(session, sitting.meeting)
    if not len(voters) == len(set(voters)) == len(receipts) or sorted(map(str, kept)) != sorted(receipts):
        raise Failed(f"{len(receipts)} ballots were acknowledged, {len(voters)} are kept.")
    if not chain.intact:
        raise Failed("The journal's chain is broken.")


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
