"""Who comes tomorrow: most accept, some decline with reasons, some have not answered; three guests for one item."""

from __future__ import annotations

from uuid import UUID

from meetings.before.agenda import agenda_of
from meetings.before.guests import Invited, invite_guests
from meetings.before.replies import reply
from meetings.demo.telling import Telling

GUESTS = (
    Invited("Bà Võ Thị Hạnh", "Chủ tịch Hội Nông dân thành phố", "hoinongdan@example.invalid"),
    Invited("Ông Đặng Quốc Trung", "Trưởng khu phố 4", "khupho4@example.invalid"),
    Invited("Bà Lê Ngọc Mai", "đại diện tiểu thương chợ Trung tâm"),
)
REASONS = ("Đi công tác theo đoàn của Bộ Xây dựng", "Điều trị tại bệnh viện", "Dự đại hội của Mặt trận tỉnh")
EVERY = 6
"""One delegate of so many has not answered yet."""


async def reply_for_tomorrow(telling: Telling, tomorrow: UUID) -> None:
    """In the days after the notice."""
    secretary = telling.city["secretary"]
    telling.at(-4, 9)
    async with telling.store.work() as work:
        items = await agenda_of(work, tomorrow)
        await invite_guests(
            work, secretary, tomorrow, GUESTS, item=items[min(2, len(items) - 1)].id, group="Đại diện cử tri"
        )
    for number, delegate in enumerate((telling.city["chair"], *telling.city.delegates)):
        if number % EVERY == EVERY - 1:
            continue
        telling.later(7)
        declines = number % 11 == 4
        async with telling.store.work() as work:
            await reply(
                work, delegate, tomorrow, answer="decline" if declines else "accept",
                reason=REASONS[number % len(REASONS)] if declines else "",
            )  # fmt: skip
