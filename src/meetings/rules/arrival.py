"""The code on the room screen that checks members in: it changes every minute, and nobody keeps it.

It is derived from the house's secret key, so whoever shows it was in the room within the last two minutes or was told
by somebody who is. It proves no more than that: the sign-in says who it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

WINDOW = 60
"""Seconds for which one code stands on the screen."""
LENGTH = 16
"""Letters of a code: 80 bits."""


def window_of(moment: datetime) -> int:
    """The number of the minute, counted from 1970."""
    return int(moment.timestamp()) // WINDOW


def code_of(secret: str, meeting: str, window: int) -> str:
    """The code of one meeting in one window, in small letters and digits."""
    message = f"arrival:{meeting}:{window}".encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(mac).decode()[:LENGTH].lower()


def is_code(secret: str, meeting: str, code: str, moment: datetime) -> bool:
    """Whether this is the code of this minute or of the one before."""
    now = window_of(moment)
    given = code.strip().lower().encode()
    return any(
        hmac.compare_digest(code_of(secret, meeting, window).encode(), given) for window in (now, now - 1)
    )
