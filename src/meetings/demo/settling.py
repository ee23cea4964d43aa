"""Founds the demo's bodies, seats its delegates, opens its accounts and makes its signing keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import begin_membership, found_agency, found_body, set_room_rules
from meetings.council.persons import actors, enter_person, grant_role, hash_password, open_account
from meetings.demo import people
from meetings.demo.committees import found_board, found_committees
from meetings.during.seating import ready_made, save_plan
from meetings.pdf.authority import Authority, issue, make_authority
from meetings.rules.permissions import Actor, Role
from meetings.rules.room_rules import QueueOrder
from meetings.rules.seating import as_data
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Store, Work

PASSWORD = "hop-khong-giay"  # noqa: S105 - shown to everybody who starts the demo
"""Of every demo account, and the passphrase of the two signing keys."""
TERM = timedelta(days=240)
"""How long ago the term began."""
HALL = "Hội trường lớn, Trung tâm Hội nghị thành phố"
STANDING_ORDERS = {
    "proxies": True,
    "queue": QueueOrder.GROUPS.value,
    "first_speakers_first": True,
    "speech_seconds": 300,
    "group_seconds": 1200,
    "order_categories": ["Vi phạm nội quy kỳ họp", "Đề nghị giải thích thể thức biểu quyết"],
    "ask_seconds": 60,
    "answer_seconds": 300,
    "follow_up_seconds": 60,
}
"""What differs in this council from the usual rules for a room (`rules.room_rules`)."""


@dataclass
class City:
    """What the story is told with."""

    council: UUID
    agencies: dict[str, UUID] = field(default_factory=dict[str, UUID])
    people: dict[str, Actor] = field(default_factory=dict[str, Actor])

    def __getitem__(self, login: str) -> Actor:
        return self.people[login]

    @property
    def delegates(self) -> list[Actor]:
        """Everybody with a seat but the chair."""
        return [actor for login, actor in self.people.items() if login.startswith("delegate")]


async def settle(store: Store) -> City:
    """The city as it is before its first meeting."""
    hashed = hash_password(PASSWORD)
    async with store.work() as work:
        city = City(await _council(work))
        since = work.today - TERM
        await _members(work, city, since, hashed)
        await found_committees(work, city.council, since)
        await found_board(work, since)
        await _agencies(work, city, hashed)
    async with store.reading() as reading:
        accounts = (await reading.session.scalars(select(Account).order_by(Account.login))).all()
        found = await actors(reading, accounts, reading.today)
        plan = await ready_made(reading, city.council, layout="hemicycle", order="groups")
    city.people = {account.login: found[account.id] for account in accounts}
    async with store.work() as work:
        await set_room_rules(work, city["admin"], city.council, STANDING_ORDERS)
        await save_plan(work, city["admin"], city.council, place=HALL, plan=as_data(plan))
    return city


async def _council(work: Work) -> UUID:
    council = await found_body(
        work, None, name=people.COUNCIL, seats=len(people.DELEGATES) + 1, symbol="HĐND", town=people.CITY,
        chair_title="Chủ tịch", secretary_title="Thư ký kỳ họp",
    )  # fmt: skip
    return council.id


async def _members(work: Work, city: City, since: date, hashed: str) -> None:
    named = [
        ("chair", people.CHAIR),
        *((f"delegate{n:02}", name) for n, name in enumerate(people.DELEGATES, start=1)),
    ]
    for number, (login, name) in enumerate(named):
        person = await _account(work, login, name, hashed)
        area = people.AREAS[number % len(people.AREAS)]
        group = area.replace("Phường", "Tổ")
        await begin_membership(
            work, None, body=city.council, person=person, since=since, group=group, area=area
        )
    chair = await work.session.scalar(select(Account.person_id).where(Account.login == "chair"))
    if chair is not None:
        await grant_role(work, None, person=chair, role=Role.CHAIR, body=city.council)
    secretary = await _account(work, "secretary", people.SECRETARY, hashed)
    await grant_role(work, None, person=secretary, role=Role.SECRETARY, body=city.council)
    observer = await _account(work, "observer", people.OBSERVER, hashed)
    await grant_role(work, None, person=observer, role=Role.OBSERVER, body=city.council)
    administrator = await _account(work, "admin", people.ADMINISTRATOR, hashed)
    await grant_role(work, None, person=administrator, role=Role.ADMINISTRATOR)


async def _agencies(work: Work, city: City, hashed: str) -> None:
    officers = 0
    for name, short, officer in people.AGENCIES:
        agency = await found_agency(work, None, name=name, short_name=short)
        city.agencies[short] = agency.id
        if officer:
            officers += 1
            person = await _account(work, f"agency{officers}", officer, hashed)
            await grant_role(work, None, person=person, role=Role.AGENCY, agency=agency.id)


async def _account(work: Work, login: str, name: str, hashed: str) -> UUID:
    person = await enter_person(work, None, name=name, email=f"{login}@vangiang.example")
    await open_account(work, None, person=person.id, login=login, password_hash=hashed)
    return person.id


def make_keys(keys_dir: Path, now: datetime) -> None:
    """A demo authority, trusted here, and one signing key each for the secretary and the chair."""
    authority: Authority = make_authority("Tổ chức chứng thực bản dùng thử", now - timedelta(days=120))
    anchors = keys_dir / "anchors"
    anchors.mkdir(parents=True, exist_ok=True)
    (anchors / "demo.pem").write_bytes(authority.certificate)
    for login, name in (("secretary", people.SECRETARY), ("chair", people.CHAIR)):
        key = keys_dir / f"{login}.p12"
        key.touch(mode=0o600)
        key.write_bytes(issue(authority, name, people.COUNCIL, now - timedelta(days=100), PASSWORD))
