"""A letter in its reader's language: plain text, the same as HTML, and the meeting for the reader's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from meetings import language, resources
from meetings.exchange.invitation import invitation
from meetings.language import N_
from meetings.rules.replies import link_code
from meetings.settings import Settings

GREETING = N_("Dear {name},")
CLOSING = N_("Open it here: {link}")
LABELS = {
    "title": N_("Meeting"),
    "body": N_("Body"),
    "starts": N_("Start"),
    "ends": N_("Planned end"),
    "place": N_("Place"),
    "zone": N_("Time zone"),
    "agenda": N_("Item"),
}
"""What a letter calls the facts of a meeting."""


def compose(letter: Mapping[str, Any], settings: Settings, *, message_id: str | None = None) -> EmailMessage:
    """The letter as it leaves. Its id stays the same when it is tried again."""
    with language.in_language(letter["language"], settings.timezone):
        facts = written_facts(letter["facts"])
        subject = language.text(letter["message"], **facts)
        shown = _shown(letter, settings, facts) | {"sentence": subject}
        text = _environment().get_template("mail/letter.txt").render(shown)
        html = _environment().get_template("mail/letter.html").render(shown)
        calendar = _calendar(letter, settings, text)
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = formataddr((letter["name"], letter["to"]))
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = message_id or make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    if calendar:
        method = "CANCEL" if letter["calendar"]["cancelled"] else "REQUEST"
        message.add_alternative(calendar, subtype="calendar", params={"method": method})
    return message


def written_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a message, with a local start written out."""
    written = dict(facts)
    if "starts" in written:
        written["starts"] = _moment(written["starts"])
    return written


def reply_link(reply: Mapping[str, Any], settings: Settings) -> str:
    """Where a letter's own link leads; its code follows from the house's key and is kept nowhere."""
    code = link_code(settings.secret_key, reply["kind"], reply["id"], reply["round"])
    return f"{settings.public_url}/letters/{reply['kind']}/{reply['id']}/{code}"


def _shown(letter: Mapping[str, Any], settings: Settings, facts: Mapping[str, Any]) -> dict[str, Any]:
    link = settings.public_url + letter["link"] if letter["link"] else ""
    reply = letter.get("reply")
    changes: dict[str, list[str]] = letter.get("changes") or {}
    return {
        "language": language.current(),
        "greeting": language.text(GREETING, name=letter["name"]),
        "closing": language.text(CLOSING, link=link),
        "link": link,
        "changes": [(language.gettext(LABELS[name]), *_values(name, pair)) for name, pair in changes.items()],
        "details": list(_details(letter, settings, facts)),
        "lines": [
            {
                "text": language.text(line["message"], **written_facts(line["facts"])),
                "link": settings.public_url + line["link"],
            }
            for line in letter.get("lines", ())
        ],
        "asks_again": letter.get("asks_again", False),
        "kind": reply["kind"] if reply else "",
        "reply": reply_link(reply, settings) if reply else "",
        "reply_by": language.long_datetime_text(datetime.fromisoformat(reply["by"])) if reply else "",
    }


def _details(
    letter: Mapping[str, Any], settings: Settings, facts: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The meeting's facts, one a line; the zone where it is not the house's own."""
    meeting = letter.get("calendar")
    if not meeting:
        return
    values = {name: meeting[name] for name in ("title", "starts", "ends", "place")}
    values["body"] = facts.get("body", "")
    values["zone"] = meeting["zone"] if meeting["zone"] != settings.timezone else ""
    for name, label in LABELS.items():
        if values.get(name):
            yield language.gettext(label), _values(name, [values[name]])[0]
    for line in meeting["agenda"]:
        yield language.gettext(LABELS["agenda"]), line


def _values(name: str, values: list[str]) -> list[str]:
    return [_moment(value) if value and name in ("starts", "ends") else value for value in values]


def _moment(local: str) -> str:
    return language.long_datetime_text(datetime.fromisoformat(local))


def _calendar(letter: Mapping[str, Any], settings: Settings, text: str) -> str:
    meeting = letter.get("calendar")
    if not meeting:
        return ""
    return invitation(
        meeting,
        host=urlsplit(settings.public_url).hostname or "localhost",
        sender=settings.mail_from,
        body=letter["facts"].get("body", ""),
        name=letter["name"],
        to=letter["to"],
        about=text,
        link=settings.public_url + letter["link"] if letter["link"] else "",
    )


@cache
def _environment() -> Environment:
    """Escapes the HTML and leaves the text alone; the language is that of the moment."""
    environment = Environment(
        loader=FileSystemLoader(resources.TEMPLATES), autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    install: Any = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(language.gettext, language.ngettext, newstyle=True)
    return environment
