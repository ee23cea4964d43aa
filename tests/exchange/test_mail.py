"""Notices leave by mail through a real SMTP server: once, in the reader's language, and later when it is down."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import func, select

from meetings.exchange.mail import deliver_one
from meetings.settings import Settings, read_settings
from meetings.storage.tables import Outbox
from meetings.storage.unit_of_work import Store
from tests.support.council import make_council, publish_sitting
from tests.support.processes import free_port


class Postbox:
    """An SMTP server on loopback that keeps what it gets."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.port = free_port()
        self._server: asyncio.Server | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=default))
        return "250 kept"

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


def _settings(port: int) -> Settings:
    return read_settings(
        {
            "MEETINGS_DATABASE_URL": "sqlite:////nowhere/x",
            "MEETINGS_SECRET_KEY": "x",
            "MEETINGS_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "MEETINGS_PUBLIC_URL": "https://hop.example",
        }
    )


async def _waiting(store: Store) -> int:
    async with store.reading() as reading:
        query = select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))
        return await reading.session.scalar(query) or 0


async def test_a_notice_leaves_once_and_says_what_and_when(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    postbox = Postbox()
    await postbox.open()
    try:
        while await deliver_one(store, _settings(postbox.port)):
            pass
        assert not await deliver_one(store, _settings(postbox.port))
    finally:
        await postbox.close()
    assert await _waiting(store) == 0
    assert len(postbox.letters) == 5
    assert len({letter["to"] for letter in postbox.letters}) == 5
    assert len({letter["message-id"] for letter in postbox.letters}) == 5
    letter = next(letter for letter in postbox.letters if "delegate01@" in letter["to"])
    body = letter.get_body()
    assert body is not None
    text = body.get_content()
    assert "Kính gửi" in text
    assert "Thứ Ba, 24/11/2026, 08:00" in text
    assert "Kỳ họp thứ nhất" in letter["subject"]
    assert "https://hop.example/meetings/" in text


async def test_a_letter_waits_while_the_mail_server_is_down(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    assert await deliver_one(store, _settings(free_port()))
    assert await _waiting(store) == 5
    async with store.reading() as reading:
        errors = (await reading.session.scalars(select(Outbox.last_error).where(Outbox.attempts == 1))).all()
    assert len(errors) == 1
    assert errors[0]
