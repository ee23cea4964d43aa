"""The usual title of a meeting, with placeholders that the date and the running number take the place of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from meetings.rules.refusals import Refused

PLACEHOLDERS: Final = {
    "en": {"date": "{date}", "month": "{month}", "year": "{year}", "number": "{number}"},
    "vi": {"date": "{ngày}", "month": "{tháng}", "year": "{năm}", "number": "{số}"},
}
"""What each placeholder is called by language; every language's are understood everywhere."""
_KNOWN: Final = {word: name for words in PLACEHOLDERS.values() for name, word in words.items()}
_BRACED: Final = re.compile(r"\{[^{}]*\}")


def must_be_known(title: str) -> str:
    """The title, if each of its placeholders is known (`placeholder-unknown`)."""
    for found in _BRACED.findall(title):
        if found.casefold() not in _KNOWN:
            raise Refused("placeholder-unknown", field="title", word=found)
    return title


def titled(title: str, day: date, number: int) -> str:
    """The title of a meeting on that day, the body's n-th of its kind in the year."""
    words = {
        "date": f"{day:%d/%m/%Y}",
        "month": str(day.month),
        "year": str(day.year),
        "number": str(number),
    }

    def word(found: re.Match[str]) -> str:
        name = _KNOWN.get(found[0].casefold())
        return words[name] if name else found[0]

    return _BRACED.sub(word, title)


def pattern(title: str) -> str:
    """A title without its placeholders, to call a series or a template by: `Phiên họp tháng …/…`."""
    return _BRACED.sub("…", title)


def placeholders(language: str) -> Iterator[str]:
    """What a clerk may write in this language."""
    yield from PLACEHOLDERS.get(language, PLACEHOLDERS["en"]).values()
