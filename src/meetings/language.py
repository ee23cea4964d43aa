"""Words for people: the catalogs, the language of the moment, and dates and numbers as that language writes them.

English sentences are the message ids; `locale/vi` holds the Vietnamese. The catalogs are read from their `.po` files
when the program starts, so there is no compiled file that could be older than its source.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("vi", "en")
LOCALE_DIR = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="vi")
_zone: ContextVar[str] = ContextVar("zone", default="Asia/Ho_Chi_Minh")


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a message for the catalogs without translating it yet."""
    return message


@cache
def catalog(language: str) -> NullTranslations:
    """The messages of one language; unknown messages fall back to the English sentence itself."""
    source = LOCALE_DIR / language / "LC_MESSAGES" / "meetings.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def current() -> str:
    """The language that this task speaks: `vi` or `en`."""
    return _language.get()


@contextmanager
def in_language(language: str, zone: str | None = None) -> Generator[None]:
    """Speak another language (and tell time in another zone) inside the block."""
    spoken = _language.set(language if language in LANGUAGES else "vi")
    told = _zone.set(zone) if zone else None
    try:
        yield
    finally:
        _language.reset(spoken)
        if told:
            _zone.reset(told)


def speak(language: str, zone: str) -> None:
    """Set the language and zone for the rest of this task (one request)."""
    _language.set(language if language in LANGUAGES else "vi")
    _zone.set(zone)


def gettext(message: str) -> str:
    """The message in the current language, placeholders untouched."""
    return catalog(current()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural message in the current language."""
    return catalog(current()).ngettext(one, many, count)


def text(message: str, **facts: object) -> str:
    """The message in the current language with its `{named}` facts filled in.

    A fact named `percent` arrives as `94.74` and is written with the language's decimal mark; a `field` or a `state`
    arrives as its code and is written as people call it; a `due` that was kept as JSON arrives as an ISO day.
    """
    shown = {name: _shown(name, value) for name, value in facts.items()}
    return gettext(message).format(**shown)


def plural(one: str, many: str, count: int, **facts: object) -> str:
    """The counted message with its facts; `{count}` is the number."""
    return ngettext(one, many, count).format(count=number_text(count), **facts)


def _shown(name: str, value: object) -> object:
    if name.startswith("percent") and isinstance(value, str):
        return percent_text(value)
    if name in ("field", "state") and isinstance(value, str):
        return gettext(value.replace("_", " "))
    if name == "due" and isinstance(value, str) and value:
        return date_text(date.fromisoformat(value))
    if isinstance(value, datetime):
        return datetime_text(value)
    if isinstance(value, date):
        return date_text(value)
    return value


def _zone_of(moment: datetime) -> tzinfo | None:
    return ZoneInfo(_zone.get()) if moment.tzinfo else None


def local(moment: datetime) -> datetime:
    """The moment on the clock of the current zone; a naive time is local already."""
    return moment.astimezone(_zone_of(moment)) if moment.tzinfo else moment


def date_text(day: date) -> str:
    """`24/11/2026`, or `24 Nov 2026` in English."""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{day:%d/%m/%Y}" if current() == "vi" else dates.format_date(day, "d MMM y", locale="en_GB")


def long_date_text(day: date) -> str:
    """`Thứ Ba, 24/11/2026`, or `Tuesday 24 November 2026`."""
    if isinstance(day, datetime):
        day = local(day).date()
    if current() == "vi":
        weekday = dates.format_date(day, "EEEE", locale="vi")
        return f"{weekday}, {day:%d/%m/%Y}"
    return dates.format_date(day, "EEEE d MMMM y", locale="en_GB")


def month_text(day: date) -> str:
    """`Tháng 11 năm 2026`, or `November 2026`."""
    name = dates.format_date(day, "LLLL", locale="vi" if current() == "vi" else "en_GB")
    return f"{name[0].upper()}{name[1:]} năm {day:%Y}" if current() == "vi" else f"{name} {day:%Y}"


def weekday_text(day: date, *, short: bool = False) -> str:
    """`Thứ Ba`, or `Tuesday`; short: `T3`, or `Tu`."""
    form = "EEEEEE" if short else "EEEE"
    return dates.format_date(day, form, locale="vi" if current() == "vi" else "en_GB")


def time_text(moment: datetime, seconds: bool = False) -> str:
    """`08:30` on the clock of the current zone."""
    return f"{local(moment):%H:%M:%S}" if seconds else f"{local(moment):%H:%M}"


def datetime_text(moment: datetime) -> str:
    """`24/11/2026, 08:30`."""
    return f"{date_text(moment)}, {time_text(moment)}"


def long_datetime_text(moment: datetime) -> str:
    """`Thứ Ba, 24/11/2026, 08:30`."""
    return f"{long_date_text(moment)}, {time_text(moment)}"


def number_text(value: int) -> str:
    """`15.533` in Vietnamese, `15,533` in English."""
    return str(numbers.format_decimal(value, locale="vi" if current() == "vi" else "en_GB"))


def percent_text(value: str) -> str:
    """`94,74` in Vietnamese, `94.74` in English, from the rule's `94.74`."""
    return value.replace(".", ",") if current() == "vi" else value
