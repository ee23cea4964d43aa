"""The operative clauses of a resolution, found in the text of its motion.

A clause begins with a heading at the start of a line: `Điều 1.`, `Article 1.`, `Section 1.`, or where there are none of
these, `1.` (Decree 30/2020/NĐ-CP, form 1.1). What stands before the first heading is the preamble.
"""

from __future__ import annotations

import re
from typing import Final

_ARTICLE: Final = re.compile(
    r"^[ \t]*(?:Điều|Article|Section)[ \t]+(\d+)[ \t]*[.:]?[ \t]*", re.IGNORECASE | re.MULTILINE
)
_NUMBER: Final = re.compile(r"^[ \t]*(\d+)\.[ \t]+", re.MULTILINE)


def clauses_in(text: str) -> tuple[str, ...]:
    """The clauses without their headings; none when the text is not divided.

    Headings count up from 1, so that the points inside an article, or a year at the start of a line, begin no clause.
    """
    for pattern in (_ARTICLE, _NUMBER):
        headings: list[re.Match[str]] = []
        for found in pattern.finditer(text):
            if int(found[1]) == len(headings) + 1:
                headings.append(found)
        if headings:
            ends = [found.start() for found in headings[1:]] + [len(text)]
            parts = [text[found.end() : end].strip() for found, end in zip(headings, ends, strict=True)]
            return tuple(part for part in parts if part)
    return ()


def preamble_in(text: str) -> str:
    """What stands before the first clause; the whole text when it is not divided."""
    for pattern in (_ARTICLE, _NUMBER):
        first = next((found for found in pattern.finditer(text) if int(found[1]) == 1), None)
        if first:
            return text[: first.start()].strip()
    return text.strip()
