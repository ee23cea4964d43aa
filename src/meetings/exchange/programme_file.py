"""The work programme as a table file (CSV): what offices send each other, read and written by any spreadsheet.

UTF-8 with a byte order mark, so that spreadsheets show Vietnamese rightly. The first row names the columns, in
Vietnamese or English and in any order; commas, semicolons and tabs are understood. Rows are counted as a spreadsheet
shows them: the names of the columns are row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from meetings.rules.refusals import Refused
from meetings.rules.work_programme import Form, Period, period_of

ROWS: Final = 500
LENGTH: Final = 500
"""Characters of one cell."""
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "position": ("STT", "No."),
    "title": ("Nội dung", "Content"),
    "agency": ("Cơ quan chủ trì", "Lead agency"),
    "cooperating": ("Cơ quan phối hợp", "Co-operating agencies"),
    "supervisor": ("Người phụ trách", "In charge"),
    "form": ("Hình thức", "Form"),
    "time": ("Thời gian", "Time"),
    "submit_by": ("Hạn trình hồ sơ", "Dossier due"),
    "basis": ("Căn cứ", "Basis"),
    "note": ("Ghi chú", "Note"),
}
"""In the order of the usual form, with the name in Vietnamese and in English."""
NEEDED: Final = ("title", "time")
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    Form.MEETING: ("Họp", "Meeting"),
    Form.CONSULTATION: ("Lấy ý kiến bằng văn bản", "Written consultation"),
    Form.REPORT: ("Báo cáo", "Report"),
}
LANGUAGES: Final = ("vi", "en")
ROMAN: Final = ("I", "II", "III", "IV")
_QUARTER = re.compile(r"(?:Q|Quý|Quarter)\s*([1-4]|I{1,3}|IV)\s*(?:[/ ]|năm)*\s*(\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"(?:Tháng\s*)?(\d{1,2})\s*/\s*(\d{4})", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ACTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry as the file says it; agencies by name, none for the body's own office."""

    title: str
    period: Period
    form: Form = Form.MEETING
    agency: str = ""
    cooperating: tuple[str, ...] = ()
    supervisor: str = ""
    submit_by: date | None = None
    basis: str = ""
    note: str = ""


def written(rows: Iterable[Row], language: str) -> bytes:
    """The file, in Vietnamese or English."""
    spoken = 1 if language == "en" else 0
    kept = io.StringIO()
    out = csv.writer(kept, lineterminator="\r\n")
    out.writerow([names[spoken] for names in COLUMNS.values()])
    for number, row in enumerate(rows, 1):
        cells = (
            str(number), row.title, row.agency, "; ".join(row.cooperating), row.supervisor,
            FORMS[row.form][spoken], period_text(row.period, LANGUAGES[spoken]),
            f"{row.submit_by:%d/%m/%Y}" if row.submit_by else "", row.basis, row.note,
        )  # fmt: skip
        out.writerow([f"'{cell}" if cell.startswith(_ACTS) else cell for cell in cells])
    return kept.getvalue().encode("utf-8-sig")


def read(content: bytes, year: int) -> list[tuple[int, Row]]:
    """Each entry with its row. Refuses the file, or the first row that is not right by its number."""
    table = _table(content)
    places = _places(table[0])
    found: list[tuple[int, Row]] = []
    for number, cells in enumerate(table[1:], 2):
        texts = {name: _cell(cells, place) for name, place in places.items()}
        if any(text for name, text in texts.items() if name != "position"):
            found.append((number, _row(number, texts, year)))
    if not found:
        raise Refused("programme-file")
    return found


def period_text(period: Period, language: str) -> str:
    """`Quý I/2026` or `Q1/2026`, `03/2026`, `15/03/2026`."""
    if period.day:
        return f"{period.day:%d/%m/%Y}"
    if period.month:
        return f"{period.month:02}/{period.year}"
    number = period.quarter or 1
    return f"Q{number}/{period.year}" if language == "en" else f"Quý {ROMAN[number - 1]}/{period.year}"


def _table(content: bytes) -> Sequence[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused("programme-file") from wrong
    head = text.partition("\n")[0]
    between = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as wrong:
        raise Refused("programme-file") from wrong
    if len(rows) > ROWS + 1:
        raise Refused("programme-file-long", limit=ROWS)
    if not rows:
        raise Refused("programme-file")
    return rows


def _places(head: Sequence[str]) -> dict[str, int]:
    named = {name.casefold(): column for column, names in COLUMNS.items() for name in names}
    places = {
        named[word]: place for place, cell in enumerate(head) if (word := cell.strip().casefold()) in named
    }
    if any(name not in places for name in NEEDED):
        raise Refused("programme-file")
    return places


def _cell(cells: Sequence[str], place: int) -> str:
    text = " ".join(cells[place].split()) if place < len(cells) else ""
    return text[1:] if text.startswith("'") and text[1:].startswith(_ACTS) else text


def _row(number: int, texts: Mapping[str, str], year: int) -> Row:
    if not texts["title"] or len(texts["title"]) > LENGTH:
        raise Refused("programme-row-title", row=number)
    for name in ("supervisor", "basis", "note"):
        if len(texts.get(name, "")) > LENGTH:
            raise Refused("programme-row-text", row=number, column=COLUMNS[name][0])
    helping = (one.strip() for one in texts.get("cooperating", "").split(";"))
    return Row(
        title=texts["title"], period=_period(number, texts["time"], year),
        form=_form(number, texts.get("form", "")), agency=texts.get("agency", ""),
        cooperating=tuple(dict.fromkeys(one for one in helping if one)), supervisor=texts.get("supervisor", ""),
        submit_by=_day(number, texts.get("submit_by", ""), year), basis=texts.get("basis", ""),
        note=texts.get("note", ""),
    )  # fmt: skip


def _form(number: int, text: str) -> Form:
    if not text:
        return Form.MEETING
    for form, names in FORMS.items():
        if text.casefold() in (form, *(name.casefold() for name in names)):
            return Form(form)
    raise Refused("programme-row-form", row=number, value=text[:LENGTH])


def _period(number: int, text: str, year: int) -> Period:
    wrong = Refused("programme-row-time", row=number, value=text[:LENGTH], year=year)
    try:
        if found := _QUARTER.fullmatch(text):
            named = found[1].upper()
            quarter = ROMAN.index(named) + 1 if named in ROMAN else int(named)
            period = period_of(int(found[2]), quarter, None, None)
        elif found := _MONTH.fullmatch(text):
            period = period_of(int(found[2]), None, int(found[1]), None)
        elif found := _DAY.fullmatch(text):
            on = date(int(found[3]), int(found[2]), int(found[1]))
            period = period_of(on.year, None, None, on)
        else:
            raise wrong
    except (ValueError, Refused) as cause:
        raise wrong from cause
    if period.year != year:
        raise wrong
    return period


def _day(number: int, text: str, year: int) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        found = None
    raise Refused("programme-row-day", row=number, value=text[:LENGTH], year=year)
