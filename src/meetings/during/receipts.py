"""Receipts: short codes that are read aloud and typed."""

from __future__ import annotations

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L."""


def new_receipt() -> str:
    """Eight random characters in two groups."""
    number, code = secrets.randbelow(len(LETTERS) ** 8), ""
    while len(code) < 8:
        number, place = divmod(number, len(LETTERS))
        code += LETTERS[place]
    return f"{code[:4]}-{code[4:]}"
