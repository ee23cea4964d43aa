"""Refusals about terms and sessions of a council; joined to the others in `rules.refusals`."""

from __future__ import annotations

COUNCIL_SESSION_REFUSALS: dict[str, str] = {
    "span-wrong": "The last day comes before the first one.",
    "term-long": "A term has at most {limit} years.",
    "term-overlap": "These days overlap with the term {name}.",
    "term-missing": "No term of this body has all of these days. Open the term first, or correct the days.",
    "term-narrow": "A session of this term lies outside these days.",
    "session-long": "A session has at most {limit} days.",
    "session-number-taken": "Session {number} of this term exists already.",
    "session-convened": "This session has been convened already.",
    "session-filled": "This session has meetings. Take them out first.",
    "session-body": "This session belongs to another body.",
    "session-empty": "Choose at least one sitting.",
    "sitting-planned": "A meeting of this session is planned on {day} at {time} already.",
    "sitting-day": "{day} is not a day of this session.",
    "groups-missing": "This session has no discussion groups yet. Form them first.",
    "groups-number": "Choose a number of groups from 1 to {limit}.",
    "groups-used": "Meetings of these groups are planned already.",
    "group-missing": "Choose the group that discusses.",
    "group-chair": "The chair of a group is one of its members.",
    "group-no-poll": "A discussion group takes no votes. The plenary sitting decides.",
}

COUNCIL_SESSION_WORDS: dict[str, str] = {
    "number": "number",
    "session": "session",
    "sitting": "sitting",
    "group": "group",
    "members": "members",
}
