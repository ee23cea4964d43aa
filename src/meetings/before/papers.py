"""Papers are laid under an item, version by version, and opened by those who may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.scheduling import checked_title, open_to
from meetings.before.visibility import must_see_item
from meetings.rules.events import PaperLaid, PaperWithdrawn
from meetings.rules.file_names import file_name
from meetings.rules.lifecycle import MeetingState
from meetings.rules.paper_access import Access, must_be_readable
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, audience_of, shows
from meetings.storage.tables import Item, Meeting, Paper, PaperVersion, Recusal
from meetings.storage.tables.before import TakenIn
from meetings.storage.unit_of_work import Reading, Store, Work


@dataclass(frozen=True, slots=True)
class Leaf:
    """A paper as the agenda shows it: its newest version."""

    paper: UUID
    item: UUID
    title: str
    version: int
    pages: int
    size: int
    filename: str
    sha256: str
    access: Access = field(default_factory=Access)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be laid: its bytes are kept, its pages counted; the rest as in `PaperVersion`."""

    filename: str
    sha256: str
    size: int
    pages: int
    source_name: str = ""
    source_sha256: str = ""
    source_size: int = 0
    taken_out: str = ""

    @classmethod
    def of(cls, row: TakenIn) -> Checked:
        """A file that lies elsewhere already: under a dossier, before a consultation."""
        return cls(**{column.name: getattr(row, column.name) for column in fields(cls)})

    @property
    def columns(self) -> dict[str, Any]:
        """As the tables keep it."""
        return asdict(self)


async def lay_paper(
    work: Work, actor: Actor, item: UUID, file: Checked, *, title: str = "", paper: UUID | None = None
) -> PaperVersion:
    """Lay a checked file under an item, or as a new version of `paper`. Earlier versions stay."""
    under = await work.get(Item, item)
    await may_be_laid_under(work, actor, under)
    return await put_paper(work, actor, under, file, title=title, paper=paper)


async def may_be_laid_under(work: Work, actor: Actor, under: Item) -> None:
    """Hold the meeting and ask whether this person may lay papers under an item of it."""
    meeting = await work.locked(Meeting, under.meeting_id)
    actor.must(Right.PREPARE, body=meeting.body_id)
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)


async def put_paper(
    work: Work, actor: Actor, under: Item, file: Checked, *, title: str = "", paper: UUID | None = None
) -> PaperVersion:
    """Lay a checked file under an item of a locked meeting; the caller has asked whether it may be."""
    kept = await _paper(work, under, title or file.filename.rsplit(".", 1)[0], paper)
    last = await work.session.scalar(
        select(func.max(PaperVersion.number)).where(PaperVersion.paper_id == kept.id)
    )
    version = PaperVersion(
        id=work.new_id(),
        paper_id=kept.id,
        number=(last or 0) + 1,
        laid_by=actor.person,
        laid_at=work.now,
        **file.columns,
    )
    work.session.add(version)
    await work.session.flush()
    event = PaperLaid(
        item=str(under.id), paper=str(kept.id), title=kept.title, version=version.number, sha256=file.sha256
    )
    await work.record(actor, event, meeting=under.meeting_id)
    return version


async def _paper(work: Work, under: Item, title: str, paper: UUID | None) -> Paper:
    if paper is not None:
        kept = await work.get(Paper, paper)
        if kept.item_id != under.id or kept.withdrawn_at:
            raise Refused("not-found")
        return kept
    count = await work.session.scalar(
        select(func.count()).select_from(Paper).where(Paper.item_id == under.id)
    )
    kept = Paper(
        id=work.new_id(),
        meeting_id=under.meeting_id,
        item_id=under.id,
        position=count or 0,
        title=checked_title(title),
    )
    work.session.add(kept)
    await work.session.flush()
    return kept


async def withdraw_paper(work: Work, actor: Actor, paper: UUID) -> Paper:
    """Take a paper off the agenda. Its versions stay on record."""
    meeting = await work.locked(Meeting, (await work.get(Paper, paper)).meeting_id)
    actor.must(Right.PREPARE, body=meeting.body_id)
    kept = await work.locked(Paper, paper)
    if kept.withdrawn_at:
        raise Refused("not-found")
    kept.withdrawn_at = work.now
    event = PaperWithdrawn(item=str(kept.item_id), paper=str(paper), title=kept.title)
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def leaves_of(
    reading: Reading, meeting: UUID, audience: Audience = Audience.ANYBODY
) -> dict[UUID, list[Leaf]]:
    """The papers of a meeting that are for this audience, by item, newest versions, in one query."""
    newest = (
        select(PaperVersion.paper_id, func.max(PaperVersion.number).label("number"))
        .join(Paper, Paper.id == PaperVersion.paper_id)
        .where(Paper.meeting_id == meeting)
        .group_by(PaperVersion.paper_id)
        .subquery()
    )
    rows = await reading.session.execute(
        select(
            Paper.id,
            Paper.item_id,
            Paper.title,
            PaperVersion.number,
            PaperVersion.pages,
            PaperVersion.size,
            PaperVersion.filename,
            PaperVersion.sha256,
            Paper.level,
            Paper.readers,
            Paper.download,
            Paper.shown_from,
            Paper.shown_until,
        )
        .join(newest, newest.c.paper_id == Paper.id)
        .join(PaperVersion, (PaperVersion.paper_id == Paper.id) & (PaperVersion.number == newest.c.number))
        .where(Paper.meeting_id == meeting, Paper.withdrawn_at.is_(None))
        .order_by(Paper.position)
    )
    leaves: dict[UUID, list[Leaf]] = defaultdict(list)
    for row in rows:
        access = Access(*row[8:])
        if access.listed_for(audience):
            leaves[row.item_id].append(Leaf(*row[:8], access))
    return dict(leaves)


async def open_paper(
    reading: Reading, actor: Actor, paper: UUID, *, version: int | None = None
) -> tuple[Paper, PaperVersion, Sequence[PaperVersion]]:
    """A paper, the wanted version (None: the newest) and all versions, if the actor may see its meeting.

    Refused to somebody who stands aside from the item (`recused`), to whom it is not for (`not-found`), and outside
    its time (`paper-not-yet`, `paper-no-longer`).
    """
    kept = await reading.get(Paper, paper)
    meeting = await open_to(reading, actor, kept.meeting_id)
    if kept.withdrawn_at and not actor.may(Right.PREPARE, body=meeting.body_id):
        raise Refused("not-found")
    await must_see_item(reading, actor, kept.item_id)
    if await is_recused(reading, kept.item_id, actor.person):
        raise Refused("recused")
    must_be_readable(access_of(kept), audience_of(actor, meeting.body_id, meeting.id), reading.now)
    versions = (
        await reading.session.scalars(
            select(PaperVersion).where(PaperVersion.paper_id == paper).order_by(PaperVersion.number)
        )
    ).all()
    wanted = [one for one in versions if version is None or one.number == version]
    if not wanted:
        raise Refused("not-found")
    return kept, wanted[-1], versions


def access_of(paper: Paper) -> Access:
    """How far a paper may go, as the secretary has set it."""
    return Access(paper.level, paper.readers, paper.download, paper.shown_from, paper.shown_until)


async def is_recused(reading: Reading, item: UUID, person: UUID) -> bool:
    """Whether this person stands aside from the item now, and so sees none of its papers."""
    found = select(Recusal.id).where(
        Recusal.item_id == item, Recusal.person_id == person, Recusal.lifted_at.is_(None)
    )
    return await reading.session.scalar(found.limit(1)) is not None


async def recused_from(reading: Reading, person: UUID, *, meeting: UUID | None = None) -> frozenset[UUID]:
    """Every item (of one meeting, if it is named) from which this person stands aside."""
    query = select(Recusal.item_id).where(Recusal.person_id == person, Recusal.lifted_at.is_(None))
    if meeting is not None:
        query = query.where(Recusal.meeting_id == meeting)
    return frozenset(await reading.session.scalars(query))


async def unlisted_papers(reading: Reading, meeting: UUID, audience: Audience) -> frozenset[UUID]:
    """The papers of a meeting, withdrawn ones too, that this audience does not hear of."""
    rows = await reading.session.execute(select(Paper.id, Paper.readers).where(Paper.meeting_id == meeting))
    return frozenset(paper for paper, readers in rows if not shows(readers, audience))


async def unseen_papers(reading: Reading, actor: Actor, meeting: Meeting) -> frozenset[UUID]:
    """The papers of a meeting that this person does not hear of, those of items stood aside from among them."""
    aside = select(Paper.id).where(
        Paper.item_id.in_(await recused_from(reading, actor.person, meeting=meeting.id))
    )
    unlisted = await unlisted_papers(reading, meeting.id, audience_of(actor, meeting.body_id, meeting.id))
    return unlisted | frozenset(await reading.session.scalars(aside))


async def keep_upload(store: Store, filename: str, content: bytes, pages: int) -> Checked:
    """Keep the bytes of a file that was found to be a harmless PDF of so many pages."""
    return Checked(file_name(filename), await store.files.put(content), len(content), pages)
