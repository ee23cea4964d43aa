"""Three consultations of the council’s standing board: counted and to be announced, running, in preparation."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from meetings.before.consultation_clock import keep_deadlines
from meetings.before.consultation_drafts import draft_consultation, hand_to_chair, lay_consultation_paper
from meetings.before.consultation_recusals import stand_aside
from meetings.before.consultations import open_consultation
from meetings.before.opinions import answers_of, give_opinion, missing_among
from meetings.before.paper_opinions import enter_opinion
from meetings.before.papers import keep_upload
from meetings.council.bodies import members_in_office
from meetings.demo import people
from meetings.demo.papers import paper
from meetings.demo.telling import Telling
from meetings.pdf.inspect import inspect
from meetings.storage.tables import Body

Said = tuple[str, str]
AGREED: Said = ("agree", "")
FLOOD = (
    AGREED, AGREED,
    ("agree-comments", "Đồng ý. Đề nghị báo cáo tiến độ hằng tuần và công khai đơn vị thi công."),
    AGREED, ("disagree", "Dự phòng ngân sách còn lại quá ít cho ba tháng cuối năm."), AGREED, AGREED,
)  # fmt: skip
SCHOOLS = (
    AGREED, ("agree-comments", "Đề nghị bổ sung Trường Tiểu học Bến Nước vào danh mục."), AGREED,
    ("other", "Nội dung nên đưa ra phiên họp để thảo luận trực tiếp."),
)  # fmt: skip


async def ask_in_writing(telling: Telling) -> None:
    """What the standing board was asked between its meetings."""
    async with telling.store.reading() as reading:
        board = await reading.session.scalar(select(Body.id).where(Body.name == people.COMMITTEES[0]))
    if board is None:
        raise AssertionError("the committees were founded before")
    telling.at(-9, 10)
    flood = await _draft(
        telling, board, "Ứng 2 tỷ đồng từ dự phòng ngân sách để gia cố kè sông trước mùa lũ", days=3,
        text="Cho phép Ủy ban nhân dân thành phố ứng 2 tỷ đồng từ nguồn dự phòng ngân sách năm 2026 để gia cố khẩn cấp "
        "đoạn kè bị sạt lở dài 120 mét. Ủy ban nhân dân thành phố báo cáo kết quả tại kỳ họp gần nhất.",
        papers=("Tờ trình", "Báo cáo hiện trạng đoạn kè"),
    )  # fmt: skip
    await _open(telling, flood)
    await _answer(telling, board, flood, FLOOD)
    telling.at(-6, 17, 1)
    await keep_deadlines(telling.store)
    telling.at(-2, 9)
    schools = await _draft(
        telling, board, "Danh mục trường học được sửa chữa từ nguồn tăng thu năm 2026", days=4,
        text="Thống nhất danh mục 14 trường học được sửa chữa từ nguồn tăng thu, tổng kinh phí 18,6 tỷ đồng.",
        papers=("Tờ trình", "Danh mục công trình"),
    )  # fmt: skip
    await _open(telling, schools)
    await _answer(telling, board, schools, SCHOOLS)
    await _without_device(telling, schools)
    telling.ago(150)
    lamps = await _draft(
        telling, board, "Thời gian bật đèn trang trí tại Quảng trường Trung tâm dịp Tết Nguyên đán", days=6,
        text="Bật đèn trang trí từ 18 giờ đến 23 giờ trong mười ngày trước và bảy ngày sau Tết.", signed=True,
    )  # fmt: skip
    async with telling.store.work() as work:
        await hand_to_chair(work, telling.city["secretary"], lamps)


async def _draft(
    telling: Telling,
    board: UUID,
    title: str,
    *,
    days: int,
    text: str,
    papers: tuple[str, ...] = (),
    signed: bool = False,
) -> UUID:
    secretary = telling.city["secretary"]
    closes = (telling.moment + timedelta(days=days)).strftime("%Y-%m-%dT17:00")
    async with telling.store.work() as work:
        kept = await draft_consultation(
            work, secretary, body=board, title=title, closes=closes, text=text, signed=signed
        )
    for name in papers:
        content = await asyncio.to_thread(paper, name, title, people.COMMITTEE, telling.moment, 2)
        checked = await keep_upload(telling.store, f"{name}.pdf", content, inspect(content).pages)
        async with telling.store.work() as work:
            await lay_consultation_paper(work, secretary, kept.id, checked)
    return kept.id


async def _open(telling: Telling, consultation: UUID) -> None:
    telling.later(25)
    async with telling.store.work() as work:
        await open_consultation(work, telling.city["chair"], consultation)


async def _answer(telling: Telling, board: UUID, consultation: UUID, said: tuple[Said, ...]) -> None:
    """The first members answer in the order of their seats; the others are missing."""
    async with telling.store.reading() as reading:
        seated = await members_in_office(reading, board, reading.today)
    by_person = {actor.person: actor for actor in telling.city.people.values()}
    chair = telling.city["chair"].person
    members = sorted((one.person for one in seated), key=lambda person: person != chair)
    for person, (choice, comment) in zip(members, said, strict=False):
        telling.later(90)
        async with telling.store.work() as work:
            await give_opinion(
                work, by_person[person], consultation, choice=choice, comment=comment, key=uuid4()
            )


async def _without_device(telling: Telling, consultation: UUID) -> None:
    """The last on the roll stands aside; the one before answered on paper, which waits for the chair."""
    secretary = telling.city["secretary"]
    async with telling.store.reading() as reading:
        missing = missing_among(await answers_of(reading, consultation))
    *_, absent, involved = missing
    telling.later(40)
    async with telling.store.work() as work:
        await stand_aside(
            work, secretary, consultation, person=involved.person, reason="Người thân là nhà thầu sửa chữa."
        )
    telling.later(15)
    async with telling.store.work() as work:
        await enter_opinion(
            work, secretary, consultation, person=absent.person, choice="agree-comments",
            comment="Ưu tiên các trường có học sinh bán trú.",
        )  # fmt: skip
