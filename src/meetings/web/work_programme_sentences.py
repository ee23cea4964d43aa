"""Sentences of the house's own journal about work programmes."""

from meetings.language import N_

WORK_PROGRAMME_SENTENCES = {
    "ProgrammeBegun": N_("The work programme {year} of {name_of_body} was begun."),
    "ProgrammeApproved": N_(
        "The work programme {year} of {name_of_body} was approved as no. {number}. Entries: {entries}."
    ),
    "ProgrammeImported": N_("Work programme {year} of {name_of_body}: entries came from a file: {entries}."),
    "ProgrammeEntryWritten": N_(
        "Work programme {year} of {name_of_body}: entry “{title}” was written. {reason}"
    ),
    "ProgrammeEntryChanged": N_(
        "Work programme {year} of {name_of_body}: entry “{title}” was changed. {reason}"
    ),
    "ProgrammeEntryRemoved": N_("Work programme {year} of {name_of_body}: entry “{title}” was taken out."),
    "ProgrammeEntryWithdrawn": N_(
        "Work programme {year} of {name_of_body}: entry “{title}” was withdrawn: {reason}"
    ),
    "ProgrammeEntryDone": N_("Work programme {year} of {name_of_body}: entry “{title}” was said to be done."),
}
