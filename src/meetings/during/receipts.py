"""A receipt for each ballot."""

from __future__ import annotations

import secrets

from meetings.rules.receipts import NUMBERS, receipt_of


def new_receipt() -> str:
    """Eight random characters in two groups."""
    return receipt_of(secrets.randbelow(NUMBERS))
