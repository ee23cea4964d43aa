"""Two templates that the secretariat uses, and the drafts of a committee’s next monthly meetings."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from meetings.before.guests import Invited
from meetings.before.meeting_templates import TemplateFacts, write_template
from meetings.before.series import SeriesFacts, begin_series
from meetings.before.template_items import ItemFacts, MotionPreset
from meetings.demo import people
from meetings.demo.telling import Telling
from meetings.rules.series import DaysOff, Every, Recurrence
from meetings.storage.tables import Body

SESSION = TemplateFacts(
    name="Kỳ họp chuyên đề", title="Kỳ họp chuyên đề tháng {tháng} năm {năm}", kind="thematic", begins="08:00",
    minutes=210, place="Hội trường lớn", public=True,
    guests=[Invited("Thường trực Ủy ban Mặt trận Tổ quốc thành phố", "Ủy ban MTTQ Việt Nam")],
)  # fmt: skip
SESSION_AGENDA = (
    ItemFacts(title="Khai mạc kỳ họp", presenter="Chủ tọa", minutes=10),
    ItemFacts(
        title="Xem xét, thông qua dự thảo nghị quyết", minutes=120,
        motions=[MotionPreset(title="Thông qua nghị quyết", rule="hdnd-resolution")],
        items=[
            ItemFacts(title="Trình bày tờ trình", presenter="Lãnh đạo cơ quan trình", minutes=20),
            ItemFacts(title="Báo cáo thẩm tra", presenter="Trưởng Ban thẩm tra", minutes=15),
            ItemFacts(title="Thảo luận", minutes=60),
        ],
    ),
    ItemFacts(title="Bế mạc", presenter="Chủ tọa", minutes=10),
)  # fmt: skip
MONTHLY = TemplateFacts(
    name="Họp Ban hằng tháng", title="Phiên họp Ban tháng {tháng}/{năm}", begins="08:00", minutes=180,
    place="Phòng họp số 2, Trụ sở HĐND",
)  # fmt: skip
MONTHLY_AGENDA = (
    ItemFacts(title="Kết quả công tác tháng trước", presenter="Phó Trưởng Ban", minutes=30),
    ItemFacts(title="Thẩm tra các tờ trình", presenter="Thành viên Ban được phân công", minutes=90),
    ItemFacts(title="Phân công nhiệm vụ", presenter="Trưởng Ban", minutes=20, visibility="internal"),
)
AHEAD = timedelta(days=21)


async def keep_templates(telling: Telling) -> None:
    """The secretariat writes both, then has the drafts of a committee's next two monthly meetings made."""
    secretary = telling.city["secretary"]
    telling.at(-4, 15)
    async with telling.store.work() as work:
        named = select(Body.id).where(Body.name == people.COMMITTEES[1])
        committee = (await work.session.scalars(named)).one()
        await write_template(work, secretary, telling.city.council, SESSION, items=SESSION_AGENDA)
        template = await write_template(work, secretary, committee, MONTHLY, items=MONTHLY_AGENDA)
        facts = SeriesFacts(
            title=MONTHLY.title, begins=MONTHLY.begins, ends="11:00", place=MONTHLY.place, template=template.id,
            rule=Recurrence(
                first=telling.now.date() + AHEAD, every=Every.MONTH_WEEKDAY, count=2, days_off=DaysOff.AFTER
            ),
        )  # fmt: skip
        await begin_series(work, secretary, committee, facts)
