"""How many must be there: the quorum, counted in heads.

A quorum is a fraction of all seats or of the members in office, rounded up: two thirds of 95 seats is 64
members. Law on the Organisation of Local Government 77/2015/QH13 and its successors: two thirds for a
sitting of a People's Council (art. 78 ff.) and of a People's Committee (art. 114). A proxy never counts as
present; a member who is connected from a remote site does.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from meetings.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Quorum:
    """The count of heads at one moment: ``needed`` is 0 and ``met`` is true where no quorum is asked for."""

    present: int
    needed: int
    base: int
    met: bool


def quorum(fraction: Fraction | None, base: int, present: int) -> Quorum:
    """Count heads against a fraction of all seats or of members in office; the fraction is rounded up."""
    needed = 0 if fraction is None else -(-base * fraction.numerator // fraction.denominator)
    return Quorum(present=present, needed=needed, base=base, met=present >= needed)


def check_quorum(counted: Quorum) -> None:
    """Refuse (``quorum-short``) to call to order or to open a poll when too few are present."""
    if not counted.met:
        raise Refused("quorum-short", present=counted.present, needed=counted.needed)
