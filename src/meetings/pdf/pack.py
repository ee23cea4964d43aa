"""The meeting pack: the agenda in front, every paper in its place behind it, as one PDF that one leafs through.

Two jobs for the worker process, so that other documents have their turn between them: `join` puts some papers one
behind another, `bind` puts a front before them all, with bookmarks and page labels (`2.1·3` is the third page of the
first paper under item 2).
"""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pikepdf
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

from meetings.pdf import fonts
from meetings.pdf.layout import Rule, markup

MARGIN = 22 * mm
WIDTH = A4[0] - 2 * MARGIN
NUMBER, PAGE = 14 * mm, 20 * mm


def _style(
    name: str,
    size: float,
    font: str = fonts.REGULAR,
    *,
    alignment: Literal[0, 1, 2] = 0,
    before: float = 0,
    after: float = 2,
) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.25, alignment=alignment, spaceBefore=before,
        spaceAfter=after,
    )  # fmt: skip


_BODY = _style("pack-body", 13, alignment=TA_CENTER)
_HEADING = _style("pack-heading", 18, fonts.BOLD, alignment=TA_CENTER, before=14, after=6)
_FACT = _style("pack-fact", 12, alignment=TA_CENTER)
_ITEM = _style("pack-item", 12.5, fonts.BOLD)
_QUIET = _style("pack-quiet", 11, fonts.ITALIC)
_PAPER = _style("pack-paper", 12)
_PAGE = _style("pack-page", 12, alignment=TA_RIGHT)


@dataclass(frozen=True, slots=True)
class PackPaper:
    """A paper: its title, and a note in place of its pages where it could not be put in."""

    title: str
    missing: str


@dataclass(frozen=True, slots=True)
class PackItem:
    """An item of the agenda with the quiet lines below its title (presenter, time, what is withheld)."""

    number: str
    title: str
    lines: tuple[str, ...]
    papers: tuple[PackPaper, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """Everything that is printed in front, in the language of the pack."""

    language: str
    body: str
    heading: str
    title: str
    facts: tuple[str, ...]
    items: tuple[PackItem, ...]
    page_word: str
    """`p. {page}`."""
    agenda_word: str


def join(sources: Sequence[str], target: str) -> list[int]:
    """Put these files one behind another; gives the pages of each, 0 for one that cannot be read."""
    counts: list[int] = []
    with ExitStack() as opened, pikepdf.new() as joined:
        for source in sources:
            try:
                paper = opened.enter_context(pikepdf.open(source))
                joined.pages.extend(paper.pages)
                counts.append(len(paper.pages))
            except (pikepdf.PdfError, OSError):
                counts.append(0)
        joined.save(target)
    return counts


def bind(front: Front, chunks: Sequence[str], counts: Sequence[int], target: str) -> tuple[int, int]:
    """Front, joined papers, bookmarks and labels in one file; gives its pages and its bytes.

    `counts` are the pages of every paper in the order of the agenda, as `join` gave them.
    """
    printed = _front(front, counts)
    with ExitStack() as opened, pikepdf.open(io.BytesIO(printed)) as pack:
        before = len(pack.pages)
        for chunk in chunks:
            pack.pages.extend(opened.enter_context(pikepdf.open(chunk)).pages)
        _bookmark(pack, front, counts, before)
        _label(pack, front, counts, before)
        pack.Root.PageMode = pikepdf.Name.UseOutlines
        pack.Root.Lang = pikepdf.String(front.language)
        with pack.open_metadata() as told:
            told["dc:title"] = f"{front.heading}: {front.title}"
        pack.save(target, linearize=False, deterministic_id=True)
        pages = len(pack.pages)
    return pages, Path(target).stat().st_size


def _places(
    front: Front, counts: Sequence[int], before: int
) -> Iterator[tuple[PackItem, int, PackPaper, int, int]]:
    """Item, the paper's number under it, the paper, its first page (from 0), and how many it has."""
    at, pages = before, iter(counts)
    for item in front.items:
        for number, paper in enumerate(item.papers, 1):
            count = next(pages)
            yield item, number, paper, at, count
            at += count


def _bookmark(pack: pikepdf.Pdf, front: Front, counts: Sequence[int], before: int) -> None:
    first: dict[str, int] = {}
    below: dict[str, list[pikepdf.OutlineItem]] = {}
    for item, _, paper, at, count in _places(front, counts, before):
        if count:
            first.setdefault(item.number, at)
            below.setdefault(item.number, []).append(pikepdf.OutlineItem(paper.title, at))
    with pack.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(front.agenda_word, 0))
        for item in front.items:
            entry = pikepdf.OutlineItem(f"{item.number}. {item.title}", first.get(item.number, 0))
            entry.children.extend(below.get(item.number, []))
            outline.root.append(entry)


def _label(pack: pikepdf.Pdf, front: Front, counts: Sequence[int], before: int) -> None:
    """The front is i, ii, iii; a paper's pages are named after its place."""
    labels: list[object] = [0, pikepdf.Dictionary(S=pikepdf.Name.r)]
    for item, number, _, at, count in _places(front, counts, before):
        if count:
            prefix = pikepdf.String(f"{item.number}.{number}·")
            labels += [at, pikepdf.Dictionary(S=pikepdf.Name.D, P=prefix)]
    pack.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))


def _front(front: Front, counts: Sequence[int]) -> bytes:
    """Printed twice: the page numbers in the list depend on how many pages the list has."""
    pages = 1
    while True:
        printed, found = _printed(front, counts, pages)
        if found == pages:
            return printed
        pages = found


def _printed(front: Front, counts: Sequence[int], before: int) -> tuple[bytes, int]:
    fonts.register()
    out = io.BytesIO()
    frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=f"{front.heading}: {front.title}",
        author=front.body,
        lang=front.language,
        invariant=1,
    )
    document.addPageTemplates([PageTemplate("front", [frame], onPage=_number)])
    document.build(list(_flow(front, counts, before)))
    return out.getvalue(), document.page


def _number(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont(fonts.REGULAR, 10)
    canvas.drawCentredString(A4[0] / 2, MARGIN / 2, str(document.page))


def _flow(front: Front, counts: Sequence[int], before: int) -> Iterator[Flowable]:
    yield Paragraph(markup(front.body), _BODY)
    yield Rule(WIDTH / 4, 4)
    yield Paragraph(markup(front.heading), _HEADING)
    yield Paragraph(markup(front.title), _style("pack-title", 15, fonts.BOLD, alignment=TA_CENTER))
    for fact in front.facts:
        yield Paragraph(markup(fact), _FACT)
    yield Spacer(1, 10 * mm)
    places = {
        (item.number, number): (at, count) for item, number, _, at, count in _places(front, counts, before)
    }
    for item in front.items:
        yield from _item(item, front, places)


def _item(item: PackItem, front: Front, places: dict[tuple[str, int], tuple[int, int]]) -> Iterator[Flowable]:
    head: list[Flowable] = [Paragraph(markup(item.title), _ITEM)]
    head += [Paragraph(markup(line), _QUIET) for line in item.lines]
    rows: list[list[object]] = [[Paragraph(markup(item.number), _ITEM), head, ""]]
    for number, paper in enumerate(item.papers, 1):
        at, count = places[item.number, number]
        named = paper.title if count else f"{paper.title} ({paper.missing})"
        page = front.page_word.format(page=at + 1) if count else ""
        rows.append(["", Paragraph(markup(named), _PAPER), Paragraph(markup(page), _PAGE)])
    yield Table(
        rows,
        colWidths=[NUMBER, WIDTH - NUMBER - PAGE, PAGE],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LINEABOVE", (0, 0), (-1, 0), 0.4, "#b8b8b8"),
        ],
        spaceAfter=4,
    )
