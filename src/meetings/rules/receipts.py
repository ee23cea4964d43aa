"""Receipts: short codes that are read aloud and typed."""

from __future__ import annotations

from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L."""
NUMBERS: Final = len(LETTERS) ** 8
"""How many receipts there are."""


def receipt_of(number: int) -> str:
    """The receipt of a random number: eight letters and digits in two groups."""
    code = ""
    while len(code) < 8:
        number, place = divmod(number, len(LETTERS))
        code += LETTERS[place]
    return f"{code[:4]}-{code[4:]}"
