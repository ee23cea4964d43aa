"""A record that was changed anywhere does not agree any more; what is no record is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from meetings.cli import main
from meetings.rules.majority import rule_as_data, rule_from
from meetings.rules.recount import FORMAT, recount
from meetings.rules.refusals import Refused

Record = dict[str, Any]


def _line(person: int) -> Record:
    facts = {"weight": 1, "present": person < 4, "remote": False, "recused": False, "admitted": False}
    return {"person": f"p{person}", "proxy_holder": None} | facts


def _record(**changes: Any) -> Record:
    """Five seats, four present: three in favour, one against, by the committee's rule with the chair's tie."""
    choices = ("yes", "yes", "yes", "no")
    record: Record = {
        "format": FORMAT, "title": "Ngân sách", "secret": False, "rule": rule_as_data(rule_from("ubnd")),
        "seats": 5, "in_office": 5, "present_open": 4, "present_close": 4, "eligible": 4, "eligible_weight": 4,
        "chair": "p0", "roll": [_line(person) for person in range(5)],
        "ballots": [
            {"person": f"p{n}", "choice": choice, "weight": 1, "receipt": f"R{n}"} for n, choice in enumerate(choices)
        ],
        "tally": {"weights": {"yes": 3, "no": 1, "abstain": 0}, "heads": {"yes": 3, "no": 1, "abstain": 0},
                  "cast": 4, "not_cast": 0},
        "outcome": {"code": "adopted", "adopted": True, "reason": "adopted-seats-more", "percent": "60.00"},
    }  # fmt: skip
    return record | changes


def test_an_honest_record_agrees() -> None:
    found = recount(_record())
    assert found.agrees
    assert found.outcome.adopted


def test_the_chairs_ballot_settles_a_tie() -> None:
    record = _record()
    record["ballots"][2]["choice"] = "no"
    record["tally"]["weights"] = record["tally"]["heads"] = {"yes": 2, "no": 2, "abstain": 0}
    record["outcome"] = {"code": "adopted", "adopted": True, "reason": "tie-chair-yes", "percent": "40.00"}
    assert recount(record).agrees
    assert not recount(record | {"chair": "p3"}).agrees


def _choice(record: Record) -> None:
    record["ballots"][0]["choice"] = "no"


def _twice(record: Record) -> None:
    record["ballots"][1]["person"] = "p0"


def _stranger(record: Record) -> None:
    record["ballots"][1]["person"] = "p4"


def _heavier(record: Record) -> None:
    record["ballots"][0]["weight"] = 2
    record["eligible_weight"] = 5


def _receipt(record: Record) -> None:
    record["ballots"][1]["receipt"] = "R0"


def _outcome(record: Record) -> None:
    record["outcome"] |= {"code": "not_adopted", "adopted": False}


def _seats(record: Record) -> None:
    record["seats"] = 6


def _absent(record: Record) -> None:
    record["roll"][0]["present"] = False


def _lost(record: Record) -> None:
    record["ballots"].pop()


@pytest.mark.parametrize(
    "change", [_choice, _twice, _stranger, _heavier, _receipt, _outcome, _seats, _absent, _lost]
)
def test_a_changed_record_does_not(change: Callable[[Record], None]) -> None:
    record = copy.deepcopy(_record())
    change(record)
    assert not recount(record).agrees


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"format": "other/1"}, "format"),
        ({"roll": 3}, "roll"),
        ({"roll": [3]}, "roll"),
        ({"seats": -1}, "seats"),
        ({"seats": True}, "seats"),
        ({"ballots": [{}]}, "choice"),
        ({"ballots": [{"person": "p0", "choice": "maybe", "weight": 1}]}, "ballots"),
        ({"eligible": 2}, "ballots"),
        ({"secret": True}, "totals"),
        ({"secret": True, "totals": {"yes": 10**12}, "eligible": 10**13}, "totals"),
    ],
)
def test_what_is_no_record_is_refused(changes: Record, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        recount(_record(**changes))
    assert (refusal.value.code, refusal.value.facts["field"]) == ("record-broken", field)


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"format": 1}', "[" * 100_000])
def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(content)
    told = CliRunner().invoke(main, ["poll", "verify", str(file)])
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith("meetings: ")
    assert told.stderr.count("\n") == 1


def test_the_command_agrees_or_not(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(_record()))
    assert CliRunner().invoke(main, ["poll", "verify", str(file)]).exit_code == 0
    file.write_text(json.dumps(_record(seats=6)))
    told = CliRunner().invoke(main, ["poll", "verify", str(file)])
    assert told.exit_code == 1
    assert "DIFFERS: percent: recorded 60.00, counted 50.00" in told.stderr
