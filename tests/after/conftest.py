"""A small council whose meeting is held through the use cases, with a clock that the test sets."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.council.bodies import begin_membership, found_agency, found_body
from meetings.council.persons import actors, enter_person, grant_role, open_account
from meetings.during.attendance import check_in
from meetings.during.ballot_box import BallotBox
from meetings.during.motions import move_motion
from meetings.during.proceedings import adjourn, call_to_order, take_up
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.life import CONSEQUENCES
from meetings.rules.permissions import Actor, Role
from meetings.rules.refusals import Refused
from meetings.storage.database import make_engine
from meetings.storage.files import Files
from meetings.storage.tables import Account, Resolution
from meetings.storage.unit_of_work import RowT, Store

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""08:00 in Vietnam."""
MEMBERS = ("Nguyễn Văn Thuận", "Lê Quốc Bảo", "Phạm Thị Liễu", "Đặng Kỳ Xuân", "Võ Hữu Thỏa")
TEXT = "Căn cứ Luật;\nĐiều 1. Thông qua chủ trương đầu tư.\nĐiều 2. Giao Sở Xây dựng thực hiện.\nBáo cáo hằng quý."


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Council:
    """Five seats, five members; the first is the chair. The secretary has no seat."""

    store: Store
    clock: Clock
    keys: Path
    body: UUID = field(init=False)
    agencies: list[UUID] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def secretary(self) -> Actor:
        return self.actors["secretary"]

    @property
    def chair(self) -> Actor:
        return self.actors["member0"]

    @property
    def officer(self) -> Actor:
        return self.actors["officer"]

    @property
    def helper(self) -> Actor:
        return self.actors["helper"]

    @property
    def members(self) -> list[Actor]:
        return [self.actors[f"member{number}"] for number in range(len(MEMBERS))]

    async def found(self, *, language: str = "vi", symbol: str = "HĐND") -> None:
        async with self.store.work() as work:
            body = await found_body(
                work, None, name="Hội đồng nhân dân thành phố An Hải", seats=len(MEMBERS), symbol=symbol,
                language=language, chair_title="Chủ tịch Hội đồng nhân dân",
            )  # fmt: skip
            self.body = body.id
            for name in ("Sở Xây dựng", "Sở Tài chính"):
                self.agencies.append((await found_agency(work, None, name=name)).id)
            people = {f"member{number}": name for number, name in enumerate(MEMBERS)}
            people |= {"secretary": "Trần Thị Ngọc Hạnh", "officer": "Hồ Sỹ Đức", "helper": "Bùi Thị Yến"}
            accounts: dict[str, Account] = {}
            for login, name in people.items():
                person = await enter_person(work, None, name=name, email=f"{login}@example.vn")
                accounts[login] = await open_account(
                    work, None, person=person.id, login=login, password_hash="x", language=language
                )
                if login.startswith("member"):
                    await begin_membership(work, None, body=body.id, person=person.id, since=date(2026, 1, 1))
            grant = {"secretary": Role.SECRETARY, "member0": Role.CHAIR}
            for login, role in grant.items():
                await grant_role(work, None, person=accounts[login].person_id, role=role, body=body.id)
            for login, agency in zip(("officer", "helper"), self.agencies, strict=True):
                await grant_role(
                    work, None, person=accounts[login].person_id, role=Role.AGENCY, agency=agency
                )
            await work.session.flush()
            known = await actors(work, accounts.values(), work.today)
        self.actors = {login: known[account.id] for login, account in accounts.items()}

    async def schedule(self, *, reference: str = "") -> UUID:
        async with self.store.work() as work:
            meeting = await schedule_meeting(
                work, self.secretary, body=self.body, title="Kỳ họp thứ 12", starts="2026-11-24T08:00",
                place="Hội trường", reference=reference,
            )  # fmt: skip
        return meeting.id

    async def item(self, meeting: UUID, title: str, **more: object) -> UUID:
        async with self.store.work() as work:
            return (await add_item(work, self.secretary, meeting, title=title, **more)).id  # type: ignore[arg-type]

    async def begin(self, meeting: UUID) -> None:
        """Publish, let everybody check in, call to order."""
        async with self.store.work() as work:
            await publish_meeting(work, self.secretary, meeting)
        for member in self.members:
            async with self.store.work() as work:
                await check_in(work, member, meeting)
        async with self.store.work() as work:
            await call_to_order(work, self.chair, meeting)

    async def take_up(self, item: UUID) -> None:
        self.clock.later(minutes=10)
        async with self.store.work() as work:
            await take_up(work, self.chair, item)

    async def decide(
        self,
        item: UUID,
        choices: str = "yyyyy",
        *,
        kind: str = "substantive",
        text: str = TEXT,
        secret: bool = False,
    ) -> UUID:
        """Vote on a motion under the item in hand: one letter of y, n, a or - (not cast) for each member."""
        async with self.store.work() as work:
            motion = await move_motion(
                work, self.secretary, item, title="Đường vành đai", text=text, kind=kind
            )
            poll = await draft_poll(work, self.chair, item, motion=motion.id, secret=secret)
            await open_poll(work, self.chair, poll.id)
        box = BallotBox(self.store)
        box.open()
        for number, letter in enumerate(choices):
            choice = {"y": "yes", "n": "no", "a": "abstain"}.get(letter)
            if choice:
                key = str(UUID(int=number + 1, version=4))
                await box.cast(self.members[number], poll.id, choice, key)
        await box.shut()
        async with self.store.work() as work:
            await close_poll(work, self.chair, poll.id)
            await announce_outcome(work, self.chair, poll.id)
        return poll.id

    async def adjourn(self, meeting: UUID) -> None:
        self.clock.later(hours=1)
        async with self.store.work() as work:
            await adjourn(work, self.chair, meeting)

    async def resolution(self) -> Resolution:
        """A draft resolution out of a running meeting."""
        meeting = await self.schedule()
        item = await self.item(meeting, "Chủ trương đầu tư")
        await self.begin(meeting)
        await self.take_up(item)
        await self.decide(item)
        return await self.only(Resolution)

    async def only(self, table: type[RowT]) -> RowT:
        (row,) = await self.all(table)
        return row

    async def all(self, table: type[RowT]) -> list[RowT]:
        async with self.store.reading() as reading:
            return list(await reading.session.scalars(select(table)))


@asynccontextmanager
async def refused(code: str) -> AsyncGenerator[None]:
    """What happens inside is refused with this code."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code


@pytest.fixture
async def council(database_url: str, tmp_path: Path) -> AsyncIterator[Council]:
    clock = Clock()
    store = Store(
        make_engine(database_url), Files(tmp_path / "files"), consequences=CONSEQUENCES, clock=clock
    )
    council = Council(store, clock, tmp_path / "keys")
    await council.found()
    yield council
    await store.close()
