"""The rooms of the demo city: the great hall, and two smaller ones, of which one is being repaired."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from meetings.before.rooms import RoomFacts, open_room
from meetings.demo.settling import HALL
from meetings.demo.telling import Telling

REPAIR = timedelta(days=9)


async def open_rooms(telling: Telling) -> UUID:
    """All three; the great hall's id."""
    telling.at(-200, 9)
    today = telling.now.date()
    halls = (
        RoomFacts(name=HALL, seats=320, equipment=["Màn hình LED", "Micro hội thảo", "Truyền hình trực tiếp"]),
        RoomFacts(name="Phòng họp số 2, Trụ sở HĐND", seats=40, equipment=["Máy chiếu", "Micro để bàn"]),
        RoomFacts(
            name="Phòng họp số 3, Trụ sở HĐND", seats=18, equipment=["Màn hình họp trực tuyến"],
            blocked_from=today + timedelta(days=3), blocked_until=today + REPAIR,
            blocked_reason="Sửa chữa hệ thống điều hòa",
        ),
    )  # fmt: skip
    async with telling.store.work() as work:
        opened = [await open_room(work, telling.city["admin"], facts) for facts in halls]
    return opened[0].id
