"""From the content of the minutes to the document that is printed and signed, in the body's own language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from meetings.after.minutes import OpenMinutes
from meetings.after.registers import MINUTES, document_code
from meetings.language import LANGUAGES, N_, gettext, in_language, number_text, percent_text, text
from meetings.pdf import minutes as pdf
from meetings.pdf.decree30 import Rendered, SignatureField, Signer
from meetings.pdf.workers import in_worker
from meetings.rules.minutes import SENTENCES, Block, Fact, Kind, Row
from meetings.storage.tables import Body

CHAIR = N_("Chair of the meeting")
SECRETARY = N_("Secretary of the meeting")
CHOICE = N_("Choice")
VOTES = N_("Votes")
SHARE = N_("Share")
RATING = (N_("Name"), N_("High confidence"), N_("Confidence"), N_("Low confidence"), N_("No mark"))
SPEAKING = (N_("Speaker"), N_("Speeches"), N_("Time"))
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
    elif block.rows:
        yield from _figures(block)
    elif block.code.startswith("outcome-"):
        yield pdf.Decision(sentence(block), gettext(OUTCOME))
    elif block.code.startswith("resolution"):
        yield pdf.Decision(sentence(block), gettext(DECIDED))
    else:
        yield pdf.Prose(sentence(block))


def _figures(block: Block) -> Iterator[pdf.Block]:
    """The numbers as a table, and who made which choice below it."""
    columns, rows = _table(block)
    yield pdf.Figures(sentence(block), tuple(map(gettext, columns)), rows)
    if block.code == "speeches":
        return
    for row in block.rows:
        if row.names:
            yield pdf.Names(f"{gettext(row.label)} ({number_text(row.count)}):", (row.names,))


def _table(block: Block) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heads (message ids) and cells. Shares have a column where any row has one; ratings have it in brackets."""
    if block.code == "speeches":
        return SPEAKING, tuple((row.label, number_text(row.count), row.names) for row in block.rows)
    if any(row.marks for row in block.rows):
        return RATING, tuple((row.label, *_marks(row)) for row in block.rows)
    if not any(row.share for row in block.rows):
        return (CHOICE, VOTES), tuple((gettext(row.label), number_text(row.count)) for row in block.rows)
    return (CHOICE, VOTES, SHARE), tuple(
        (gettext(row.label), number_text(row.count), f"{percent_text(row.share)}%" if row.share else "")
        for row in block.rows
    )


def _marks(row: Row) -> Iterator[str]:
    for count, share in ((row.count, row.share), *row.marks):
        yield _shared(count, share)


def _shared(count: int, share: str) -> str:
    """A number with its share: `30 (60,00%)`."""
    return f"{number_text(count)} ({percent_text(share)}%)" if share else number_text(count)


def sentence(block: Block) -> str:
    """A bound block or heading in words of the current language."""
    return text(SENTENCES[block.code], **{name: _word(name, fact) for name, fact in block.facts.items()})


def _word(name: str, fact: Fact) -> Fact:
    """Facts named `word_…` are words of ours."""
    return gettext(fact) if name.startswith("word_") and isinstance(fact, str) else fact


def caption(block: Block) -> str:
    """What stands above a passage of prose."""
    return gettext(SENTENCES[block.code])


def _attendance(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.id == "quorum":
            yield sentence(block)
        elif block.id == "attendance":
            yield from (f"- {line}" for line in row_texts(block))
        elif block.code.startswith(("substitute", "proxy")):
            yield f"- {sentence(block)}"


def row_texts(block: Block) -> tuple[str, ...]:
    """The lines under a sentence, each like `Absent with excuse: 2 (Lê Văn An, Trần Thị Bé)`."""
    return tuple(map(_row_text, block.rows))


def _row_text(row: Row) -> str:
    if row.marks:
        told = zip(RATING[1:], _marks(row), strict=True)
        return f"{row.label}: " + ", ".join(f"{gettext(level)} {number}" for level, number in told)
    counted = f"{gettext(row.label)}: {number_text(row.count)}"
    # a share and the names after it: `In favour: 30, 60,00% (…)`
    shared = f"{counted}, {percent_text(row.share)}%" if row.share else counted
    return f"{shared} ({row.names})" if row.names else shared


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
