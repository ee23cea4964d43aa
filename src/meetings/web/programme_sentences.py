"""Sentences of the house's own journal about the weekly schedule."""

from meetings.language import N_

PROGRAMME_SENTENCES = {
    "ScheduleEntryWritten": N_("Schedule of {name_of_body}: entry “{title}” on {day}."),
    "ScheduleEntryChanged": N_("Schedule of {name_of_body}: entry “{title}” was changed."),
    "ScheduleEntryRemoved": N_("Schedule of {name_of_body}: entry “{title}” of {day} was taken out."),
    "WeekPublished": N_(
        "Schedule of {name_of_body}: the week from {monday} was published (no. {number}). Lines: {lines}; "
        "changes: {changes}; told: {persons}."
    ),
}
