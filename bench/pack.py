"""The meeting pack of 60 papers and 1,500 pages: how long it takes, what it takes, and what others notice of it."""

from __future__ import annotations

import asyncio
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from bench.council import Council, assemble, house
from bench.figures import Figure, figure
from bench.programs import load, meetings_server
from meetings.before.agenda import add_item
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.storage.unit_of_work import Store

PAPERS, PAGES, LINES = 60, 25, 42
SECONDS = 600.0


def measure() -> list[Figure]:
    """On SQLite: one pack from asking to ready, while a reader asks for the agenda again and again."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meetings-bench-") as named:
        folder = Path(named)
        async with house(folder) as made:
            council = await assemble(made.store, 50)
            meeting = await _with_papers(made.store, council)
            with meetings_server(made.settings, folder) as ours:
                task = {
                    "port": ours.port,
                    "process": ours.process,
                    "token": council.tokens[-1],
                    "cookie": council.cookie,
                    "meeting": meeting,
                }
                found = await asyncio.to_thread(load, "pack_load", task, SECONDS)
    return list(_figures(found))


async def _with_papers(store: Store, council: Council) -> str:
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, council.chair, body=council.body, title="Kỳ họp thứ 12", starts="2026-12-05T08:00"
        )
    for number in range(1, PAPERS + 1):
        checked = await keep_upload(store, f"{number}.pdf", await asyncio.to_thread(_paper, number), PAGES)
        async with store.work() as work:
            item = await add_item(work, council.chair, meeting.id, title=f"Nội dung {number}")
            await lay_paper(work, council.chair, item.id, checked, title=f"Tờ trình {number}")
    async with store.work() as work:
        await publish_meeting(work, council.chair, meeting.id)
    return str(meeting.id)


def _paper(number: int) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    for page in range(1, PAGES + 1):
        for line in range(LINES):
            canvas.drawString(
                60, 780 - 17 * line, f"Paper {number}, page {page}, line {line}: " + "figures " * 8
            )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _figures(found: dict[str, Any]) -> list[Figure]:
    name = f"pack of {PAPERS} papers, {PAPERS * PAGES} pages"
    during, before = found["during"], found["before"]
    return [
        figure(f"{name}: seconds", [found["seconds"]], "s", "from asking until it can be fetched"),
        figure(
            f"{name}: worker peak", [found["worker"]], "MB", "highest memory of the process that binds it"
        ),
        figure(f"{name}: server growth", [found["server"]], "MB", "what the server itself grew by meanwhile"),
        figure(
            f"{name}: agenda p95 meanwhile",
            [during],
            "ms",
            "the agenda page of a reader, asked for without a pause",
            {"the same without a pack": [before]},
        ),
        figure(f"{name}: file", [found["size"] / 1024 / 1024], "MB", "the PDF"),
    ]
