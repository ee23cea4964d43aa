"""Minutes of 100 items, each with a table of eight rows, as PDF: seconds and peak memory of a process of its own."""

from __future__ import annotations

from bench.figures import Figure, figure
from bench.programs import load

ITEMS = 100
ROUNDS = 5
SECONDS = 120.0


def measure() -> list[Figure]:
    """A fresh process in each round; it renders twice, as a worker does that has made minutes before."""
    found = [load("minutes_load", {"items": ITEMS}, SECONDS) for _ in range(ROUNDS)]

    def one(name: str, key: str, unit: str, about: str) -> Figure:
        return figure(f"minutes: {name}", [round_[key] for round_ in found], unit, about)

    return [
        one("seconds", "again", "s", "100 items with tables as PDF, archival form, fonts known already"),
        one("first seconds", "first", "s", "the same in a fresh worker: fonts are read"),
        one("peak", "peak", "MB", "highest memory of the whole process while rendering"),
        one("peak beyond imports", "rendering", "MB", "the part of it that is not the program itself"),
        one("file", "kilobytes", "KB", "the PDF"),
        one("pages", "pages", "pages", "the PDF"),
    ]
