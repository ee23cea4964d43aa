"""The bytes of a paper, for whom they are: as they rest, or with the reader's name on every page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from meetings.before.paper_access import note_opening
from meetings.before.papers import access_of
from meetings.exchange.file_answer import SANDBOX, FileAnswer, disposition, document
from meetings.language import N_, local, long_datetime_text, text
from meetings.pdf.filekinds import MEDIA_TYPES, OFFICE, FileKind
from meetings.pdf.watermark import marked
from meetings.pdf.workers import in_worker
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Paper, PaperVersion
from meetings.storage.unit_of_work import Store

CHECKED = {"cache-control": "private, no-cache", "vary": "cookie"}
"""Kept by the browser and asked for each time: who stands aside from the item since then is refused what lies there."""
NOWHERE = {"cache-control": "private, no-store", "vary": "cookie"}
COPY = N_("Copy of {reader}, {moment}. Not to be passed on.")


async def paper_bytes(
    store: Store,
    actor: Actor,
    kept: Paper,
    shown: PaperVersion,
    asked: Mapping[str, str],
    *,
    taken: bool,
    saved: bool = False,
) -> FileAnswer:
    """A version of a paper that the actor may read; `taken` as a file, `saved` by the browser.

    That it was opened is on record before the first byte leaves. Refused: `paper-not-handed-out`.
    """
    access = access_of(kept)
    if taken and not access.handed_out:
        raise Refused("paper-not-handed-out")
    part = "range" in asked and not access.marked
    await note_opening(store, actor.person, shown.id, downloaded=taken, part=part)
    if not access.marked:
        return await document(
            store.files, shown.sha256, asked, filename=shown.filename, download=saved, headers=CHECKED
        )
    line = copy_line(actor, store.clock())
    content = await in_worker(marked, await store.files.get(shown.sha256), actor.name, line)
    headers = NOWHERE | {"content-disposition": disposition(shown.filename, download=saved)}
    return FileAnswer(content, headers | ({"content-security-policy": SANDBOX} if saved else {}))


def copy_line(actor: Actor, moment: datetime) -> str:
    """Whose copy it is, as it stands on every page of a restricted paper."""
    return text(COPY, reader=actor.name, moment=long_datetime_text(local(moment)))


async def source_bytes(
    store: Store, actor: Actor, kept: Paper, shown: PaperVersion, asked: Mapping[str, str]
) -> FileAnswer:
    """The office file that a paper was made from: saved, never shown. It cannot carry a reader's name, so a
    restricted paper's is refused (`paper-not-handed-out`)."""
    access = access_of(kept)
    if not access.handed_out or access.marked:
        raise Refused("paper-not-handed-out")
    if not has_source(shown):
        raise Refused("not-found")
    await note_opening(store, actor.person, shown.id, downloaded=True)
    return await document(
        store.files, shown.source_sha256, asked, filename=shown.source_name,
        media_type=MEDIA_TYPES[FileKind(_ending(shown))], download=True, headers=NOWHERE,
    )  # fmt: skip


def has_source(version: PaperVersion) -> bool:
    """Whether the office file that it was made from is kept."""
    return _ending(version) in OFFICE


def _ending(version: PaperVersion) -> str:
    return version.source_name.rpartition(".")[2].lower()
