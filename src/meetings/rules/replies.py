"""Replies to a notice: until when they are expected, what a change says, and the codes of links in letters."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

BEFORE_START = timedelta(days=1)
"""A reply is expected a day before the start, or half-way there when the notice is short."""
REMIND = timedelta(days=1)
"""Who takes part is reminded so long before the start."""
LENGTH = 26
"""Letters of a link's code: 130 bits."""


class Answer(StrEnum):
    """What a member answers to the notice."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SUBSTITUTE = "substitute"
    """Cannot come, and names somebody for the seat."""


class SubstituteState(StrEnum):
    """What became of a named substitute."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


def reply_by(published: datetime, starts: datetime) -> datetime:
    """Until when replies are expected: a day before the start, but never earlier than half-way there."""
    return max(starts - BEFORE_START, published + (starts - published) / 2)


def remind_at(published: datetime, starts: datetime) -> datetime | None:
    """When those who take part are reminded; None where the notice itself comes so late that it reminds."""
    at = starts - REMIND
    return at if at > published + REMIND / 2 else None


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, list[str]]:
    """Every fact that is not what it was: what it was, and what it is now."""
    return {
        name: [before.get(name, ""), value] for name, value in now.items() if before.get(name, "") != value
    }


def link_code(secret: str, purpose: str, row: str, turn: int) -> str:
    """The code in a letter's link, in small letters and digits. Nobody keeps it: it follows from the house's key.

    `turn` counts up when a link is used up, so that the letter before opens nothing any more.
    """
    message = f"letter:{purpose}:{row}:{turn}".encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(mac).decode()[:LENGTH].lower()


def is_link_code(secret: str, purpose: str, row: str, turn: int, code: str) -> bool:
    """Whether this code is the one of this row and round."""
    given = code.strip().lower().encode()
    return hmac.compare_digest(link_code(secret, purpose, row, turn).encode(), given)
