"""`python -m bench [NAME]`: measure, print a table, write bench/results.json."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from bench import agenda, minutes, opening, pack, storm
from bench.figures import Figure, shown, write
from bench.programs import Failed

PARTS: dict[str, Callable[[], Sequence[Figure]]] = {
    "storm": storm.measure,
    "opening": opening.measure,
    "agenda": agenda.measure,
    "minutes": minutes.measure,
    "pack": pack.measure,
}
RESULTS = Path(__file__).with_name("results.json")


def main(names: Sequence[str]) -> int:
    """The exit code: 0 measured, 1 a check failed, 2 no such part."""
    err = Console(stderr=True)
    for name in names:
        if name not in PARTS:
            err.print(
                f"There is no part “{name}”: choose {', '.join(PARTS)}, or none for all.", highlight=False
            )
            return 2
    figures: list[Figure] = []
    try:
        for name in names or PARTS:
            err.print(f"{name} …", style="dim")
            figures += PARTS[name]()
    except Failed as failure:
        err.print(str(failure), style="red", highlight=False, markup=False)
        return 1
    write(RESULTS, figures)
    out = Console()
    (out if out.is_terminal else Console(width=150)).print(shown(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
