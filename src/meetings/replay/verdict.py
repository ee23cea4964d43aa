"""What came of a replayed roll call, beside what was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """What a roll call came to."""

    counts: dict[str, int]
    """`for`, `against`, `abstain`, `not_voted`."""
    passed: bool

    def __str__(self) -> str:
        said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in self.counts.items() if count)
        return f"{said or 'no ballots'}: {'passed' if self.passed else 'rejected'}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One roll call beside its replay. `replayed` is None when the poll could not be held; the notes say why."""

    reference: str
    rule: str
    recorded: Figures | None
    replayed: Figures | None
    outcome: str
    notes: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return self.replayed is not None and self.replayed == self.recorded

    def as_data(self) -> dict[str, Any]:
        """As `--json` prints it."""
        figures = {
            name: None if one is None else {**one.counts, "result": "passed" if one.passed else "rejected"}
            for name, one in (("recorded", self.recorded), ("replayed", self.replayed))
        }
        return {
            "reference": self.reference, "agrees": self.agrees, "rule": self.rule, **figures, "outcome": self.outcome,
            "notes": list(self.notes),
        }  # fmt: skip
