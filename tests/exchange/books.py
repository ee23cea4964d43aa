"""Council books to test with: the real one where it is at hand, and an invented one of the same shape."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("MEETINGS_TEST_BOOK") or ROOT.parent / "shared/data/dublin-city-council-2019.json")
SEATS = 63
CO_OPTED = "64"


def dumped(book: object) -> bytes:
    return json.dumps(book, ensure_ascii=False).encode()


def whole_book() -> bytes:
    """The real book; without it, an invented one with as many seats."""
    return REAL.read_bytes() if REAL.is_file() else dumped(invented_book())


def invented_book(**body: Any) -> dict[str, Any]:
    """63 seats; one member left and another was co-opted; one vote was cast by somebody whose seat had ended."""
    return {
        "source": {"title": "An invented record", "licence": "CC0-1.0"},
        "body": {"name": "Invented Town Council", "seats": SEATS, "term": {"from": "2019-05-24", "until": "2024-05-24"}}
        | body,
        "members": [member(number) for number in range(1, 65)],
        "meetings": [
            {
                "id": "m1",
                "date": "2019-09-02",
                "kind": "monthly",
                "attendance": {"present": ids(1, 40), "absent": ids(41, 63)},
                "items": [
                    item("a-1", vote=vote(yes=ids(1, 30), no=ids(31, 50), abstain=["51"], exception=ids(52, 63))),
                    item("a-2", number=None, text="", title="“A title”\nwith a break"),
                    item("a-3", vote=vote(yes=ids(1, 25), no=ids(26, 50), result="rejected", absent=ids(51, 63))),
                ],
            },
            {
                "id": "m2",
                "date": "2020-02-24",
                "kind": "special",
                "attendance": {"expected": ids(1, 63)},
                "items": [
                    item(
                        "b-1",
                        proposers=["1", "2"],
                        executive_recommendation="Against",
                        vote=vote(yes=ids(1, 25), no=ids(26, 50), casting_vote="for", not_voted=ids(51, 63)),
                    ),
                    item(
                        "b-2",
                        vote=vote(
                            "absolute_majority", yes=ids(1, 25), no=ids(26, 50), abstain=["51"], result="rejected",
                            casting_vote="for", exception=[*ids(52, 62), CO_OPTED],
                        ),
                    ),
                ],
            },
        ],
    }  # fmt: skip


def member(number: int) -> dict[str, Any]:
    """Number 63 left at the end of 2019; 64 came in that place."""
    return {
        "id": str(number),
        "given_name": f"Ann {number}",
        "family_name": f"Ó Test{number}",
        "party": "Party",
        "area": "North",
        "from": "2020-01-01" if number == 64 else "2019-05-24",
        "until": "2019-12-31" if number == 63 else None,
    }


def item(reference: str, **changes: Any) -> dict[str, Any]:
    plain = {
        "reference": reference, "number": reference[-1], "title": f"Item {reference}", "text": "A text.\r\nTwo lines.",
        "proposers": [], "executive_recommendation": None,
    }  # fmt: skip
    return plain | changes


def vote(
    rule: object = "plurality", *, yes: list[str], no: list[str], result: str = "passed", casting_vote: Any = None,
    **lists: list[str],
) -> dict[str, Any]:  # fmt: skip
    ballots: Mapping[str, list[str]] = {"for": yes, "against": no} | lists
    return {
        "method": "rollcall", "rule": rule, "result": result, "casting_vote": casting_vote, "ballots": dict(ballots),
    }  # fmt: skip


def ids(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]
