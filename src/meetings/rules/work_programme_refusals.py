"""Refusals about the work programme; joined to the others in `rules.refusals`."""

from __future__ import annotations

WORK_PROGRAMME_REFUSALS: dict[str, str] = {
    "programme-there": "This body has a programme for {year} already.",
    "programme-empty": "Nothing stands in the programme yet. Write its entries first.",
    "programme-approved": "The programme is approved. Its entries are withdrawn with a reason instead.",
    "programme-not-approved": "The programme is not approved yet. Entries come onto an agenda after its approval.",
    "programme-full": "A programme has at most {limit} entries.",
    "programme-time": "Say when it is due in {year}: a quarter, a month or a day.",
    "programme-day-outside": "This day does not lie in the time that is chosen beside it.",
    "programme-entry-over": "This entry is done or withdrawn. It is not changed any more.",
    "programme-entry-form": "This entry is not planned as an item of a meeting.",
    "programme-entry-taken": "This entry is on an agenda already, or its dossier or consultation is under way.",
    "programme-entry-lead": "Only the agency that this entry names as lead begins its dossier.",
    "programme-day-ahead": "An entry cannot be done on a day that is still to come.",
    "programme-file": "This file is no table of a programme. Its first row names the columns, as in the exported file.",
    "programme-file-long": "A file has at most {limit} rows.",
    "programme-row-title": "Row {row}: the content is missing or too long. Nothing was imported.",
    "programme-row-text": "Row {row}: “{column}” is too long. Nothing was imported.",
    "programme-row-agency": "Row {row}: there is no agency named “{name}” here. Nothing was imported.",
    "programme-row-form": "Row {row}: “{value}” is no form of dealing with an entry. Nothing was imported.",
    "programme-row-time": (
        "Row {row}: “{value}” is no time in {year}. Write 03/{year}, Q1/{year} or 15/03/{year}. Nothing was imported."
    ),
    "programme-row-day": "Row {row}: “{value}” is no day. Write 15/03/{year}. Nothing was imported.",
    "programme-row-twice": "Row {row}: this entry stands in the programme already. Nothing was imported.",
}

WORK_PROGRAMME_WORDS: dict[str, str] = {
    "supervisor": "who leads it",
    "basis": "basis",
    "form": "how it is dealt with",
    "year": "year",
    "submit_by": "last day for the dossier",
}
