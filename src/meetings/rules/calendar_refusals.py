"""Refusals about days, deadlines, times and rooms; joined to the others in `rules.refusals`."""

from __future__ import annotations

CALENDAR_REFUSALS: dict[str, str] = {
    "end-wrong": "The planned end comes after the start, within a day.",
    "room-blocked": "{room} is blocked from {since} until {until}: {reason}. Choose another room or another day.",
    "room-name-taken": "There is already a room named {name}.",
    "day-marked-wrong": "Only a Saturday or Sunday can be made a working day.",
    "year-unknown": "The public holidays of {year} are not known. Those of the years {first} to {last} are.",
    "feed-limit": "You have {limit} calendar addresses already. Revoke one that is not used any more.",
}

CALENDAR_WORDS: dict[str, str] = {
    "ends": "planned end",
    "room": "room",
    "day": "day",
    "notice_days": "days for the notice",
    "papers_days": "days for the papers",
    "conclusions_days": "days for the conclusions",
}
