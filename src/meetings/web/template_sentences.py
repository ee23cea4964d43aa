"""Sentences of the journal about templates, copies and series of meetings."""

from meetings.language import N_

TEMPLATE_SENTENCES = {
    "TemplateWritten": N_("Template of {name_of_body}: “{template_name}” was written, {items} items."),
    "TemplateRemoved": N_("Template of {name_of_body}: “{template_name}” was removed."),
    "TemplateUsed": N_("The agenda was begun from the template “{template_name}”, {items} items."),
    "MeetingCopied": N_("Copied from “{source_title}”: {items} items, {papers} papers."),
    "SeriesBegun": N_("Series of {name_of_body}: {meetings} drafts of “{title}” were made."),
    "SeriesChanged": N_("Series “{title}”: {meetings} drafts from {since} on were changed."),
    "SeriesEnded": N_("Series “{title}”: {meetings} drafts from {since} on were cancelled. {reason}"),
}
