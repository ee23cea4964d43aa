"""A measured figure: what it is, its median over the rounds, and how it stands to a peer of the same run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results. A ratio is this value divided by the peer's: below 1 is less than the peer."""

    name: str
    value: float
    unit: str
    about: str
    """What was measured, in a sentence for the table."""
    low: float
    high: float
    """The lowest and the highest round."""
    against: Mapping[str, float] = field(default_factory=dict[str, float])


def figure(
    name: str,
    rounds: Sequence[float],
    unit: str,
    about: str,
    against: Mapping[str, Sequence[float]] | None = None,
) -> Figure:
    """The median of the rounds. A ratio is the median of the ratios within each round, so a drift cancels out."""
    ratios = {
        peer: median(ours / theirs for ours, theirs in zip(rounds, others, strict=True))
        for peer, others in (against or {}).items()
    }
    return Figure(name, median(rounds), unit, about, min(rounds), max(rounds), ratios)


def write(path: Path, figures: Sequence[Figure]) -> None:
    """The public form: a list of name, value, unit, and ratios to peers."""
    rows = [
        {
            "name": one.name,
            "value": round(one.value, 3),
            "unit": one.unit,
            "against": {peer: round(ratio, 3) for peer, ratio in one.against.items()},
        }
        for one in figures
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")


def shown(figures: Sequence[Figure]) -> Table:
    """The same figures with their spread and what they mean."""
    table = Table(caption="Medians; in brackets the lowest and highest round. × is our figure by the peer’s.")
    for heading in ("figure", "median", "spread", "against"):
        table.add_column(heading, justify="right" if heading in ("median", "spread") else "left")
    table.add_column("what it is", overflow="fold", ratio=1)
    for one in figures:
        against = ", ".join(f"{_short(ratio)} × {peer}" for peer, ratio in one.against.items())
        spread = f"[dim]({_short(one.low)} – {_short(one.high)})[/dim]"
        table.add_row(one.name, f"{_short(one.value)} {one.unit}", spread, against, one.about)
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
