"""A consultation is drafted: the question, what is proposed, the papers, the deadline; then handed to the chair."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.papers import Checked
from meetings.before.scheduling import checked_title
from meetings.council.bodies import holders
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.consultations import CONSULTATION, RULE, ConsultationState, check_deadline
from meetings.rules.events import (
    ConsultationChanged,
    ConsultationDrafted,
    ConsultationHandedToChair,
    ConsultationPaperLaid,
    ConsultationPaperRemoved,
)
from meetings.rules.lifecycle import next_state
from meetings.rules.majority import PRESETS, rule_as_data
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.storage.tables import Body, Consultation, ConsultationPaper
from meetings.storage.unit_of_work import Work

TEXT_LENGTH = 20_000
HANDED = N_("The secretariat hands you a consultation to decide on: {title}")


async def draft_consultation(
    work: Work, actor: Actor, *, body: UUID, title: str, closes: str, text: str = "", signed: bool = False
) -> Consultation:
    """A new consultation, seen by the secretariat and the chair only. `closes` is local time in the body's zone.

    With `signed` only signed ballots count: signed with the member's key, or by hand on paper.
    """
    actor.must(Right.PREPARE, body=body)
    asks = await work.get(Body, body)
    local, at = deadline(closes, asks.timezone)
    check_deadline(work.now, at)
    kept = Consultation(
        id=work.new_id(), body_id=body, title=checked_title(title), text=_text(text), rule=rule_as_data(PRESETS[RULE]),
        state=ConsultationState.DRAFT, closes_local=local, timezone=asks.timezone, closes_at=at,
        drafted_by=actor.person, drafted_at=work.now, signed=signed,
    )  # fmt: skip
    work.session.add(kept)
    await work.session.flush()
    event = ConsultationDrafted(
        consultation=str(kept.id), title=kept.title, body=str(body), closes=local, zone=asks.timezone, signed=signed
    )  # fmt: skip
    await work.record(actor, event)
    return kept


async def change_consultation(
    work: Work,
    actor: Actor,
    consultation: UUID,
    *,
    title: str | None = None,
    text: str | None = None,
    closes: str | None = None,
    signed: bool | None = None,
) -> Consultation:
    """Correct a draft. What members have been asked is not reworded: it is withdrawn, or extended."""
    kept = await drafted(work, actor, consultation)
    changes: dict[str, str] = {}
    if title is not None and checked_title(title) != kept.title:
        kept.title = changes["title"] = checked_title(title)
    if text is not None and _text(text) != kept.text:
        kept.text = changes["text"] = _text(text)
    if closes is not None:
        local, at = deadline(closes, kept.timezone)
        if local != kept.closes_local:
            check_deadline(work.now, at)
            kept.closes_local, kept.closes_at = local, at
            changes["closes"] = local
    if signed is not None and signed != kept.signed:
        kept.signed, changes["signed"] = signed, str(signed).lower()
    if changes:
        event = ConsultationChanged(consultation=str(kept.id), title=kept.title, changes=changes)
        await work.record(actor, event)
    return kept


async def lay_consultation_paper(
    work: Work, actor: Actor, consultation: UUID, file: Checked, *, title: str = ""
) -> ConsultationPaper:
    """Lay a checked file before those who are asked. With the opening the papers are fixed."""
    kept = await drafted(work, actor, consultation)
    laid = await work.session.scalar(
        select(func.max(ConsultationPaper.position)).where(ConsultationPaper.consultation_id == consultation)
    )
    paper = ConsultationPaper(
        id=work.new_id(), consultation_id=consultation, position=0 if laid is None else laid + 1,
        title=checked_title(title or file.filename.rsplit(".", 1)[0]), laid_by=actor.person, laid_at=work.now,
        **file.columns,
    )  # fmt: skip
    work.session.add(paper)
    await work.session.flush()
    event = ConsultationPaperLaid(
        consultation=str(consultation), title=kept.title, paper=str(paper.id), paper_title=paper.title,
        sha256=paper.sha256,
    )  # fmt: skip
    await work.record(actor, event)
    return paper


async def remove_consultation_paper(
    work: Work, actor: Actor, consultation: UUID, paper: UUID
) -> Consultation:
    """Take a paper away from a draft that nobody has been asked about yet."""
    kept = await drafted(work, actor, consultation)
    found = await work.get(ConsultationPaper, paper)
    if found.consultation_id != consultation:
        raise Refused("not-found")
    await work.session.delete(found)
    event = ConsultationPaperRemoved(
        consultation=str(consultation), title=kept.title, paper=str(paper), paper_title=found.title
    )
    await work.record(actor, event)
    return kept


async def hand_to_chair(work: Work, actor: Actor, consultation: UUID) -> Consultation:
    """Tell the chair that a draft is ready to be decided on. Done twice it tells twice."""
    kept = await drafted(work, actor, consultation)
    body = await work.get(Body, kept.body_id)
    kept.handed_at = work.now
    chairs = await holders(work, kept.body_id, Role.CHAIR)
    await tell(work, chairs, HANDED, {"title": kept.title}, f"/consultations/{kept.id}", body.language)
    await work.record(actor, ConsultationHandedToChair(consultation=str(kept.id), title=kept.title))
    return kept


async def drafted(work: Work, actor: Actor, consultation: UUID) -> Consultation:
    """The draft, held against others, for somebody who prepares the body's business."""
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.PREPARE, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "change")
    return kept


def deadline(closes: str, timezone: str) -> tuple[str, datetime]:
    """`2026-11-27T17:00` as the local text that is kept, and the same moment in UTC; or the refusal `date-wrong`."""
    try:
        moment = datetime.fromisoformat(closes)
    except ValueError as wrong:
        raise Refused("date-wrong", field="deadline") from wrong
    if moment.year not in YEARS:
        raise Refused("date-wrong", field="deadline")
    local = moment.replace(tzinfo=None, second=0, microsecond=0)
    return local.isoformat(timespec="minutes"), local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _text(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    return text.strip()
