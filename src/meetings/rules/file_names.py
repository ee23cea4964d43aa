"""The name of a file from outside, as it is kept and shown."""

from __future__ import annotations

import unicodedata

LONGEST = 200


def file_name(sent: str) -> str:
    """The name without folders and without what cannot be seen, with composed letters: some systems send the marks of
    Vietnamese letters apart. A name that is nothing becomes `paper.pdf`; of a long one the ending stays."""
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in last if letter.isprintable()).strip()
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        name = name[: LONGEST - len(ending)] + ending
    return name or "paper.pdf"
