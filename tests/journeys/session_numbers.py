"""What the screens showed at each announcement, held against the record, the journal and the minutes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from playwright.async_api import Page, expect

from meetings.cli import main
from meetings.rules.recount import recount

READ = """section => {
  const number = element => Number(element.textContent.replace(/\\D/g, ""));
  const texts = element => [...element.childNodes].filter(one => one.nodeType === 3);
  const words = element => texts(element).map(one => one.data).join("").trim();
  const all = (selector, read) => [...section.querySelectorAll(selector)].map(read);
  return {
    sentence: section.querySelector(".outcome__sentence").textContent.trim(),
    sides: Object.fromEntries(all("[data-number]", one => [one.dataset.number, number(one)])),
    votes: all(".candidate", one => [words(one.querySelector(".candidate__name")),
                                     number(one.querySelector(".candidate__votes .number"))]),
    ratings: all(".ratings tbody tr", row => [words(row.querySelector("th")),
                                              ...[...row.querySelectorAll("td .number")].map(number)]),
  };
}"""


@dataclass
class Numbers:
    """The outcome of each announced poll as its readers saw it."""

    shown: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    async def read(self, poll: str, pages: dict[str, Page], timeout: float) -> dict[str, Any]:
        """From every page, which must agree to the letter; the cockpit is read last, it knows beforehand."""
        seen: dict[str, Any] = {}
        for role, page in pages.items():
            section = page.locator(f"#outcome-{poll}")
            await expect(section).to_be_visible(timeout=timeout)
            seen[role] = await section.evaluate(READ)
        first = next(iter(seen.values()))
        assert all(one == first for one in seen.values()), seen
        self.shown[poll] = first
        return first

    def compare(self, poll: str, record: dict[str, Any], journal: Sequence[dict[str, Any]]) -> None:
        """The record recounts to what was shown, and so does the journal."""
        shown, tally, lines = self.shown[poll], record["tally"], record["outcome"].get("lines", [])
        found = recount(record)
        assert found.agrees, found.differences
        (said,) = _events(journal, "OutcomeAnnounced", poll)
        (closed,) = _events(journal, "PollClosed", poll)
        assert said["choices"] == tally["weights"]
        assert (said["not_cast"], said["lines"]) == (tally["not_cast"], lines)
        assert (closed["cast"], closed["not_cast"]) == (tally["cast"], tally["not_cast"])
        sides = {code: count for code, count in shown["sides"].items() if code != "not_cast"}
        if lines:
            votes = [[one["label"], one["votes"]] for one in lines if "high" not in one]
            assert sorted(shown["votes"]) == sorted(votes), (shown["votes"], votes)
            levels = ("high", "medium", "low")
            rated = [[one["label"], *(one[level] for level in levels)] for one in lines if "high" in one]
            assert sorted(shown["ratings"]) == sorted(rated), (shown["ratings"], rated)
        else:
            assert sides == tally["weights"], (sides, tally)
            assert shown["sides"].get("not_cast", tally["not_cast"]) == tally["not_cast"]
        self._participation(record, tally)

    def _participation(self, record: dict[str, Any], tally: dict[str, Any]) -> None:
        told = record["participation"]
        assert (told["cast"], told["not_cast"]) == (tally["cast"], tally["not_cast"])
        assert sum(told.values()) == len(record["roll"])


def counted_by_the_command(record: dict[str, Any], folder: Path) -> None:
    file = folder / f"{record['poll']}.json"
    file.write_text(json.dumps(record))
    told = CliRunner().invoke(main, ["poll", "verify", str(file)])
    assert told.exit_code == 0, told.stderr


def _events(journal: Sequence[dict[str, Any]], name: str, poll: str) -> list[dict[str, Any]]:
    return [row["payload"] for row in journal if row["event"] == name and row["payload"]["poll"] == poll]
