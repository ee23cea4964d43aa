"""What the table of days starts with: Vietnam's public holidays and swapped days, from the library `holidays`.

Lunar days are those at UTC+7; the library keeps Vietnam's own lunar calendar (2030: Tết on 2 February, a day before
China's). Days after the last yearly announcement are what the law lets one expect, hence not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, inspect, select

from meetings.rules.working_days import DayKind
from meetings.storage.tables import DayMark

FIRST_YEARS = range(2023, 2036)
KNOWN_YEARS = range(2013, 2100)
"""Years whose days off the library can tell by the law as it stands (Tết has five days since 2013)."""
LAST_ANNOUNCED = 2026
"""The last year whose days off the Government has announced."""
PROPOSED = frozenset({(11, 24)})
"""Ngày Văn hóa Việt Nam: resolved by the Party, not by law as far as could be confirmed."""
MADE_UP = "Làm bù"


@dataclass(frozen=True, slots=True)
class Mark:
    """One day of the table."""

    day: date
    kind: DayKind
    name: str
    confirmed: bool


def public_holidays(years: Iterable[int]) -> list[Mark]:
    """The marks of those years, by day: days off, and the weekend days that are worked for them."""
    from holidays.countries.vietnam import Vietnam

    wanted = frozenset(years)
    known = Vietnam(years=wanted, language="vi")
    marks = [_mark(day, name) for day, name in known.items() if day.year in wanted]
    marks += [
        Mark(day, DayKind.WORKED, MADE_UP, True) for day in known.weekend_workdays if day.year in wanted
    ]
    return sorted((mark for mark in marks if mark is not None), key=lambda mark: mark.day)


def _mark(day: date, name: str) -> Mark | None:
    if (day.month, day.day) in PROPOSED:
        return Mark(day, DayKind.PROPOSED, name, False)
    if "Văn hóa" in name:
        return None  # in lieu of a day that is only proposed
    return Mark(day, DayKind.OFF, name, day.year <= LAST_ANNOUNCED)


def seed_days(connection: Connection) -> None:
    """Fill the table of days when it is there and still empty."""
    if not inspect(connection).has_table(DayMark.__tablename__):
        return
    if connection.scalar(select(func.count()).select_from(DayMark)):
        return
    marks = public_holidays(FIRST_YEARS)
    rows = [{"day": m.day, "kind": m.kind, "name": m.name, "confirmed": m.confirmed} for m in marks]
    connection.execute(insert(DayMark), rows)
