"""The text of PDF papers, and what changed between two versions. Run it in the worker process.

Only the text that a file carries is read; a scan has none until it goes through text recognition elsewhere.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pypdfium2

from meetings.rules.differences import differences, paragraphs
from meetings.rules.paper_changes import Compared, is_blank, passages, running_text

LETTERS = 1_500_000
"""Of each version that is compared: some 600 pages. Longer ones would keep other documents waiting."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a version says differently from the one before it. `…_blank`: pages without text, which nobody compared."""

    outcome: Compared
    old_blank: int = 0
    new_blank: int = 0
    changes: tuple[dict[str, Any], ...] = ()
    """As `rules.paper_changes.Passage.data`."""
    rest: int = 0
    """Unchanged sentences behind the last change."""


def page_texts(path: str) -> list[str]:
    """The text of every page; empty for a picture of one."""
    document = pypdfium2.PdfDocument(path)
    try:
        texts: list[str] = []
        for page in document:
            texts.append(page.get_textpage().get_text_range())
            page.close()
        return texts
    finally:
        document.close()


def compare(old: str, new: str) -> Comparison:
    """Two files by their places on disk."""
    try:
        before, after = page_texts(old), page_texts(new)
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return Comparison(Compared.FAILED)
    blank = (sum(map(is_blank, before)), sum(map(is_blank, after)))
    if blank[0] == len(before) or blank[1] == len(after):
        return Comparison(Compared.NO_TEXT, *blank)
    if max(sum(map(len, before)), sum(map(len, after))) > LETTERS:
        return Comparison(Compared.LONG, *blank)
    lines = paragraphs(differences(running_text(before), running_text(after)))
    found = list(passages(lines))
    if not found:
        return Comparison(Compared.SAME, *blank)
    rest = len(lines) - sum(one.skipped + 1 for one in found)
    return Comparison(Compared.CHANGED, *blank, tuple(one.data() for one in found), rest)
