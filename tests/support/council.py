"""A small council, made through the use cases: the same people in every test that needs some."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.council.bodies import begin_membership, found_agency, found_body
from meetings.council.persons import actors, enter_person, grant_role, hash_password, open_account
from meetings.council.sign_in import issue_token
from meetings.during.attendance import Presence, record_attendance
from meetings.during.motions import move_motion
from meetings.during.proceedings import call_to_order, take_up
from meetings.during.voting import draft_poll, open_poll
from meetings.rules.permissions import Actor, Role
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Store, Work

PASSWORD = "mưa xuân trên sông"
SINCE = date(2021, 1, 1)


@cache
def password_hash() -> str:
    """Argon2 is slow by design: one hash serves the whole run."""
    return hash_password(PASSWORD)


@dataclass
class Council:
    """Ids and actors. Delegates are numbered from 0; the chair is delegate 0 as well."""

    body: UUID
    other_body: UUID
    agency: UUID
    second_agency: UUID
    people: dict[str, Actor] = field(default_factory=dict[str, Actor])
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def __getitem__(self, login: str) -> Actor:
        return self.people[login]

    @property
    def delegates(self) -> list[Actor]:
        return [self.people[login] for login in sorted(self.people) if login.startswith("delegate")]


async def make_council(
    store: Store, *, seats: int = 9, members: int | None = None, rule: str = "hdnd-resolution"
) -> Council:
    """A body with members, a chair, a secretary, an observer, two agencies with officers, and strangers to it."""
    hashed = password_hash()
    async with store.work() as work:
        body = await found_body(
            work,
            None,
            name="Hội đồng nhân dân phường Bến Nước",
            seats=seats,
            symbol="HĐND",
            default_rule=rule,
        )
        other = await found_body(work, None, name="Hội đồng nhân dân phường Bên Kia", seats=5, symbol="HĐND")
        first = await found_agency(work, None, name="Phòng Hạ tầng")
        second = await found_agency(work, None, name="Phòng Tài chính")
        council = Council(body.id, other.id, first.id, second.id)
        for number in range(seats if members is None else members):
            person = await _person(work, council, f"delegate{number:02}", f"Nguyễn Văn Đại Biểu {number:02}")
            await begin_membership(work, None, body=body.id, person=person, since=SINCE)
            if number == 0:
                await grant_role(work, None, person=person, role=Role.CHAIR, body=body.id)
        for login, name, role in (
            ("secretary", "Trần Thị Thư Ký", Role.SECRETARY),
            ("observer", "Lê Thị Quan Sát", Role.OBSERVER),
        ):
            await grant_role(
                work, None, person=await _person(work, council, login, name), role=role, body=body.id
            )
        await grant_role(
            work, None, person=await _person(work, council, "admin", "Phạm Quản Trị"), role=Role.ADMINISTRATOR
        )
        for login, agency in (("officer", first.id), ("officer2", second.id)):
            person = await _person(work, council, login, f"Vũ Cán Bộ {login}")
            await grant_role(work, None, person=person, role=Role.AGENCY, agency=agency)
        stranger = await _person(work, council, "stranger", "Đỗ Người Ngoài")
        await begin_membership(work, None, body=other.id, person=stranger, since=SINCE)
        foreign = await _person(work, council, "foreign-secretary", "Hồ Thư Ký Khác")
        await grant_role(work, None, person=foreign, role=Role.SECRETARY, body=other.id)
        await grant_role(work, None, person=foreign, role=Role.CHAIR, body=other.id)
        for account in await work.session.scalars(select(Account)):
            council.tokens[account.login] = await issue_token(work, account, name="test")
            assert hashed == account.password_hash
    async with store.reading() as reading:
        accounts = (await reading.session.scalars(select(Account))).all()
        found = await actors(reading, accounts, reading.today)
        council.people = {account.login: found[account.id] for account in accounts}
    council.people["chair"] = council.people["delegate00"]
    council.tokens["chair"] = council.tokens["delegate00"]
    return council


async def _person(work: Work, council: Council, login: str, name: str) -> UUID:
    person = await enter_person(work, None, name=name, email=f"{login}@example.invalid")
    await open_account(work, None, person=person.id, login=login, password_hash=password_hash())
    return person.id


@dataclass(frozen=True)
class Sitting:
    """A meeting with one item and its motion."""

    meeting: UUID
    item: UUID
    motion: UUID


async def publish_sitting(
    store: Store, council: Council, *, title: str = "Kỳ họp thứ nhất", text: str = ""
) -> Sitting:
    """A published meeting whose second item has a motion."""
    secretary = council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title=title, starts="2026-11-24T08:00", place="Hội trường lớn"
        )
        await add_item(work, secretary, meeting.id, title="Khai mạc")
        item = await add_item(work, secretary, meeting.id, title="Điều chỉnh dự toán ngân sách năm 2026")
        motion = await move_motion(work, secretary, item.id, title="Nghị quyết về dự toán", text=text)
        await publish_meeting(work, secretary, meeting.id)
    return Sitting(meeting.id, item.id, motion.id)


async def seat(
    store: Store, council: Council, meeting: UUID, count: int, state: Presence = Presence.IN
) -> None:
    """The first so many delegates are recorded in this state."""
    async with store.work() as work:
        for actor in council.delegates[:count]:
            await record_attendance(work, council["secretary"], meeting, actor.person, state)


async def begin_sitting(
    store: Store, council: Council, *, present: int | None = None, text: str = ""
) -> Sitting:
    """A meeting in session, the item with the motion in hand."""
    sitting = await publish_sitting(store, council, text=text)
    await seat(store, council, sitting.meeting, len(council.delegates) if present is None else present)
    async with store.work() as work:
        await call_to_order(work, council["chair"], sitting.meeting)
        await take_up(work, council["chair"], sitting.item)
    return sitting


async def begin_poll(
    store: Store, council: Council, sitting: Sitting, *, rule: object = None, secret: bool = False
) -> UUID:
    """An open poll on the motion."""
    async with store.work() as work:
        poll = await draft_poll(
            work, council["chair"], sitting.item, motion=sitting.motion, rule=rule, secret=secret
        )
        await open_poll(work, council["chair"], poll.id)
    return poll.id
