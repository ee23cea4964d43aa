"""A meeting as a calendar sees it (iCalendar, RFC 5545 and 5546): REQUEST, and CANCEL when it is called off.

The UID stays the same for the life of the meeting and SEQUENCE counts its notices, so a calendar replaces what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, Event, vCalAddress, vText

PRODUCT = "-//Meetings//Notice//EN"


def uid_of(meeting: str, host: str) -> str:
    """The name of a meeting in every calendar."""
    return f"{meeting}@{host}"


def invitation(
    facts: Mapping[str, Any], *, host: str, sender: str, body: str, name: str, to: str, about: str, link: str
) -> str:
    """The calendar part of one person's letter. Times are local with their zone, which comes along as VTIMEZONE.

    Only the reader is named as attendee: who else is invited stands in the house. No answer by calendar is asked for
    (RSVP=FALSE), because nobody reads the sender's mailbox; the letter's link takes it.
    """
    cancelled = bool(facts["cancelled"])
    zone = ZoneInfo(facts["zone"])
    event = Event.new(
        uid=uid_of(facts["id"], host),
        sequence=facts["sequence"],
        stamp=datetime.fromisoformat(facts["at"]),
        start=datetime.fromisoformat(facts["starts"]).replace(tzinfo=zone),
        end=datetime.fromisoformat(facts["ends"]).replace(tzinfo=zone) if facts["ends"] else None,
        summary=facts["title"],
        location=facts["place"] or None,
        description=about,
        url=link or None,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        organizer=_address(sender, body),
        attendees=[_address(to, name, PARTSTAT="NEEDS-ACTION", RSVP="FALSE", ROLE="REQ-PARTICIPANT")],
    )
    calendar = Calendar.new(
        uid=uid_of(facts["id"], host),
        prodid=PRODUCT,
        method="CANCEL" if cancelled else "REQUEST",
        subcomponents=[event],
    )
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()


def _address(mail: str, name: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    for key, value in {"CN": name, **parameters}.items():
        address.params[key] = vText(value)
    return address
