"""Mail leaves through the outbox: after the commit, once, tried again when the mail server is down.

Without `MEETINGS_SMTP_URL` letters wait in the outbox and the notices in the house do the work.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from meetings import language
from meetings.language import N_
from meetings.settings import Settings
from meetings.storage.outbox import claim, finish, postpone
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

IDLE = 5.0
"""Seconds between two looks into the outbox."""
GREETING = N_("Dear {name},")
CLOSING = N_("Open it here: {link}")


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
    try:
        await _send(
            settings,
            compose(letter, settings, message_id=f"<{row}@{urlsplit(settings.public_url).hostname}>"),
        )
    except (aiosmtplib.SMTPException, OSError) as failure:
        log.warning("mail %s could not be delivered: %s", row, failure)
        await postpone(store, row, str(failure))
    else:
        await finish(store, row)
    return True


def compose(letter: dict[str, Any], settings: Settings, *, message_id: str | None = None) -> EmailMessage:
    """A letter in its reader's language. The id stays the same when it is tried again."""
    with language.in_language(letter["language"], settings.timezone):
        facts = dict(letter["facts"])
        if "starts" in facts:
            facts["starts"] = language.long_datetime_text(datetime.fromisoformat(facts["starts"]))
        subject = language.text(letter["message"], **facts)
        lines = [
            language.text(GREETING, name=letter["name"]),
            "",
            subject,
            "",
            language.text(CLOSING, link=settings.public_url + letter["link"]),
        ]
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = formataddr((letter["name"], letter["to"]))
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = message_id or make_msgid()
    message.set_content("\n".join(lines))
    return message


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
