"""What changed between two versions of a paper: compared once, kept, and open to whoever may read the paper."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from meetings.before.paper_changes import paper_changes
from meetings.before.papers import keep_upload, lay_paper
from meetings.pdf.cleaning import picture_to_pdf
from meetings.rules.refusals import Refused
from meetings.storage.tables import PaperChange
from meetings.storage.unit_of_work import Store
from tests.pdf.evil import picture
from tests.support.council import make_council, publish_sitting


def printed(*pages: str) -> bytes:
    """A paper with these lines."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(72, 760 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


async def test_versions_are_compared_once_and_a_scan_says_so(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    member = council["delegate01"]
    paper: UUID | None = None
    for content in (
        printed("1. Budget\nThe council grants 12 billion to the ward.\n- 1 -", "It is paid in March."),
        printed("1. Budget\nThe council grants 9 billion\nto the ward. It is paid in March."),
        printed("1. Budget", "The council grants 9 billion to the ward. It is paid in March."),
        picture_to_pdf(picture()).content or b"",
        b"%PDF-1.7 not to be read",
    ):
        file = await keep_upload(store, "Budget.pdf", content, 1)
        async with store.work() as work:
            laid = await lay_paper(work, council["secretary"], sitting.item, file, paper=paper)
        paper = laid.paper_id
    assert paper is not None
    with pytest.raises(Refused, match="nothing at this address"):
        await paper_changes(store, member, paper, version=1)
    kept, before, shown, found = await paper_changes(store, member, paper, version=2)
    assert (kept.id, before.number, shown.number, found.outcome) == (paper, 1, 2, "changed")
    changed = [
        piece for one in found.passages["passages"] for piece in one["pieces"] if piece["kind"] != "same"
    ]
    assert changed == [{"kind": "removed", "text": "12"}, {"kind": "added", "text": "9"}]
    outcomes = [(await paper_changes(store, member, paper, version=version))[3] for version in (3, 4, None)]
    assert [one.outcome for one in outcomes] == ["same", "no-text", "failed"]
    assert (outcomes[1].old_blank, outcomes[1].new_blank) == (0, 1)
    again = (await paper_changes(store, member, paper, version=2))[3]
    assert again.made_at == found.made_at
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(PaperChange)) == 4
