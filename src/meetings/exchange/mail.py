"""Mail leaves through the outbox: after the commit, once, tried again when the mail server is down.

Without `MEETINGS_SMTP_URL` letters wait in the outbox and the notices in the house do the work. An address that the
mail server refuses for good is kept with the reason and shown to the secretary of the meeting.
"""

from __future__ import annotations

import asyncio
import logging
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from meetings.exchange.letters import compose
from meetings.settings import Settings
from meetings.storage.outbox import claim, finish, postpone, refuse
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

IDLE = 5.0
"""Seconds between two looks into the outbox."""
FOR_GOOD = 500
"""SMTP answers from here on say that trying again is of no use."""


async def deliver_always(store: Store, settings: Settings) -> None:
    """Deliver what waits, for as long as the server runs."""
    if settings.smtp_url is None:
        return
    while True:
        try:
            delivered = await deliver_one(store, settings)
        except Exception:
            log.exception("the outbox could not be read")
            delivered = False
        if not delivered:
            await asyncio.sleep(IDLE)


async def deliver_one(store: Store, settings: Settings) -> bool:
    """Send one letter; False when none waits."""
    claimed = await claim(store, "mail")
    if claimed is None:
        return False
    row, letter = claimed
    message_id = f"<{row}@{urlsplit(settings.public_url).hostname}>"
    try:
        await _send(settings, compose(letter, settings, message_id=message_id))
    except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
        reason = _reason(failure)
        if _is_for_good(failure):
            log.warning("mail %s is refused for good: %s", row, reason)
            await refuse(store, row, reason)
        else:
            log.warning("mail %s could not be delivered: %s", row, reason)
            await postpone(store, row, reason)
    else:
        await finish(store, row)
    return True


def _is_for_good(failure: Exception) -> bool:
    """Whether this letter will never be taken: the address does not exist, or is none."""
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        return all(one.code >= FOR_GOOD for one in failure.recipients)
    if isinstance(failure, aiosmtplib.SMTPAuthenticationError):
        return False  # the house's own settings are wrong, not the letter
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        return failure.code >= FOR_GOOD
    return isinstance(failure, ValueError)


def _reason(failure: Exception) -> str:
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        return "; ".join(f"{one.code} {one.message}" for one in failure.recipients)
    return str(failure)


async def _send(settings: Settings, message: EmailMessage) -> None:
    address = urlsplit(settings.smtp_url or "")
    await aiosmtplib.send(
        message,
        hostname=address.hostname or "localhost",
        port=address.port or (465 if address.scheme == "smtps" else 25),
        username=unquote(address.username) if address.username else None,
        password=unquote(address.password) if address.password else None,
        use_tls=address.scheme == "smtps",
    )
