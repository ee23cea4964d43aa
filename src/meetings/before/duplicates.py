"""The same file laid twice is told, and laid again only when the secretary wants it. Its bytes are kept once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from meetings.before.papers import Checked, lay_paper, may_be_laid_under
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Paper, PaperVersion
from meetings.storage.unit_of_work import Work


async def lay_new(
    work: Work, actor: Actor, item: UUID, file: Checked, *, title: str = "", paper: UUID | None = None
) -> PaperVersion:
    """Lay a checked file as `lay_paper` does, unless the same file lies before the meeting already (`paper-already`).

    The same means: the bytes that came, or those that are shown, are the same. Withdrawn papers do not count.
    """
    await may_be_laid_under(work, actor, await work.get(Item, item))
    came = file.source_sha256 or file.sha256
    found = (
        await work.session.execute(
            select(PaperVersion.id, PaperVersion.number, Paper.title, Item.number)
            .join(Paper, Paper.id == PaperVersion.paper_id)
            .join(Item, Item.id == Paper.item_id)
            .where(
                Paper.meeting_id == select(Item.meeting_id).where(Item.id == item).scalar_subquery(),
                Paper.withdrawn_at.is_(None),
                or_(PaperVersion.sha256.in_((came, file.sha256)), PaperVersion.source_sha256 == came),
            )
            .order_by(Paper.item_id != item, PaperVersion.laid_at.desc())
            .limit(1)
        )
    ).first()
    if found is not None:
        version, number, name, place = found
        raise Refused("paper-already", title=name, number=place, version=number, kept=version)
    return await lay_paper(work, actor, item, file, title=title, paper=paper)


async def lay_again(
    work: Work, actor: Actor, item: UUID, kept: UUID, *, title: str = "", paper: UUID | None = None
) -> PaperVersion:
    """Lay the file of a version that lies before the same meeting once more: what `paper-already` told of."""
    version = await work.get(PaperVersion, kept)
    original = await work.get(Paper, version.paper_id)
    if original.meeting_id != (await work.get(Item, item)).meeting_id:
        raise Refused("not-found")
    return await lay_paper(work, actor, item, Checked.of(version), title=title, paper=paper)
