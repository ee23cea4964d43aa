"""Refusals about templates and series of meetings; joined to the others in `rules.refusals`."""

from __future__ import annotations

TEMPLATE_REFUSALS: dict[str, str] = {
    "placeholder-unknown": "{word} is no placeholder. Write one of those that are listed, or leave the braces out.",
    "template-name-taken": "This body has a template named {name} already.",
    "template-full": "A template’s agenda has at most {limit} items.",
    "template-body": "This template belongs to another body.",
    "series-long": "A series has at most {limit} meetings. Let it end earlier.",
    "series-empty": "No meeting comes of this rule: all of its days are days off, or none is left.",
    "series-day": "{day} is not a day of this series.",
    "series-settled": "No draft of this series is left from this day on. Published meetings are changed one by one.",
}

TEMPLATE_WORDS: dict[str, str] = {
    "begins": "begins",
    "length": "length",
    "rule": "voting rule",
    "guests": "guests",
    "first": "first day",
    "interval": "interval",
    "count": "number of meetings",
    "every": "repetition",
    "days_off": "days off",
}
