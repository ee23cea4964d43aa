"""The agenda of tomorrow changes after its publication: minutes to adopt, an internal item, a supplement."""

from __future__ import annotations

from uuid import UUID

from meetings.before.agenda import add_item, agenda_of, change_item
from meetings.before.offered import put_minutes
from meetings.before.supplements import confirm_reading, issue_supplement
from meetings.demo.telling import Telling


async def supplement_tomorrow(telling: Telling, tomorrow: UUID, past: UUID) -> None:
    """Two days before: one supplement, told inside the notice period, and read by some; another is being prepared."""
    secretary = telling.city["secretary"]
    telling.at(-1, 10)
    async with telling.store.work() as work:
        opening, *_, before_the_end, _ = [item.id for item in await agenda_of(work, tomorrow)]
        await put_minutes(
            work, secretary, tomorrow, of=past, title="Thông qua biên bản kỳ họp trước của Hội đồng nhân dân",
            after=opening,
        )  # fmt: skip
        await add_item(
            work, secretary, tomorrow, title="Công tác nhân sự (họp kín)", presenter="Ban Pháp chế",
            minutes_planned=20, visibility="internal", after=before_the_end,
        )  # fmt: skip
        await add_item(
            work, secretary, tomorrow, title="Chụp ảnh lưu niệm sau khi bế mạc", visibility="hidden"
        )
    telling.later(20)
    async with telling.store.work() as work:
        await issue_supplement(
            work, secretary, tomorrow, reason="Ban Pháp chế vừa hoàn thành thẩm tra hồ sơ nhân sự."
        )
    for reader in (telling.city["chair"], *telling.city.delegates[:12]):
        telling.later(4)
        async with telling.store.work() as work:
            await confirm_reading(work, reader, tomorrow)
    telling.later(90)
    async with telling.store.work() as work:
        first = (await agenda_of(work, tomorrow))[0]
        await change_item(work, secretary, first.id, minutes_planned=(first.minutes_planned or 10) + 5)
