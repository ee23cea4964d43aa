"""Signing in and out at the level of the use cases: secrets, roles, expiry, guessing."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from meetings.council.bodies import begin_membership, found_body, members_in_office
from meetings.council.doorkeeper import Doorkeeper
from meetings.council.persons import (
    disable_account,
    enter_person,
    grant_role,
    hash_password,
    open_account,
)
from meetings.council.sign_in import Attempts, sign_in, sign_out
from meetings.rules.permissions import Right, Role
from meetings.rules.refusals import Refused
from meetings.storage.tables import AccessToken, RoleGrant, SignIn
from meetings.storage.unit_of_work import Store
from tests.support.council import PASSWORD, make_council


async def test_each_sign_in_gets_a_fresh_secret_and_the_database_keeps_none(store: Store) -> None:
    council = await make_council(store, seats=3)
    first = await sign_in(store, "delegate01", PASSWORD)
    second = await sign_in(store, " Delegate01 ", PASSWORD)
    assert first != second
    actor = await Doorkeeper(store).of_cookie(first)
    async with store.reading() as reading:
        kept = (await reading.session.scalars(select(SignIn.secret_hash))).all()
    assert actor == council["delegate01"]
    assert not {first, second} & set(kept)


@pytest.mark.parametrize(
    ("login", "password"), [("delegate01", "wrong password"), ("nobody", PASSWORD), ("", "")]
)
async def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    store: Store, login: str, password: str
) -> None:
    await make_council(store, seats=3)
    with pytest.raises(Refused) as refusal:
        await sign_in(store, login, password)
    assert refusal.value.code == "sign-in-wrong"


async def test_signing_out_and_expiry_end_a_sign_in(store: Store) -> None:
    await make_council(store, seats=3)
    left, kept = await sign_in(store, "delegate01", PASSWORD), await sign_in(store, "delegate01", PASSWORD)
    door = Doorkeeper(store)
    assert await door.of_cookie(left) is not None
    async with store.work() as work:
        await sign_out(work, left)
    door.forget()
    assert await door.of_cookie(left) is None
    assert await door.of_cookie(kept) is not None
    now = store.clock()
    store.clock = lambda: now + timedelta(hours=15)
    assert await Doorkeeper(store).of_cookie(kept) is None


async def test_a_disabled_account_is_out_at_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    cookie, token = await sign_in(store, "delegate01", PASSWORD), council.tokens["delegate01"]
    door = Doorkeeper(store)
    assert await door.of_cookie(cookie) == await door.of_cookie(cookie) == council["delegate01"]
    assert await door.of_token(token) is not None
    async with store.work() as work:
        await disable_account(work, council["admin"], login="delegate01")
    assert await door.of_cookie(cookie) is None
    assert await door.of_token(token) is None
    with pytest.raises(Refused):
        await sign_in(store, "delegate01", PASSWORD)


async def test_a_token_carries_its_scopes_and_can_be_revoked(store: Store) -> None:
    council = await make_council(store, seats=3)
    actor = await Doorkeeper(store).of_token(council.tokens["secretary"])
    assert actor is not None
    assert actor.scopes == {"read", "write"}
    async with store.work() as work:
        for token in await work.session.scalars(select(AccessToken)):
            token.revoked_at = work.now
    assert await Doorkeeper(store).of_token(council.tokens["secretary"]) is None


async def test_a_crowd_is_looked_up_together(store: Store) -> None:
    council = await make_council(store, seats=5)
    looks = 0

    @event.listens_for(store.engine.sync_engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal looks
        looks += 1

    door = Doorkeeper(store)
    alone = await door.of_token(council.tokens["delegate00"])
    for_one = looks
    found = await asyncio.gather(*(door.of_token(token) for token in council.tokens.values()))
    assert {actor.person for actor in found if actor} >= {actor.person for actor in council.delegates}
    assert alone == found[list(council.tokens).index("delegate00")]
    assert looks == 2 * for_one


async def test_one_who_gives_up_takes_nothing_from_the_others(store: Store) -> None:
    council = await make_council(store, seats=3)
    door, token = Doorkeeper(store), council.tokens["delegate01"]
    first, second = (asyncio.ensure_future(door.of_token(token)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    actor = await second
    assert actor is not None
    assert actor.person == council["delegate01"].person


async def test_roles_hold_where_they_were_given(store: Store) -> None:
    council = await make_council(store, seats=3)
    chair, secretary, officer = council["chair"], council["secretary"], council["officer"]
    assert chair.roles() == {Role.CHAIR, Role.DELEGATE}
    assert chair.may(Right.RUN_ROOM, body=council.body)
    assert not chair.may(Right.RUN_ROOM, body=council.other_body)
    assert not secretary.may(Right.RUN_ROOM)
    assert officer.may(Right.CARRY_OUT, agency=council.agency)
    assert not officer.may(Right.CARRY_OUT, agency=council.second_agency)
    assert not officer.may(Right.ATTEND)


async def test_a_seat_counts_on_its_first_and_last_day_only(store: Store) -> None:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        person = await enter_person(work, council["admin"], name="Bùi Thị Một Năm")
        await begin_membership(
            work,
            council["admin"],
            body=council.body,
            person=person.id,
            since=date(2026, 1, 1),
            until=date(2026, 12, 31),
        )
    async with store.reading() as reading:
        for day, seated in (
            (date(2025, 12, 31), False),
            (date(2026, 1, 1), True),
            (date(2026, 12, 31), True),
            (date(2027, 1, 1), False),
        ):
            members = {member.person for member in await members_in_office(reading, council.body, day)}
            assert (person.id in members) is seated


async def test_one_seat_in_a_body_at_a_time(store: Store) -> None:
    council = await make_council(store, seats=3)
    person = council["delegate01"].person

    async def begin(since: date, until: date | None = None) -> str:
        try:
            async with store.work() as work:
                await begin_membership(
                    work, council["admin"], body=council.body, person=person, since=since, until=until
                )
        except Refused as refusal:
            return refusal.code
        return "done"

    assert await begin(date(2026, 1, 1)) == "seat-held"
    assert await begin(date(2020, 1, 1), date(2021, 1, 1)) == "seat-held"
    assert await begin(date(2020, 1, 1), date(2020, 12, 31)) == "done"


async def test_a_role_is_given_once_and_only_where_there_is_something(store: Store) -> None:
    council = await make_council(store, seats=3)
    person = council["delegate01"].person
    async with store.work() as work:
        for _ in range(2):
            await grant_role(work, council["admin"], person=person, role=Role.OBSERVER, body=council.body)
    async with store.reading() as reading:
        held = await reading.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person))
        assert len(held.all()) == 1
    for role, body, agency in ((Role.SECRETARY, uuid4(), None), (Role.AGENCY, None, uuid4())):
        async with store.work() as work:
            with pytest.raises(Refused) as refusal:
                await grant_role(work, council["admin"], person=person, role=role, body=body, agency=agency)
        assert refusal.value.code == "wrong-input"


async def test_names_that_the_database_could_not_hold_are_refused(store: Store) -> None:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        with pytest.raises(Refused) as refusal:
            await open_account(
                work, council["admin"], person=council["delegate01"].person, login="x" * 121, password_hash=""
            )
        assert refusal.value.facts["field"] == "login"
        with pytest.raises(Refused) as refusal:
            await found_body(work, council["admin"], name="Ban", seats=3, symbol="X" * 33)
        assert refusal.value.facts["field"] == "symbol"


async def test_only_administrators_enter_people(store: Store) -> None:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        with pytest.raises(Refused) as refusal:
            await enter_person(work, council["secretary"], name="Ai Đó")
    assert refusal.value.code == "forbidden"


def test_a_short_password_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        hash_password("ngắn quá")
    assert refusal.value.code == "password-short"


def test_guessing_is_slowed_for_one_name_from_one_address() -> None:
    attempts, now = Attempts(), datetime(2026, 11, 24, tzinfo=UTC)
    for _ in range(Attempts.LIMIT):
        attempts.begin("a", "1.1.1.1", now)
    with pytest.raises(Refused) as refusal:
        attempts.begin("a", "1.1.1.1", now)
    assert refusal.value.code == "sign-in-slow"
    attempts.begin("b", "1.1.1.1", now)
    attempts.begin("a", "2.2.2.2", now)
    attempts.begin("a", "1.1.1.1", now + timedelta(minutes=2))


def test_who_signs_in_often_is_not_slowed() -> None:
    attempts, now = Attempts(), datetime(2026, 11, 24, tzinfo=UTC)
    for _ in range(2 * Attempts.LIMIT):
        attempts.begin("a", "1.1.1.1", now)
        attempts.right("a", "1.1.1.1")
    for _ in range(Attempts.LIMIT):
        attempts.begin("a", "1.1.1.1", now)
    with pytest.raises(Refused) as refusal:
        attempts.begin("a", "1.1.1.1", now)
    assert refusal.value.code == "sign-in-slow", "the wrong ones after it count from nought"
