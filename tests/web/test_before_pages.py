"""The pages before the meeting and of the council, as a browser without scripts uses them: read, send, follow."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import event, select

from meetings.app import create_app
from meetings.before.papers import Checked, lay_paper
from meetings.council.bodies import found_body
from meetings.council.sign_in import begin_sign_in
from meetings.during import ballot_box, voting
from meetings.pdf.workers import stop_workers
from meetings.rules.refusals import Refused
from meetings.settings import read_settings
from meetings.storage.files import Files
from meetings.storage.tables import (
    Account,
    Item,
    Meeting,
    Motion,
    Paper,
    PaperVersion,
    Person,
    Poll,
    RoleGrant,
)
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support.council import (
    PASSWORD,
    Council,
    Sitting,
    begin_poll,
    begin_sitting,
    make_council,
    publish_sitting,
)


class Reader:
    """One signed-in person's browser, in English."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.html = ""
        self.status = 0
        self.address = ""

    async def get(self, address: str) -> str:
        return self._took(await self.client.get(address))

    async def post(
        self, address: str, *, files: Any = None, token: str | None = None, **fields: object
    ) -> str:
        own = self.client.cookies.get("meetings_form", "") if token is None else token
        data = {"_csrf_token": own, **{name: str(value) for name, value in fields.items()}}
        return self._took(await self.client.post(address, data=data, files=files))

    def _took(self, response: httpx.Response) -> str:
        self.status, self.html, self.address = response.status_code, response.text, str(response.url)
        return self.html

    @property
    def words(self) -> str:
        """What stands on the page, header included, as plain words."""
        page = self.html[self.html.index('class="page"') :] if 'class="page"' in self.html else self.html
        return " ".join(re.sub(r"<[^>]+>", " ", page).split())

    def numbered(self) -> list[str]:
        """The agenda as the editor shows it: number and title."""
        found = re.findall(
            r'agenda__number">([^<]+)</span>.*?arrange__title"><a[^>]*>([^<]+)<', self.html, re.DOTALL
        )
        return [f"{number} {title}" for number, title in found]


SignIn = Callable[[str], Awaitable[Reader]]


@pytest.fixture(scope="module", autouse=True)
def _worker() -> Iterator[None]:
    yield
    stop_workers()


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store, seats=3)


@pytest.fixture
async def sign_in(store: Store, council: Council, tmp_path: Path) -> AsyncIterator[SignIn]:
    """`await sign_in("secretary")` gives that person's browser."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_SECRET_KEY": "x" * 32})
    app: Any = create_app(settings, store)
    async with AsyncExitStack() as stack:

        async def open_browser(login: str) -> Reader:
            async with store.work() as work:
                account = await work.session.scalar(select(Account).where(Account.login == login))
                assert account is not None
                secret = await begin_sign_in(work, account)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://testserver",
                follow_redirects=True,
                cookies={COOKIE: secret, "meetings_language": "en"},
            )
            reader = Reader(await stack.enter_async_context(client))
            await reader.get("/")
            return reader

        yield open_browser


def pdf(pages: int = 1) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    for number in range(pages):
        canvas.drawString(72, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


async def laid(
    store: Store, council: Council, item: Any, content: bytes = b"%PDF-1.7 not read here"
) -> Paper:
    """A paper laid without the look into its bytes, which other tests take."""
    checked = Checked("Tờ trình 214.pdf", await store.files.put(content), len(content), 4)
    async with store.work() as work:
        version = await lay_paper(work, council["secretary"], item, checked)
        return await work.get(Paper, version.paper_id)


# Who sees what


async def test_every_page_renders_for_whom_it_is_meant(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item)
    reading = ["/", "/meetings", f"/meetings/{sitting.meeting}", "/papers", f"/papers/{paper.id}", "/council"]
    writing = ["/meetings/new", f"/meetings/{sitting.meeting}/edit", f"/meetings/{sitting.meeting}/agenda"]
    writing.append(f"/meetings/{sitting.meeting}/agenda?item={sitting.item}")
    for login, allowed, refused in (
        ("secretary", reading + writing, ["/council/manage"]),
        ("delegate01", reading, [*writing, "/council/manage"]),
        ("delegate00", reading, writing),
        ("observer", reading, writing),
        ("officer", ["/", "/council"], reading[1:5] + writing),
        ("admin", ["/", "/council", "/council/manage"], reading[1:5] + writing),
    ):
        reader = await sign_in(login)
        for address in allowed:
            await reader.get(address)
            assert reader.status == 200, f"{login} {address}"
        for address in refused:
            await reader.get(address)
            assert reader.status == 403, f"{login} {address}"


async def test_another_bodys_meeting_is_not_there(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item)
    stranger, foreign = await sign_in("stranger"), await sign_in("foreign-secretary")
    here = f"/meetings/{sitting.meeting}"
    for address in (here, f"{here}/agenda/text", f"/papers/{paper.id}", f"/papers/{paper.id}/file"):
        await stranger.get(address)
        assert stranger.status == 404, address
    assert "Kỳ họp thứ nhất" not in await stranger.get("/meetings")
    await foreign.get(f"{here}/agenda")
    assert foreign.status == 404
    for address in (f"{here}/publish", f"{here}/cancel", f"{here}/items", f"/items/{sitting.item}/move"):
        await foreign.post(address, title="x", reason="x", move="up")
        assert foreign.status in (403, 404), address
    await foreign.post(
        f"/items/{sitting.item}/papers", files=[("files", ("a.pdf", pdf(), "application/pdf"))]
    )
    assert foreign.status == 404


async def test_a_draft_is_for_those_who_prepare_it(store: Store, council: Council, sign_in: SignIn) -> None:
    secretary, delegate = await sign_in("secretary"), await sign_in("delegate01")
    await secretary.post(
        "/meetings/new", body=council.body, title="Kỳ họp kín", date="2026-12-08", time="08:00"
    )
    address = secretary.address.partition("/agenda")[0]
    assert "Kỳ họp kín" in await secretary.get("/meetings")
    assert "Kỳ họp kín" not in await delegate.get("/meetings")
    await delegate.get(address)
    assert delegate.status == 404


async def test_the_shared_part_holds_nothing_personal(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    first, second = await sign_in("delegate01"), await sign_in("delegate02")
    address = f"/meetings/{sitting.meeting}/agenda/text"
    part = await first.get(address)
    assert part == await second.get(address)
    assert "csrf" not in part.lower()
    assert council["delegate01"].name not in part
    assert part in await second.get(f"/meetings/{sitting.meeting}")
    assert council["delegate02"].name in second.html
    known = await first.client.get(address)
    again = await first.client.get(address, headers={"if-none-match": known.headers["etag"]})
    assert again.status_code == 304


async def test_a_kept_agenda_costs_two_queries(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    delegate = await sign_in("delegate01")
    address = f"/meetings/{sitting.meeting}"
    await delegate.get(address)
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(store.engine.sync_engine, "before_cursor_execute", listen)
    await delegate.get(address)
    event.remove(store.engine.sync_engine, "before_cursor_execute", listen)
    own = [one for one in asked if "FROM meeting" in one or "FROM attendance" in one]
    assert len(own) == 2
    assert not [one for one in asked if "FROM item " in one or "FROM motion" in one or "FROM paper" in one]


# The story without scripts


async def test_from_scheduling_to_publishing(store: Store, council: Council, sign_in: SignIn) -> None:
    secretary, delegate = await sign_in("secretary"), await sign_in("delegate01")
    form: dict[str, Any] = {
        "body": council.body,
        "title": "Kỳ họp thứ chín",
        "date": "2026-12-08",
        "time": "08:00",
    }
    await secretary.post("/meetings/new", **form, place="Hội trường lớn", kind="thematic")
    assert "The meeting is scheduled" in secretary.words
    here = secretary.address.split("?")[0].removesuffix("/agenda").removeprefix("http://testserver")
    await secretary.post(f"{here}/publish")
    assert secretary.status == 409
    assert "The agenda is empty" in secretary.words
    for title in ("Khai mạc", "Dự toán ngân sách", "Bế mạc"):
        await secretary.post(f"{here}/items", title=title, minutes="15")
    assert secretary.numbered() == ["1 Khai mạc", "2 Dự toán ngân sách", "3 Bế mạc"]
    async with store.reading() as reading:
        budget = await reading.session.scalar(select(Item.id).where(Item.title == "Dự toán ngân sách"))
    await secretary.post(f"{here}/items", title="Báo cáo thẩm tra", place="in", at=budget)
    await secretary.post(f"{here}/items", title="Thảo luận", place="after", at=budget)
    assert secretary.numbered()[1:4] == ["2 Dự toán ngân sách", "2.1 Báo cáo thẩm tra", "3 Thảo luận"]
    await secretary.post(
        f"/items/{budget}/edit",
        title="Dự toán 2026",
        minutes="40",
        presenter="Sở Tài chính",
        text="Có tờ trình.",
    )
    files = [
        ("files", ("Tờ trình.pdf", pdf(3), "application/pdf")),
        ("files", ("Dự thảo.pdf", pdf(), "application/pdf")),
    ]
    await secretary.post(f"/items/{budget}/papers", files=files)
    assert "The paper is laid." in secretary.words
    assert "Tờ trình 3 pages" in secretary.words
    await secretary.post(
        f"/items/{budget}/motions",
        title="Thông qua dự toán",
        text="Điều 1.",
        kind="substantive",
        rule="hdnd-removal",
        secret="yes",
    )
    assert "Removal of a delegate: at least two thirds of all seats · secret" in secretary.words
    await secretary.post(f"{here}/publish")
    assert "The members have been notified" in secretary.words
    await delegate.get(here)
    assert "08:15 Sở Tài chính 40 minutes" in delegate.words
    assert "Có tờ trình." in delegate.words
    assert "Thông qua dự toán" in delegate.words
    assert "The poll is prepared." not in delegate.words
    assert "Dự thảo" in await delegate.get("/papers")
    await delegate.get(here)
    await delegate.post(f"{here}/check-in")
    assert "You are checked in" in delegate.words


async def test_an_item_is_moved_by_its_buttons(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    move = f"/items/{sitting.item}/move"
    budget = "Điều chỉnh dự toán ngân sách năm 2026"
    await secretary.post(move, move="up")
    assert secretary.numbered() == [f"1 {budget}", "2 Khai mạc"]
    await secretary.post(move, move="up")
    assert secretary.numbered() == [f"1 {budget}", "2 Khai mạc"]
    await secretary.post(move, move="down")
    await secretary.post(move, move="in")
    assert secretary.numbered() == ["1 Khai mạc", f"1.1 {budget}"]
    await secretary.post(move, move="out")
    assert secretary.numbered() == ["1 Khai mạc", f"2 {budget}"]
    await secretary.post(move, move="sideways")
    assert secretary.status == 422
    await secretary.post(move, parent=sitting.item, position="0")
    assert secretary.status == 409
    assert "An item cannot be moved below itself." in secretary.words
    dragged = await secretary.client.post(
        move,
        data={"parent": "", "position": "0"},
        headers={"hx-request": "true", "x-csrftoken": secretary.client.cookies["meetings_form"]},
    )
    assert dragged.text.lstrip().startswith('<div class="arrange" id="agenda-editor"')
    assert dragged.text.index(budget) < dragged.text.index("Khai mạc")


async def test_an_item_is_removed_only_while_nothing_hangs_on_it(
    council: Council, sign_in: SignIn, store: Store
) -> None:
    secretary = await sign_in("secretary")
    await secretary.post("/meetings/new", body=council.body, title="Kỳ họp", date="2026-12-08", time="08:00")
    here = secretary.address.split("?")[0].removesuffix("/agenda").removeprefix("http://testserver")
    await secretary.post(f"{here}/items", title="Khai mạc")
    async with store.reading() as reading:
        item = await reading.session.scalar(select(Item.id))
        assert item is not None
    paper = await laid(store, council, item)
    await secretary.post(f"/items/{item}/remove")
    assert secretary.status == 409
    assert "This item has papers" in secretary.words
    await secretary.post(f"/papers/{paper.id}/withdraw")
    assert "No papers are laid yet." in secretary.words


# Refusals


async def test_a_refused_form_keeps_what_was_written(council: Council, sign_in: SignIn) -> None:
    secretary = await sign_in("secretary")
    form: dict[str, Any] = {
        "body": council.body,
        "place": "Hội trường “lớn”",
        "date": "2026-12-08",
        "time": "08:00",
    }
    await secretary.post("/meetings/new", **form, title="  ")
    assert secretary.status == 422
    assert "Title is missing." in secretary.words
    assert 'value="Hội trường “lớn”"' in secretary.html
    await secretary.post("/meetings/new", **form | {"date": "hôm nay"}, title="Kỳ họp")
    assert "The start is not a date and time." in secretary.words
    await secretary.post("/meetings/new", **form, title="Kỳ họp", kind="secret")
    assert secretary.status == 422
    elsewhere: dict[str, Any] = form | {"body": council.other_body}
    await secretary.post("/meetings/new", **elsewhere, title="Kỳ họp")
    assert secretary.status == 403
    await secretary.post("/meetings/new", **form, title="Kỳ <họp> & bàn")
    here = secretary.address.split("?")[0].removesuffix("/agenda").removeprefix("http://testserver")
    assert "Kỳ &lt;họp&gt; &amp; bàn" in secretary.html
    await secretary.post(f"{here}/items", title="", text="Nội dung đã viết", minutes="nhiều")
    assert secretary.status == 422
    assert "Nội dung đã viết" in secretary.html
    await secretary.post(f"{here}/items", title="Khai mạc")
    await secretary.post(f"{here}/items", title="Mục", place="after", at="")
    assert "Item is missing." in secretary.words
    await secretary.post(f"{here}/cancel", reason=" ")
    assert "A reason is needed." in secretary.words
    await secretary.post(f"{here}/cancel", reason="Dời lịch")
    assert "The meeting is cancelled." in secretary.words
    await secretary.post(f"{here}/edit", title="Khác", date="2026-12-08", time="08:00")
    assert secretary.status == 409


async def test_a_form_without_its_token_changes_nothing(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    other = (await sign_in("delegate01")).client.cookies["meetings_form"]
    for token in ("", "x" * 128, other):
        await secretary.post(f"/meetings/{sitting.meeting}/items", title="Ngoài", token=token)
        assert secretary.status == 403
        assert "This form has expired." in secretary.words
        upload: Any = [("files", ("a.pdf", pdf(), "application/pdf"))]
        await secretary.post(f"/items/{sitting.item}/papers", files=upload, token=token)
        assert secretary.status == 403
    async with store.reading() as reading:
        assert await reading.session.scalar(select(Paper.id)) is None
        assert await reading.session.scalar(select(Item.id).where(Item.title == "Ngoài")) is None


async def test_each_refused_file_is_named_and_the_good_ones_are_laid(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    files = [
        ("files", ("Tờ trình.pdf", pdf(2), "application/pdf")),
        ("files", ("Bảng tính.xlsx", b"PK\x03\x04 a sheet", "application/pdf")),
        ("files", ("../Hỏng.pdf", pdf()[:400], "application/pdf")),
    ]
    await secretary.post(f"/items/{sitting.item}/papers", files=files)
    assert secretary.status == 422
    assert "Bảng tính.xlsx : This file cannot be opened." in secretary.words
    assert "Hỏng.pdf : This PDF cannot be opened." in secretary.words
    assert "Papers laid: 1." in secretary.words
    await secretary.post(f"/items/{sitting.item}/papers", files=[("files", ("", b"", "application/pdf"))])
    assert secretary.status == 422
    assert "A file is missing." in secretary.words
    async with store.reading() as reading:
        titles = list(await reading.session.scalars(select(Paper.title)))
    assert titles == ["Tờ trình"]


async def test_names_of_files_arrive_with_composed_letters(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    apart = "To\u031b\u0300 tri\u0300nh.pdf"
    await secretary.post(
        f"/items/{sitting.item}/papers", files=[("files", (apart, pdf(), "application/pdf"))]
    )
    async with store.reading() as reading:
        assert await reading.session.scalar(select(Paper.title)) == "Tờ trình"


# Papers


async def test_a_paper_and_its_versions(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    content = pdf(2)
    paper = await laid(store, council, sitting.item, content)
    secretary, delegate = await sign_in("secretary"), await sign_in("delegate01")
    here = f"/papers/{paper.id}"
    await secretary.post(
        f"{here}/versions", files=[("file", ("Tờ trình mới.pdf", pdf(3), "application/pdf"))]
    )
    assert "version 2" in secretary.words
    await delegate.get(f"{here}?version=1")
    assert "This is an earlier version" in delegate.words
    answer = await delegate.client.get(f"{here}/file?version=1")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith(
        "inline; filename*=utf-8''T%E1%BB%9D%20tr%C3%ACnh"
    )
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await delegate.client.get(
        f"{here}/file?version=1", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    newest = await delegate.client.get(f"{here}/file")
    assert newest.content != content
    await delegate.get(f"{here}/file?version=9")
    assert delegate.status == 404
    await secretary.post(f"{here}/withdraw")
    await delegate.get(here)
    assert delegate.status == 404
    await secretary.get(here)
    assert "This paper was withdrawn" in secretary.words


async def test_lost_bytes_are_a_failure_that_is_said(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item)
    async with store.reading() as reading:
        sha256 = await reading.session.scalar(select(PaperVersion.sha256))
        assert sha256 is not None
        files: Files = reading.files
    files.path(sha256).unlink()
    delegate = await sign_in("delegate01")
    await delegate.get(f"/papers/{paper.id}/file")
    assert delegate.status == 500


# What was decided stands beside the item


async def test_an_announced_outcome_stands_beside_its_item(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await begin_sitting(store, council)
    delegate = await sign_in("delegate01")
    here = f"/meetings/{sitting.meeting}"
    await delegate.get(here)
    assert "In hand now" in delegate.words
    assert 'data-address="' + here + '/live"' in delegate.html
    assert "Adopted" not in delegate.words
    await _adopt(store, council, sitting)
    await delegate.get(here)
    assert "Adopted: 3 of 3 seats in favour (100.00%)" in delegate.words


async def _adopt(store: Store, council: Council, sitting: Sitting) -> None:
    poll = await begin_poll(store, council, sitting)
    box = ballot_box.BallotBox(store)
    box.open()
    for number, delegate in enumerate(council.delegates):
        await box.cast(delegate, poll, "yes", f"00000000-0000-4000-8000-{number:012}")
    await box.shut()
    async with store.work() as work:
        await voting.close_poll(work, council["chair"], poll)
    async with store.work() as work:
        await voting.announce_outcome(work, council["chair"], poll)


async def test_a_poll_is_prepared_for_a_motion_without_one(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    await secretary.post(f"/motions/{sitting.motion}/polls", rule="no-such-rule")
    assert secretary.status == 422
    await secretary.post(f"/motions/{sitting.motion}/polls", rule="ubnd")
    assert "Poll 1 (prepared): Committee: more than half of all members" in secretary.words
    async with store.reading() as reading:
        poll = (await reading.session.scalars(select(Poll))).one()
        motion = (await reading.session.scalars(select(Motion))).one()
    assert (poll.motion_id, poll.secret) == (motion.id, False)
    await secretary.get(f"/meetings/{sitting.meeting}")
    assert "The poll is prepared." in secretary.words


# The council


async def test_names_stand_in_vietnamese_order(store: Store, council: Council, sign_in: SignIn) -> None:
    admin = await sign_in("admin")
    for name in ("Đặng Thu Bình", "Trần Văn An"):
        await admin.post("/council/persons", name=name)
    async with store.reading() as reading:
        people = dict((await reading.session.execute(select(Person.name, Person.id))).tuples().all())
    for name in ("Đặng Thu Bình", "Trần Văn An"):
        await admin.post(
            "/council/memberships", body=council.body, person=people[name], since="2021-01-01", weight="1"
        )
    page = await admin.get("/council")
    assert page.index("Trần Văn An") < page.index("Đặng Thu Bình")
    assert "5 members in office of 3 seats" in admin.words


async def test_an_administrator_keeps_the_council(store: Store, council: Council, sign_in: SignIn) -> None:
    admin = await sign_in("admin")
    person = {"name": "Lý Thị Mới", "email": "moi@example.invalid", "login": "moi", "password": "ngắn"}
    await admin.post("/council/persons", **person)
    assert admin.status == 422
    assert "A password needs at least 10 characters." in admin.words
    assert 'value="Lý Thị Mới"' in admin.html
    assert "ngắn" not in admin.html
    await admin.post("/council/persons", **person | {"login": "secretary", "password": PASSWORD})
    assert admin.status == 409
    assert "The sign-in name secretary is already in use." in admin.words
    await admin.post("/council/persons", **person | {"password": PASSWORD})
    assert "Saved." in admin.words
    async with store.reading() as reading:
        new = await reading.session.scalar(select(Person.id).where(Person.name == "Lý Thị Mới"))
    await admin.post("/council/roles", person=new, role="chair")
    assert admin.status == 422
    await admin.post("/council/roles", person=new, role="secretary", body=council.body)
    assert admin.status == 200
    await admin.post("/council/agencies", name="Phòng Hạ tầng")
    assert admin.status == 409
    await admin.post("/council/agencies", name="Phòng Văn hóa", short_name="PVH")
    await admin.post(
        "/council/bodies", name="Ban Pháp chế", kind="committee", seats="0", default_rule="hdnd-resolution"
    )
    assert admin.status == 422
    await admin.post(
        "/council/bodies",
        name="Ban Pháp chế",
        kind="committee",
        seats="7",
        parent=council.body,
        default_rule="hdnd-resolution",
    )
    await admin.get("/council")
    assert "Ban Pháp chế" in admin.words
    assert "Phòng Văn hóa PVH" in admin.words
    assert "Secretary Trần Thị Thư Ký, Lý Thị Mới" in admin.words
    async with store.reading() as reading:
        assert await reading.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == new))


@pytest.mark.parametrize("rule", ["election-list", "confidence-96", "ranked", "ubnd-written"])
async def test_no_body_has_the_rule_of_a_special_poll_as_its_usual_one(
    store: Store, council: Council, rule: str
) -> None:
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await found_body(work, council["admin"], name="Ban Pháp chế", seats=7, default_rule=rule)
    assert (refusal.value.code, refusal.value.facts) == ("rule-not-usual", {"rule": rule})


async def test_a_disabled_account_is_out_at_once(council: Council, sign_in: SignIn) -> None:
    admin, officer = await sign_in("admin"), await sign_in("officer")
    await officer.post("/council/accounts/disable", login="admin")
    assert officer.status == 403
    await admin.post("/council/accounts/disable", login="officer")
    assert "Disabled" in admin.words
    await officer.get("/council")
    assert officer.address.endswith("/sign-in?next=/council")


async def test_meetings_are_filtered_by_body(store: Store, council: Council, sign_in: SignIn) -> None:
    await publish_sitting(store, council)
    admin = await sign_in("admin")
    async with store.reading() as reading:
        account = (await reading.session.scalars(select(Account).where(Account.login == "secretary"))).one()
    await admin.post("/council/roles", person=account.person_id, role="secretary", body=council.other_body)
    secretary = await sign_in("secretary")
    for body, title in ((council.other_body, "Họp bên kia"), (council.body, "Họp bên này")):
        await secretary.post("/meetings/new", body=body, title=title, date="2026-12-08", time="08:00")
    page = await secretary.get("/meetings")
    assert "Họp bên kia" in page
    assert "Họp bên này" in page
    page = await secretary.get(f"/meetings?body={council.other_body}")
    assert "Họp bên kia" in page
    assert "Họp bên này" not in page


async def test_a_change_after_publication_is_kept(store: Store, council: Council, sign_in: SignIn) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    here = f"/meetings/{sitting.meeting}"
    await secretary.get(f"{here}/edit")
    assert "The members are told of every change." in secretary.words
    await secretary.post(f"{here}/edit", title="Kỳ họp mới", date="2026-11-26", time="09:15", place="Phòng 2")
    assert "Kỳ họp mới" in secretary.words
    async with store.reading() as reading:
        kept = await reading.get(Meeting, sitting.meeting)
    assert (kept.starts_local, kept.place) == ("2026-11-26T09:15", "Phòng 2")


async def test_the_secretary_sets_items_aside_until_the_meeting_begins(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary, here = await sign_in("secretary"), f"/meetings/{sitting.meeting}/agenda?item={sitting.item}"
    address = f"/items/{sitting.item}/set-aside"
    await secretary.get(here)
    assert secretary.html.count(address) == 2
    await secretary.post(address, act="postpone", reason="Chưa đủ hồ sơ")
    assert (secretary.status, "Postponed." in secretary.words) == (200, True)
    await secretary.post(address, reason="Người trình rút")
    assert "Withdrawn." in secretary.words
    assert address not in secretary.html
    await secretary.post(address)
    assert secretary.status == 409
    delegate = await sign_in("delegate01")
    await delegate.post(address)
    assert delegate.status == 403


async def test_once_the_meeting_has_begun_the_chair_sets_items_aside(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await begin_sitting(store, council)
    async with store.reading() as reading:
        first = (await reading.session.scalars(select(Item).where(Item.number == "1"))).one()
    secretary = await sign_in("secretary")
    await secretary.get(f"/meetings/{sitting.meeting}/agenda?item={first.id}")
    assert "The chair withdraws an item from its agenda." in secretary.words
    await secretary.post(f"/items/{first.id}/set-aside")
    assert secretary.status == 403


async def test_odd_input_is_refused_or_kept_but_never_a_fault(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await begin_sitting(store, council)
    secretary, admin = await sign_in("secretary"), await sign_in("admin")
    for address in (
        f"/meetings/{sitting.meeting}/journal?after={10**30}",
        f"/meetings/{sitting.meeting}/journal?after=-{10**30}",
        "/resolutions?q=%00&show=%00",
        f"/resolutions?year={10**8}",
    ):
        await secretary.get(address)
        assert secretary.status < 500, address
    await secretary.post(f"/meetings/{sitting.meeting}/items", title="Mục \0 mới", text="\0")
    assert secretary.status == 200
    await secretary.post("/meetings/new", body=council.body, title="Họp", date="0001-01-01", time="00:00")
    assert secretary.status == 422
    await admin.post("/council/persons", name="Ai Đó", login="x" * 200, password="a long password \0")
    assert admin.status == 422
    await admin.post(
        "/council/bodies", name="Ban", kind="committee", seats=3, default_rule="plurality", symbol="X" * 40
    )
    assert admin.status == 422
    await admin.post(
        "/council/roles", person=council["delegate01"].person, role="agency", agency=council.body
    )
    assert admin.status == 422
