"""Refusals about the weekly schedule; joined to the others in `rules.refusals`."""

from __future__ import annotations

PROGRAMME_REFUSALS: dict[str, str] = {
    "week-empty": "Nothing is written into this week yet. Write an entry or publish a meeting first.",
    "week-unchanged": "Nothing has changed since this week was last published.",
    "week-over": "This week is over. Nobody needs to be told any more.",
    "week-full": "A week has at most {limit} entries of a body.",
    "times-wrong": "The end comes after the start on the same day.",
}

PROGRAMME_WORDS: dict[str, str] = {
    "part": "part of the day",
    "chair": "who chairs",
    "attendees": "who attends",
    "prepared_by": "who prepares it",
    "note": "note",
}
