"""An agency's dossier goes through its procedure and comes onto an agenda."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of
from meetings.before.dossier_agenda import admit_late, put_on_agenda, refuse_late
from meetings.before.dossier_lists import dossiers_for, open_dossier, punctuality
from meetings.before.dossier_papers import dossier_papers, lay_dossier_paper, take_out_paper
from meetings.before.dossiers import (
    begin_dossier,
    change_dossier,
    give_opinion,
    pass_step,
    return_dossier,
    submit_dossier,
    withdraw_dossier,
)
from meetings.before.papers import keep_upload, leaves_of
from meetings.before.procedures import (
    catalogue,
    export_procedure,
    import_procedure,
    open_procedure,
    retire_procedure,
    write_procedure,
)
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.rules.dossiers import DossierState
from meetings.rules.permissions import Actor
from meetings.rules.procedures import procedure_of
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, DossierOpinion, Item, JournalRow, Notification, ProcedureRow
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council
from tests.support.papers import a_pdf


def at(store: Store, day: str) -> None:
    """It is nine in the morning of that day in Vietnam."""
    moment = datetime.fromisoformat(f"{day}T02:00+00:00").astimezone(UTC)
    store.clock = lambda: moment


def four_steps(council: Council) -> dict[str, Any]:
    """Reception, appraisal with two opinions, the agency's own rework, the chair's approval."""
    finance = {"by": "agency", "agency": str(council.second_agency)}
    return {
        "code": "QT-01",
        "name": "Trình ban hành nghị quyết",
        "level": "province",
        "field": "Tài chính - Ngân sách",
        "inter_level": True,
        "steps": [
            {"name": "Tiếp nhận", "by": "secretariat", "days": 1},
            {
                "name": "Thẩm định", "days": 5, **finance, "outputs": ["Báo cáo thẩm định"],
                "opinions": [
                    {"topic": "Pháp lý", "by": "secretariat", "days": 2},
                    {"topic": "Tài chính", "days": 3, **finance},
                ],
            },
            {"name": "Tiếp thu, giải trình", "by": "submitter", "days": 3},
            {"name": "Thông qua", "by": "chair", "days": 2},
        ],
    }  # fmt: skip


async def make_procedure(store: Store, council: Council, data: dict[str, Any] | None = None) -> ProcedureRow:
    async with store.work() as work:
        wanted = procedure_of(data or four_steps(council))
        return await write_procedure(work, council["secretary"], council.body, wanted)


async def make_dossier(
    store: Store, council: Council, procedure: UUID, *, title: str = "Dự toán 2026"
) -> UUID:
    """A submitted dossier with a statement and a draft."""
    officer = council["officer"]
    async with store.work() as work:
        dossier = await begin_dossier(
            work, officer, procedure=procedure, agency=council.agency, title=title, presenter="Ông Vũ"
        )
    for kind in ("draft", "statement"):
        await lay(store, officer, dossier.id, kind)
    async with store.work() as work:
        await submit_dossier(work, officer, dossier.id)
    return dossier.id


async def lay(store: Store, actor: Actor, dossier: UUID, kind: str, *, replaces: UUID | None = None) -> UUID:
    content = a_pdf(2, f"{kind} {replaces}")
    file = await keep_upload(store, f"{kind}.pdf", content, 2)
    async with store.work() as work:
        return (await lay_dossier_paper(work, actor, dossier, file, kind=kind, replaces=replaces)).id


async def refused(store: Store, code: str, act: Any) -> None:
    """The act is refused with this code; `act` takes the work."""
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await act(work)
    assert refusal.value.code == code


async def passed(store: Store, actor: Actor, dossier: UUID) -> Dossier:
    async with store.work() as work:
        return await pass_step(work, actor, dossier)


async def opinions(store: Store, dossier: UUID) -> dict[str, UUID]:
    """The open ones by their topic."""
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(DossierOpinion).where(
                DossierOpinion.dossier_id == dossier,
                DossierOpinion.verdict == "",
                DossierOpinion.closed_on.is_(None),
            )
        )
        return {row.topic: row.id for row in rows}


async def to_acceptance(store: Store, council: Council, dossier: UUID) -> None:
    """Every step in time."""
    await passed(store, council["secretary"], dossier)
    asked = await opinions(store, dossier)
    async with store.work() as work:
        await give_opinion(work, council["secretary"], asked["Pháp lý"], verdict="agree")
        await give_opinion(
            work, council["officer2"], asked["Tài chính"], verdict="comments", text="Rõ nguồn vốn"
        )
    for login in ("officer2", "officer", "chair"):
        await passed(store, council[login], dossier)


async def meeting_of(store: Store, council: Council, starts: str, *, published: bool = False) -> UUID:
    secretary = council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(work, secretary, body=council.body, title="Kỳ họp", starts=starts)
        await add_item(work, secretary, meeting.id, title="Khai mạc")
        if published:
            await publish_meeting(work, secretary, meeting.id)
    return meeting.id


async def test_a_dossier_goes_through_four_steps_over_tet_with_a_return_and_a_late_step(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, officer, finance = council["secretary"], council["officer"], council["officer2"]
    at(store, "2026-02-11")
    procedure = await make_procedure(store, council)
    dossier = await make_dossier(store, council, procedure.id)
    at(store, "2026-02-12")
    await passed(store, secretary, dossier)
    async with store.reading() as reading:
        opened = await open_dossier(reading, finance, dossier)
    assert opened.line.run is not None
    assert opened.line.run.row.due.isoformat() == "2026-02-26", "Tết is skipped: 16 to 20"
    asked = await opinions(store, dossier)
    await refused(store, "opinions-missing", lambda work: pass_step(work, finance, dossier))
    async with store.work() as work:
        await give_opinion(work, secretary, asked["Pháp lý"], verdict="agree")
    at(store, "2026-02-13")
    async with store.work() as work:
        await return_dossier(work, finance, dossier, to=0, reason="Thiếu phụ lục số liệu")
    assert await opinions(store, dossier) == {}, "what was not said is closed with the step"
    at(store, "2026-02-23")
    await lay(store, officer, dossier, "annex")
    async with store.work() as work:
        again = await submit_dossier(work, officer, dossier)
    assert (again.state, again.step) == ("running", 2), "it goes on at the step that returned it"
    at(store, "2026-03-04")
    async with store.reading() as reading:
        (line,) = await dossiers_for(reading, secretary)
        late = line.late
    assert late == 5, "the opinion on finance was due on 26 February, four days; the legal one on the 25th"
    await passed(store, finance, dossier)
    await passed(store, officer, dossier)
    accepted = await passed(store, council["chair"], dossier)
    assert accepted.state == DossierState.ACCEPTED
    meeting = await meeting_of(store, council, "2026-04-20T08:00")
    async with store.work() as work:
        await put_on_agenda(work, secretary, dossier, meeting)
    async with store.reading() as reading:
        items = await agenda_of(reading, meeting)
        leaves = (await leaves_of(reading, meeting))[items[1].id]
        figures = await punctuality(
            reading, secretary, since=line.dossier.begun_at.date(), until=reading.today
        )
    assert (items[1].number, items[1].title, items[1].presenter) == ("2", "Dự toán 2026", "Ông Vũ")
    assert [leaf.title for leaf in leaves] == ["statement", "draft", "annex"]
    by_step = {line.key[2]: (line.in_time, line.late) for line in figures.steps}
    assert by_step == {
        "Tiếp nhận": (1, 0), "Thẩm định": (1, 1), "Tiếp thu, giải trình": (1, 0), "Thông qua": (1, 0),
    }  # fmt: skip
    late_step = next(line for line in figures.steps if line.late)
    assert late_step.worst == 2, "due on 2 March, passed on the 4th"


async def test_each_step_belongs_to_whom_the_procedure_names(store: Store) -> None:
    council = await make_council(store, seats=3)
    procedure = await make_procedure(store, council)
    dossier = await make_dossier(store, council, procedure.id)
    for login in ("officer", "officer2", "chair", "delegate01", "foreign-secretary"):
        await refused(store, "forbidden", lambda work, who=login: pass_step(work, council[who], dossier))
    await passed(store, council["secretary"], dossier)
    asked = await opinions(store, dossier)
    legal = asked["Pháp lý"]
    await refused(
        store, "forbidden", lambda work: give_opinion(work, council["officer2"], legal, verdict="agree")
    )
    await refused(
        store,
        "verdict-text",
        lambda work: give_opinion(work, council["secretary"], legal, verdict="disagree"),
    )
    async with store.work() as work:
        await give_opinion(work, council["secretary"], legal, verdict="disagree", text="Trái Luật Ngân sách")
    await refused(
        store, "opinion-given", lambda work: give_opinion(work, council["secretary"], legal, verdict="agree")
    )
    await refused(
        store, "forbidden", lambda work: return_dossier(work, council["officer"], dossier, to=0, reason="x")
    )
    await refused(
        store,
        "reason-missing",
        lambda work: return_dossier(work, council["officer2"], dossier, to=1, reason=" "),
    )
    async with store.work() as work:
        back = await return_dossier(work, council["secretary"], dossier, to=1, reason="Rút về tiếp nhận lại")
    assert (back.state, back.step) == ("running", 1)


async def test_who_sees_a_dossier(store: Store) -> None:
    council = await make_council(store, seats=3)
    procedure = await make_procedure(store, council)
    async with store.work() as work:
        draft = await begin_dossier(
            work, council["officer"], procedure=procedure.id, agency=council.agency, title="Bản nháp"
        )

    async def seen_by() -> set[str]:
        found: set[str] = set()
        async with store.reading() as reading:
            for login in (
                "officer",
                "officer2",
                "secretary",
                "chair",
                "delegate01",
                "admin",
                "foreign-secretary",
            ):
                listed = draft.id in {line.dossier.id for line in await dossiers_for(reading, council[login])}
                try:
                    await open_dossier(reading, council[login], draft.id)
                    opens = True
                except Refused:
                    opens = False
                assert listed == opens, login
                found |= {login} if opens else set()
        return found

    assert await seen_by() == {"officer"}
    await refused(store, "dossier-papers", lambda work: submit_dossier(work, council["officer"], draft.id))
    await lay(store, council["officer"], draft.id, "draft")
    async with store.work() as work:
        await submit_dossier(work, council["officer"], draft.id)
    assert await seen_by() == {"officer", "secretary", "chair"}
    await passed(store, council["secretary"], draft.id)
    assert await seen_by() == {"officer", "officer2", "secretary", "chair"}


async def test_documents_have_versions_and_change_only_in_the_hands_of_who_has_the_dossier(
    store: Store,
) -> None:
    council = await make_council(store, seats=3)
    officer, secretary = council["officer"], council["secretary"]
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    with pytest.raises(Refused):
        await lay(store, officer, dossier, "annex")
    opinion = await lay(store, secretary, dossier, "opinion")
    async with store.reading() as reading:
        statement = (await dossier_papers(reading, dossier))[0]
    newer = await lay(store, secretary, dossier, "annex", replaces=statement.id)
    async with store.work() as work:
        await take_out_paper(work, secretary, opinion)
    async with store.reading() as reading:
        papers = await dossier_papers(reading, dossier)
    assert [(paper.kind, paper.number) for paper in papers] == [("statement", 2), ("draft", 1)]
    assert papers[0].id == newer
    with pytest.raises(Refused):
        await lay(store, secretary, dossier, "annex", replaces=statement.id)


async def test_a_late_dossier_needs_the_chairs_act(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, chair = council["secretary"], council["chair"]
    at(store, "2026-03-02")
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await to_acceptance(store, council, dossier)
    meeting = await meeting_of(store, council, "2026-04-20T08:00", published=True)
    await refused(store, "dossier-late", lambda work: put_on_agenda(work, secretary, dossier, meeting))
    async with store.work() as work:
        await put_on_agenda(work, secretary, dossier, meeting, reason="Trung ương mới giao vốn")
    await refused(store, "forbidden", lambda work: admit_late(work, secretary, dossier))
    async with store.work() as work:
        await refuse_late(work, chair, dossier, reason="Để kỳ họp sau")
    await refused(store, "not-now", lambda work: admit_late(work, chair, dossier))
    async with store.work() as work:
        await put_on_agenda(work, secretary, dossier, meeting, reason="Cần cho kỳ này")
    async with store.work() as work:
        admitted = await admit_late(work, chair, dossier)
    assert admitted.state == DossierState.SCHEDULED
    async with store.reading() as reading:
        item = await reading.get(Item, admitted.item_id)
        told = await reading.session.scalars(
            select(JournalRow.event).where(JournalRow.chain_id == meeting).order_by(JournalRow.seq)
        )
        events = list(told)
    assert (item.urgent, item.number) == (True, "2")
    assert events.index("UrgentItemAdded") < events.index("DossierScheduled") < events.index("PaperLaid")
    await refused(
        store, "not-now", lambda work: withdraw_dossier(work, council["officer"], dossier, reason="Không cần")
    )


async def test_papers_that_would_come_after_their_last_day_are_late_too(store: Store) -> None:
    council = await make_council(store, seats=3)
    at(store, "2026-03-02")
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await to_acceptance(store, council, dossier)
    meeting = await meeting_of(store, council, "2026-03-04T08:00")
    await refused(
        store, "dossier-late", lambda work: put_on_agenda(work, council["secretary"], dossier, meeting)
    )
    later = await meeting_of(store, council, "2026-03-05T08:00")
    async with store.work() as work:
        kept = await put_on_agenda(work, council["secretary"], dossier, later)
    assert kept.state == DossierState.SCHEDULED


async def test_another_bodys_meeting_is_refused(store: Store) -> None:
    council = await make_council(store, seats=3)
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await to_acceptance(store, council, dossier)
    async with store.work() as work:
        other = await schedule_meeting(
            work,
            council["foreign-secretary"],
            body=council.other_body,
            title="Họp",
            starts="2027-01-05T08:00",
        )
    await refused(
        store, "dossier-meeting", lambda work: put_on_agenda(work, council["secretary"], dossier, other.id)
    )


async def test_a_changed_procedure_does_not_move_who_is_under_way(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    row = await make_procedure(store, council)
    under_way = await make_dossier(store, council, row.id)
    shorter = four_steps(council)
    shorter["steps"] = shorter["steps"][:1]
    async with store.work() as work:
        changed = await write_procedure(
            work, secretary, council.body, procedure_of(shorter), procedure=row.id
        )
    assert changed.version == 2
    assert (await passed(store, secretary, under_way)).state == DossierState.RUNNING
    new = await make_dossier(store, council, row.id, title="Đề án mới")
    assert (await passed(store, secretary, new)).state == DossierState.ACCEPTED
    async with store.work() as work:
        await retire_procedure(work, secretary, row.id)
    with pytest.raises(Refused) as refusal:
        await make_dossier(store, council, row.id)
    assert refusal.value.code == "procedure-retired"


async def test_a_procedure_is_handed_on_as_a_file(store: Store) -> None:
    council = await make_council(store, seats=3)
    row = await make_procedure(store, council)
    async with store.reading() as reading:
        content = await export_procedure(reading, council["officer"], row.id)
    data = json.loads(content)
    assert data["steps"][1]["agency"] == "Phòng Tài chính"
    async with store.work() as work:
        copy = await import_procedure(work, council["foreign-secretary"], council.other_body, content)
    assert copy.data == row.data
    data["steps"][1]["agency"] = "Sở Không Có"
    wrong = json.dumps(data).encode()
    await refused(
        store,
        "procedure-agency",
        lambda work: import_procedure(work, council["secretary"], council.body, wrong),
    )
    for broken in (b"", b"\xff\xfe", b"[" * 100_000, b"null", b'{"steps": 1}'):
        await refused(
            store, "procedure-file",
            lambda work, sent=broken: import_procedure(work, council["secretary"], council.body, sent),
        )  # fmt: skip
    await refused(
        store, "forbidden", lambda work: import_procedure(work, council["officer"], council.body, content)
    )


async def test_the_catalogue_is_open_to_agencies_while_a_procedure_is_in_use(store: Store) -> None:
    council = await make_council(store, seats=3)
    row = await make_procedure(store, council)
    await make_dossier(store, council, row.id)
    async with store.reading() as reading:
        (line,) = await catalogue(reading, council["officer2"])
        assert (line.running, line.procedure.days, line.row.level) == (1, 11, "province")
        assert not await catalogue(reading, council["delegate01"])
    async with store.work() as work:
        await retire_procedure(work, council["secretary"], row.id)
    async with store.reading() as reading:
        assert not await catalogue(reading, council["officer2"])
        assert [line.row.in_use for line in await catalogue(reading, council["secretary"])] == [False]
        with pytest.raises(Refused):
            await open_procedure(reading, council["officer2"], row.id)


async def test_whoever_a_dossier_comes_to_is_told(store: Store) -> None:
    council = await make_council(store, seats=3)
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)

    async def told(login: str) -> list[str]:
        async with store.reading() as reading:
            rows = await reading.session.scalars(
                select(Notification.message).where(
                    Notification.person_id == council[login].person,
                    Notification.link == f"/dossiers/{dossier}",
                )
            )
            return sorted(message.split(" ")[0] for message in rows)

    assert await told("secretary") == ["A"]
    await passed(store, council["secretary"], dossier)
    assert await told("officer2") == ["A", "Your"], "the step, and the opinion"
    async with store.work() as work:
        await return_dossier(work, council["officer2"], dossier, to=0, reason="Thiếu")
    assert await told("officer") == ["The"]


async def test_words_are_changed_only_while_the_agency_has_the_dossier(store: Store) -> None:
    council = await make_council(store, seats=3)
    officer = council["officer"]
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await refused(store, "not-now", lambda work: change_dossier(work, officer, dossier, title="Khác"))
    await refused(store, "reason-missing", lambda work: withdraw_dossier(work, officer, dossier, reason=""))
    async with store.work() as work:
        gone = await withdraw_dossier(work, officer, dossier, reason="Chờ luật mới")
    assert gone.state == DossierState.WITHDRAWN
    await refused(store, "not-now", lambda work: submit_dossier(work, officer, dossier))
    async with store.reading() as reading:
        opened = await open_dossier(reading, officer, dossier)
        assert not opened.acts
        found = await punctuality(reading, officer, since=reading.today, until=reading.today)
    assert not found.steps, "what was withdrawn counts for nobody"
