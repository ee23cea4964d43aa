"""From the content of the minutes to the document that is printed and signed, in the body's own language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from meetings.after.minutes import OpenMinutes
from meetings.after.registers import MINUTES, document_code
from meetings.language import LANGUAGES, N_, gettext, in_language, number_text, text
from meetings.pdf import minutes as pdf
from meetings.pdf.decree30 import Rendered, SignatureField, Signer
from meetings.pdf.workers import in_worker
from meetings.rules.minutes import SENTENCES, Block, Kind
from meetings.storage.tables import Body

CHAIR = N_("Chair of the meeting")
SECRETARY = N_("Secretary of the meeting")
CHOICE = N_("Choice")
VOTES = N_("Votes")
OUTCOME = N_("Outcome:")
DECIDED = N_("Decided:")
CONCLUSION = N_("Conclusion of the chair:")
MEMBERS = N_("Members of {body}")


def minutes_document(opened: OpenMinutes) -> pdf.MinutesDocument:
    """The document, as far as it is: without a number it says that it is a draft."""
    zone = ZoneInfo(opened.meeting.timezone)
    body, blocks = opened.body, opened.content.blocks
    with in_language(body.language, opened.meeting.timezone):
        begun, ended = _moment(blocks, "begun", zone), _moment(blocks, "ended", zone)
        return pdf.MinutesDocument(
            issuing_body=body.name,
            superior_body=body.superior,
            symbol=document_code(MINUTES, body),
            number=opened.minutes.number,
            meeting_name=_fact(blocks, "title", "title") or opened.meeting.title,
            started=begun or opened.meeting.starts_at.astimezone(zone),
            ended=ended,
            recorded=opened.minutes.changed_at.astimezone(zone).replace(microsecond=0),
            place=_fact(blocks, "place", "place"),
            chair=_with_post(opened.chair, body.chair_title),
            secretary=_with_post(opened.secretary, body.secretary_title),
            attendance=tuple(_attendance(blocks)),
            sections=_sections(blocks),
            signers=(
                Signer(SignatureField.SECRETARY, (gettext(SECRETARY),), opened.secretary),
                Signer(SignatureField.CHAIR, (gettext(CHAIR),), opened.chair),
            ),
            recipients=(text(MEMBERS, body=body.name),),
            language=language_of(body),
            draft=opened.minutes.number is None,
        )


def language_of(body: Body) -> str:
    """The language of the body's documents, one of those that Meetings speaks."""
    return body.language if body.language in LANGUAGES else LANGUAGES[0]


async def render_minutes(document: pdf.MinutesDocument) -> Rendered:
    """The document as PDF, made in the worker process."""
    return await in_worker(pdf.render, document)


@dataclass(slots=True)
class _Part:
    title: str
    level: int = 0
    blocks: list[pdf.Block] = field(default_factory=list[pdf.Block])


def _sections(blocks: Sequence[Block]) -> tuple[pdf.Section, ...]:
    """One section for each item; what the secretary wrote before and after stands in sections of its own."""
    parts: list[_Part] = []
    inside = False
    for block in blocks:
        if block.id == "proceedings":
            inside = True
        elif not inside or block.id == "ended":
            continue
        elif block.kind is Kind.HEADING:
            parts.append(_Part(sentence(block), str(block.facts.get("number", "")).count(".")))
        elif block.id in ("opening", "closing"):
            if block.text:
                parts.append(_Part(caption(block), blocks=[pdf.Prose(block.text)]))
        else:
            if not parts:
                parts.append(_Part(gettext(SENTENCES["prose-opening"])))
            parts[-1].blocks += _printed(block)
    return tuple(pdf.Section(part.title, tuple(part.blocks), part.level) for part in parts)


def _printed(block: Block) -> Iterator[pdf.Block]:
    if block.kind is Kind.PROSE:
        if block.text and block.code == "prose-conclusion":
            yield pdf.Decision(block.text, gettext(CONCLUSION))
        elif block.text:
            yield pdf.Prose(block.text)
    elif block.code in ("poll", "poll-secret"):
        yield from _poll(block)
    elif block.code.startswith("outcome-"):
        yield pdf.Decision(sentence(block), gettext(OUTCOME))
    elif block.code.startswith("resolution"):
        yield pdf.Decision(sentence(block), gettext(DECIDED))
    else:
        yield pdf.Prose(sentence(block))


def _poll(block: Block) -> Iterator[pdf.Block]:
    if not block.rows:
        yield pdf.Prose(sentence(block))
        return
    rows = tuple((gettext(row.label), number_text(row.count)) for row in block.rows)
    yield pdf.Figures(sentence(block), (gettext(CHOICE), gettext(VOTES)), rows)
    for row in block.rows:
        if row.names:
            yield pdf.Names(f"{gettext(row.label)} ({number_text(row.count)}):", (row.names,))


def sentence(block: Block) -> str:
    """A bound block or heading in words of the current language."""
    return text(SENTENCES[block.code], **block.facts)


def caption(block: Block) -> str:
    """What stands above a passage of prose."""
    return gettext(SENTENCES[block.code])


def _attendance(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.id == "quorum":
            yield sentence(block)
        elif block.id == "attendance":
            yield from (f"- {row_text(row.label, row.count, row.names)}" for row in block.rows)


def row_text(label: str, count: int, names: str) -> str:
    """`Absent with excuse: 2 (Lê Văn An, Trần Thị Bé)`."""
    counted = f"{gettext(label)}: {number_text(count)}"
    return f"{counted} ({names})" if names else counted


def _fact(blocks: Sequence[Block], block_id: str, name: str) -> str:
    return next((str(block.facts.get(name, "")) for block in blocks if block.id == block_id), "")


def _moment(blocks: Sequence[Block], block_id: str, zone: ZoneInfo) -> datetime | None:
    facts = next((block.facts for block in blocks if block.id == block_id), None)
    if facts is None:
        return None
    year, month, day, hour, minute = (int(str(facts[n])) for n in ("year", "month", "day", "hour", "minute"))
    return datetime(year, month, day, hour, minute, tzinfo=zone)


def _with_post(name: str, post: str) -> str:
    return f"{name}, {post}" if name and post else name
