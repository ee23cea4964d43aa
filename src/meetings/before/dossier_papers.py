"""The documents of a dossier: statement, draft, opinions, annexes, each with its versions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.dossiers import may_take, run_in_hand
from meetings.before.papers import Checked
from meetings.before.scheduling import checked_title
from meetings.rules.dossiers import WRITABLE, DossierState, PaperKind
from meetings.rules.events import DossierPaperLaid, DossierPaperTaken
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, DossierPaper
from meetings.storage.unit_of_work import Reading, Work

ORDER = tuple(PaperKind)


async def may_lay(reading: Reading, actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor may add documents now: the agency while it has the dossier, then who takes the step."""
    if dossier.state in WRITABLE:
        return actor.may(Right.CARRY_OUT, agency=dossier.agency_id)
    if dossier.state != DossierState.RUNNING:
        return False
    run = await run_in_hand(reading, dossier.id)
    return may_take(actor, dossier, run.taker, run.agency_id)


async def must_lay(reading: Reading, actor: Actor, dossier: Dossier) -> None:
    """Refuse (`forbidden`) who may not add documents now; asked before any byte of a file is looked at."""
    if not await may_lay(reading, actor, dossier):
        raise Refused("forbidden")


async def lay_dossier_paper(
    work: Work,
    actor: Actor,
    dossier: UUID,
    file: Checked,
    *,
    kind: str,
    title: str = "",
    replaces: UUID | None = None,
) -> DossierPaper:
    """Add a checked file, or lay it as the next version of a document of the dossier. Earlier versions stay."""
    kept = await work.locked(Dossier, dossier)
    await must_lay(work, actor, kept)
    old = await _current(work, kept, replaces) if replaces else None
    if old is None and kind not in tuple(PaperKind):
        raise Refused("wrong-input", field="kind")
    count = await work.session.scalar(select(func.count()).where(DossierPaper.dossier_id == dossier))
    paper = DossierPaper(
        id=work.new_id(),
        dossier_id=dossier,
        kind=old.kind if old else PaperKind(kind),
        title=checked_title(title or (old.title if old else file.filename.rsplit(".", 1)[0])),
        position=old.position if old else count or 0,
        number=old.number + 1 if old else 1,
        laid_by=actor.person,
        laid_at=work.now,
        **file.columns,
    )
    if old is not None:
        old.replaced_at = work.now
    work.session.add(paper)
    await work.session.flush()
    event = DossierPaperLaid(
        dossier=str(dossier), title=paper.title, version=paper.number, sha256=paper.sha256
    )
    await work.record(actor, event)
    return paper


async def take_out_paper(work: Work, actor: Actor, paper: UUID) -> DossierPaper:
    """Take a document out of the dossier; its versions stay on record."""
    dossier = await work.locked(Dossier, (await work.get(DossierPaper, paper)).dossier_id)
    await must_lay(work, actor, dossier)
    kept = await _current(work, dossier, paper)
    kept.withdrawn_at = work.now
    await work.record(actor, DossierPaperTaken(dossier=str(dossier.id), title=kept.title))
    return kept


async def dossier_papers(reading: Reading, dossier: UUID) -> Sequence[DossierPaper]:
    """The documents as they stand: statement, draft, opinions, annexes."""
    rows = await reading.session.scalars(
        select(DossierPaper).where(
            DossierPaper.dossier_id == dossier,
            DossierPaper.replaced_at.is_(None),
            DossierPaper.withdrawn_at.is_(None),
        )
    )
    return sorted(rows, key=lambda paper: (ORDER.index(PaperKind(paper.kind)), paper.position))


async def _current(work: Work, dossier: Dossier, paper: UUID) -> DossierPaper:
    kept = await work.get(DossierPaper, paper)
    if kept.dossier_id != dossier.id or kept.replaced_at or kept.withdrawn_at:
        raise Refused("not-found")
    return kept
