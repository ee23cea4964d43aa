"""Meetings as a calendar feed (iCalendar, RFC 5545): published once, read again and again.

A start is local time with its zone, and the zone's rules come along (VTIMEZONE), so that summer time is right wherever
the reader is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, Event

from meetings.exchange.invitation import uid_of

PRODUCT = "-//Meetings//Calendar//EN"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One meeting of a feed. `starts` and `ends` are local times on the clock of `zone`."""

    id: str
    title: str
    body: str
    place: str
    starts: str
    ends: str
    zone: str
    cancelled: bool
    link: str


def feed(name: str, entries: Iterable[Entry], *, host: str, now: datetime) -> bytes:
    """The calendar as the bytes that a program reads."""
    calendar = Calendar.new(
        name=name,
        prodid=PRODUCT,
        method="PUBLISH",
        refresh_interval=REFRESH,
        subcomponents=[_event(entry, host, now) for entry in entries],
    )
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, host: str, now: datetime) -> Event:
    zone = ZoneInfo(entry.zone)
    return Event.new(
        uid=uid_of(entry.id, host),
        stamp=now,
        start=datetime.fromisoformat(entry.starts).replace(tzinfo=zone),
        end=datetime.fromisoformat(entry.ends).replace(tzinfo=zone) if entry.ends else None,
        summary=entry.title,
        location=entry.place or None,
        description=entry.body,
        url=entry.link,
        status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
    )
