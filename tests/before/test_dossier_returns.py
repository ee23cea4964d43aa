"""A dossier whose item or meeting comes to nothing waits for another agenda; late steps are told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of, show_item
from meetings.before.dossier_agenda import admit_late, put_on_agenda
from meetings.before.dossier_clock import remind_of_steps
from meetings.before.dossier_lists import open_dossier
from meetings.before.dossier_returns import take_off_agenda
from meetings.before.scheduling import cancel_meeting, publish_meeting
from meetings.before.supplements import freeze_agenda
from meetings.during.agenda_changes import postpone, refer, withdraw
from meetings.during.proceedings import adjourn, call_to_order, conclude, take_up
from meetings.rules.dossiers import DossierState, Reminding, reminding
from meetings.rules.lifecycle import ItemState
from meetings.rules.visibility import Visibility
from meetings.rules.working_days import ORDINARY
from meetings.storage.tables import Dossier, DossierRun, Item, JournalRow, Notification
from meetings.storage.unit_of_work import Store, Work
from tests.before.test_dossiers import (
    at,
    make_dossier,
    make_procedure,
    meeting_of,
    passed,
    refused,
    to_acceptance,
)
from tests.support.council import Council, make_council, seat


async def accepted(store: Store, council: Council, title: str = "Dự toán 2026") -> UUID:
    procedure = await make_procedure(store, council)
    dossier = await make_dossier(store, council, procedure.id, title=title)
    await to_acceptance(store, council, dossier)
    return dossier


async def put(store: Store, council: Council, dossier: UUID, meeting: UUID, reason: str = "") -> Dossier:
    async with store.work() as work:
        return await put_on_agenda(work, council["secretary"], dossier, meeting, reason=reason)


async def now(store: Store, dossier: UUID) -> tuple[str, UUID | None, str]:
    async with store.reading() as reading:
        kept = await reading.get(Dossier, dossier)
        return kept.state, kept.meeting_id, kept.reason


async def item_of(store: Store, dossier: UUID) -> UUID:
    async with store.reading() as reading:
        found = (await reading.get(Dossier, dossier)).item_id
    assert found is not None
    return found


async def told(store: Store, council: Council, login: str) -> Sequence[str]:
    """The messages about dossiers, the oldest first, with their facts filled in."""
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(Notification)
            .where(
                Notification.person_id == council[login].person, Notification.link.startswith("/dossiers/")
            )
            .order_by(Notification.at)
        )
        return [row.message.format(**row.facts) for row in rows]


async def test_a_dossier_comes_back_from_a_published_agenda_and_goes_onto_another(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    at(store, "2026-03-02")
    dossier = await accepted(store, council)
    first = await meeting_of(store, council, "2026-04-20T08:00")
    await put(store, council, dossier, first)
    title = "Dự toán 2026"
    assert f"The dossier was accepted for an agenda that is being prepared: {title}" in await told(
        store, council, "officer"
    )
    at(store, "2026-03-03")
    async with store.work() as work:
        await publish_meeting(work, secretary, first)
    assert (await told(store, council, "officer"))[-1] == f"The dossier is item 2 of “Kỳ họp”: {title}"
    at(store, "2026-03-04")
    item = await item_of(store, dossier)
    async with store.work() as work:
        await withdraw(work, secretary, item, reason="Chờ ý kiến tỉnh")
    assert await now(store, dossier) == (DossierState.ACCEPTED, None, "Chờ ý kiến tỉnh")
    back = f"The dossier left the agenda and waits for another one: {title} (Chờ ý kiến tỉnh)"
    assert (
        (await told(store, council, "officer"))[-1] == (await told(store, council, "secretary"))[-1] == back
    )
    second = await meeting_of(store, council, "2026-05-20T08:00")
    assert (await put(store, council, dossier, second)).state == DossierState.SCHEDULED
    third = await meeting_of(store, council, "2026-06-22T08:00")
    async with store.work() as work:
        await publish_meeting(work, secretary, second)
        await postpone(work, secretary, await _item(work, dossier), reason="Chưa kịp", to=third)
    state, meeting, _ = await now(store, dossier)
    assert (state, meeting) == (DossierState.SCHEDULED, third), "it goes with its item"
    async with store.reading() as reading:
        there = (await agenda_of(reading, third))[-1]
        events = [
            row.event for row in await reading.session.scalars(select(JournalRow).where(JournalRow.chain_id == third))
        ]  # fmt: skip
    assert there.id == await item_of(store, dossier)
    assert {"ItemContinued", "DossierScheduled"} <= set(events)
    async with store.work() as work:
        await cancel_meeting(work, secretary, third, reason="Chưa rõ ngày")
    assert await now(store, dossier) == (DossierState.ACCEPTED, None, ""), "why a draft ends is not told"
    fourth = await meeting_of(store, council, "2026-07-20T08:00", published=True)
    await put(store, council, dossier, fourth, "Vốn mới giao")
    async with store.work() as work:
        await admit_late(work, council["chair"], dossier)
        await refer(work, secretary, await _item(work, dossier), to="Ban Kinh tế", reason="Thẩm tra")
    assert await now(store, dossier) == (DossierState.ACCEPTED, None, "Thẩm tra")
    await put(store, council, dossier, fourth, "Vốn mới giao")
    async with store.work() as work:
        await cancel_meeting(work, secretary, fourth, reason="Bão")
    assert await now(store, dossier) == (DossierState.ACCEPTED, None, "Bão"), (
        "the chair is not asked for ever"
    )


async def _item(work: Work, dossier: UUID) -> UUID:
    found = (await work.get(Dossier, dossier)).item_id
    assert found is not None
    return found


async def test_what_a_meeting_does_not_reach_waits_again_and_what_it_puts_off_may_still_be_dealt_with(
    store: Store,
) -> None:
    council = await make_council(store, seats=3)
    secretary, chair = council["secretary"], council["chair"]
    at(store, "2026-03-02")
    dealt, missed = [await accepted(store, council, title) for title in ("Một", "Hai")]
    meeting = await meeting_of(store, council, "2026-04-20T08:00")
    for dossier in (dealt, missed):
        await put(store, council, dossier, meeting)
    async with store.work() as work:
        await publish_meeting(work, secretary, meeting)
    item = await item_of(store, dealt)
    async with store.work() as work:
        await postpone(work, secretary, item)
    assert (await now(store, dealt))[:2] == (DossierState.ACCEPTED, None)
    await seat(store, council, meeting, 3)
    async with store.work() as work:
        await call_to_order(work, chair, meeting)
        await take_up(work, chair, item)
    assert (await now(store, dealt))[:2] == (DossierState.SCHEDULED, meeting), "dealt with after all"
    async with store.work() as work:
        await conclude(work, chair, item)
        await adjourn(work, chair, meeting)
    assert (await now(store, dealt))[0] == DossierState.SCHEDULED
    assert (await now(store, missed))[:2] == (DossierState.ACCEPTED, None)


async def test_the_secretariat_takes_a_dossier_off_a_draft_and_a_frozen_agenda_takes_none(
    store: Store,
) -> None:
    council = await make_council(store, seats=3)
    secretary, officer = council["secretary"], council["officer"]
    at(store, "2026-03-02")
    dossier = await accepted(store, council)
    meeting = await meeting_of(store, council, "2026-04-20T08:00")
    await put(store, council, dossier, meeting)
    item = await item_of(store, dossier)
    async with store.reading() as reading:
        assert "take-off" in (await open_dossier(reading, secretary, dossier)).acts
        assert "take-off" not in (await open_dossier(reading, officer, dossier)).acts
    await refused(store, "forbidden", lambda work: take_off_agenda(work, officer, dossier, reason="Sai"))
    await refused(store, "reason-missing", lambda work: take_off_agenda(work, secretary, dossier, reason=" "))
    async with store.work() as work:
        below = await add_item(work, secretary, meeting, title="Thảo luận", parent=item)
    await refused(store, "item-in-use", lambda work: take_off_agenda(work, secretary, dossier, reason="Sai"))
    async with store.work() as work:
        await work.session.delete(await work.get(Item, below.id))
    async with store.work() as work:
        await take_off_agenda(work, secretary, dossier, reason="Nhầm phiên")
    assert await now(store, dossier) == (DossierState.ACCEPTED, None, "Nhầm phiên")
    async with store.reading() as reading:
        kept = await reading.get(Item, item)
    assert (kept.state, kept.visibility, kept.number) == (ItemState.WITHDRAWN, Visibility.HIDDEN, "")
    await refused(store, "not-now", lambda work: show_item(work, secretary, item, visibility="common"))
    async with store.work() as work:
        await freeze_agenda(work, secretary, meeting)
    await refused(store, "agenda-frozen", lambda work: put_on_agenda(work, secretary, dossier, meeting))
    at(store, "2026-04-17")
    waiting = await put(store, council, dossier, meeting, "Vốn mới giao")
    assert waiting.state == DossierState.AWAITING_CHAIR, "the chair can be asked"
    async with store.work() as work:
        assert (await admit_late(work, council["chair"], dossier)).state == DossierState.SCHEDULED
        await publish_meeting(work, secretary, meeting)
    await refused(store, "not-now", lambda work: take_off_agenda(work, secretary, dossier, reason="Sai"))


@pytest.mark.parametrize(
    ("today", "found"),
    [(2, None), (3, None), (5, Reminding.SOON), (6, Reminding.SOON), (7, None), (9, Reminding.LATE)],
)
def test_a_last_day_is_near_from_the_working_day_before_it(today: int, found: Reminding | None) -> None:
    # from Monday the 2nd until Friday the 6th
    assert reminding(date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, today), ORDINARY) == found
    assert reminding(date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 5), ORDINARY) is None, "just told"


async def test_who_holds_a_step_is_reminded_once_before_it_is_late_and_once_after(store: Store) -> None:
    council = await make_council(store, seats=3)
    at(store, "2026-03-02")
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await passed(store, council["secretary"], dossier)
    async with store.reading() as reading:
        run = (await reading.session.scalars(select(DossierRun).where(DossierRun.ended_at.is_(None)))).one()
    assert run.due == date(2026, 3, 9)

    async def look(day: str, hour: int = 9) -> int:
        at(store, day)
        moment = store.clock() + timedelta(hours=hour - 9)
        store.clock = lambda: moment
        return await remind_of_steps(store)

    assert await look("2026-03-03") == 1, "the legal opinion is due on the 4th"
    assert await look("2026-03-03") == 0, "once"
    assert await look("2026-03-04") == 1, "the opinion on finance is due on the 5th"
    assert await look("2026-03-05") == 1, "the legal opinion is late"
    assert await look("2026-03-06", 7) == 0, "not before the morning"
    assert await look("2026-03-06") == 2, "the step is due on Monday, and the opinion on finance is late"
    assert await look("2026-03-07") == await look("2026-03-08") == await look("2026-03-09") == 0
    assert await look("2026-03-10") == 1
    assert await look("2026-03-11") == 0
    step, title = "step “Thẩm định”", "Dự toán 2026"
    assert (await told(store, council, "officer2"))[2:] == [
        f"Due on 2026-03-05: your opinion on Tài chính is asked for: {title}",
        f"Due on 2026-03-09: {step} of a dossier waits for you: {title}",
        f"Late since 2026-03-05: the opinion on Tài chính is missing: {title}",
        f"Late since 2026-03-09: {step} of a dossier: {title}",
    ]
    assert [line for line in await told(store, council, "secretary") if line.startswith("Late")] == [
        f"Late since 2026-03-04: the opinion on Pháp lý is missing: {title}",
        f"Late since 2026-03-05: the opinion on Tài chính is missing: {title}",
        f"Late since 2026-03-09: {step} of a dossier: {title}",
    ]
    assert not [line for line in await told(store, council, "officer") if line.startswith(("Late", "Due"))]
