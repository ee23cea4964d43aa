"""What a version of a paper says differently from the one before it: compared when it is first asked for, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from meetings.before.papers import open_paper
from meetings.pdf.text import Comparison, compare
from meetings.pdf.workers import in_worker
from meetings.rules.paper_changes import Compared
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Paper, PaperChange, PaperVersion
from meetings.storage.unit_of_work import Store


async def paper_changes(
    store: Store, actor: Actor, paper: UUID, *, version: int | None = None
) -> tuple[Paper, PaperVersion, PaperVersion, PaperChange]:
    """The paper, the version before, the wanted one (None: the newest) and what changed, for who may open the paper.

    Refused like `open_paper`; a first version has none before it (`not-found`).
    """
    async with store.reading() as reading:
        kept, shown, versions = await open_paper(reading, actor, paper, version=version)
        before = one_before(versions, shown)
        if before is None:
            raise Refused("not-found")
        known = await reading.session.get(PaperChange, shown.id)
    return kept, before, shown, known or await _compared(store, before, shown)


def one_before(versions: Sequence[PaperVersion], shown: PaperVersion) -> PaperVersion | None:
    """The version that this one took the place of."""
    return max(
        (one for one in versions if one.number < shown.number), key=lambda one: one.number, default=None
    )


async def _compared(store: Store, before: PaperVersion, shown: PaperVersion) -> PaperChange:
    async with store.files.at_hand([before.sha256, shown.sha256]) as (old, new):
        try:
            found = await in_worker(compare, str(old), str(new))
        except Refused:  # the worker was lost over it: too much memory or time
            found = Comparison(Compared.FAILED)
    async with store.work() as work:
        await work.locked(PaperVersion, shown.id)  # of two who ask at the same moment, one writes
        known = await work.session.scalar(select(PaperChange).where(PaperChange.version_id == shown.id))
        if known is None:
            known = PaperChange(
                version_id=shown.id, outcome=found.outcome, old_blank=found.old_blank, new_blank=found.new_blank,
                passages={"passages": list(found.changes), "rest": found.rest}, made_at=work.now,
            )  # fmt: skip
            work.session.add(known)
    return known
