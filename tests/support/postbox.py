"""A real SMTP server on loopback, and real mail and calendar readers for what it gets."""

from __future__ import annotations

import asyncio
import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from meetings.settings import Settings, read_settings
from tests.support.processes import free_port, program

ROOT = Path(__file__).resolve().parents[2]
READER = """
const { simpleParser } = require("mailparser");
const read = async () => {
  const ICAL = (await import("ical.js")).default;
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const mail = await simpleParser(Buffer.concat(chunks));
  const part = mail.attachments.find((one) => one.contentType === "text/calendar");
  const found = { subject: mail.subject, text: mail.text, html: mail.html, to: mail.to.text };
  if (part) {
    const calendar = new ICAL.Component(ICAL.parse(part.content.toString("utf-8")));
    const zone = calendar.getFirstSubcomponent("vtimezone");
    if (zone) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
    found.calendar = {
      source: part.content.toString("utf-8"), method: calendar.getFirstPropertyValue("method"), uid: event.uid,
      summary: event.summary, location: event.location, sequence: event.sequence,
      start: event.startDate.toJSDate().toISOString(), end: event.endDate.toJSDate().toISOString(),
      status: event.component.getFirstPropertyValue("status"),
      attendees: event.attendees.map((one) => one.getFirstValue()), organizer: event.organizer,
    };
  }
  process.stdout.write(JSON.stringify(found));
};
read();
"""


class Postbox:
    """An SMTP server that keeps what it gets; `refused` are addresses that it does not know."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refused: set[str] = set()
        self.port = free_port()
        self._server: asyncio.Server | None = None

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        self.letters.append(message_from_bytes(content, policy=default))
        return "250 kept"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_raised: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to an address, in the order in which they came."""
        return [letter for letter in self.letters if address in letter["to"]]


def mail_settings(port: int, **more: str) -> Settings:
    """A house that sends through the server on this port."""
    return read_settings(
        {
            "MEETINGS_DATABASE_URL": "sqlite:////nowhere/x",
            "MEETINGS_SECRET_KEY": "x" * 32,
            "MEETINGS_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "MEETINGS_PUBLIC_URL": "https://hop.example",
            **more,
        }
    )


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


async def as_read(letter: EmailMessage) -> dict[str, Any]:
    """The letter as a mail program reads it: mailparser, and ical.js for the calendar part."""
    process = await asyncio.create_subprocess_exec(
        program("node", package="nodejs"), "-e", READER, cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, complaint = await process.communicate(letter.as_bytes())
    assert process.returncode == 0, complaint.decode()
    found: dict[str, Any] = json.loads(out)
    return found
