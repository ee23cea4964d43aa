"""A poll's numbers as the minutes tell them, from its stored tally and outcome: nothing is counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meetings.rules.ballot_forms import ONE_CHOICE, Form, Kind
from meetings.rules.outcome import percent
from meetings.rules.record import ChoiceCount, StageRecord
from meetings.rules.rule import Base, Rule

Names = Mapping[str, tuple[str, ...]]
Facts = Mapping[str, int | str]


def choices_of(
    form: Form, rule: Rule, tally: Mapping[str, Any], outcome: Mapping[str, Any], names: Names
) -> tuple[ChoiceCount, ...]:
    """Every choice, candidate or person rated, with its share of the base."""
    if form.kind not in ONE_CHOICE:
        lines: list[Mapping[str, Any]] = outcome.get("lines", [])
        return tuple(_line(form, line, names) for line in lines)
    weights: Mapping[str, int] = tally.get("weights", {})
    base = int(outcome.get("base", 0))
    return tuple(
        ChoiceCount(
            one.code,
            one.label,
            weights.get(one.code, 0),
            names.get(one.code, ()),
            _share(
                weights.get(one.code, 0),
                base,
                outside=one.counts_as == "abstain" and rule.base is Base.DECIDED,
            ),
        )
        for one in rule.choices
    )


def rule_of(form: Form, rule: Rule, facts: Facts) -> tuple[str, dict[str, int | str]]:
    """Which sentence tells the rule, and its facts; none where there was no quorum, so that no number was needed."""
    match form.kind:
        case Kind.CONFIDENCE:
            return ("confidence", {"base": facts["base"]}) if "base" in facts else ("", {})
        case Kind.RANKED:
            return ("ranked", {"needed": facts["needed"]}) if "needed" in facts else ("", {})
        case Kind.OPTIONS if form.by == "most":
            return "most", {"places": form.places}
        case _ if "needed" not in facts or "base" not in facts:
            return "", {}
        case _:
            majority = f"{rule.majority.numerator}/{rule.majority.denominator}"
            bound = "more" if rule.strict else "least"
            return f"{rule.base.value}-{bound}", {
                "majority": majority,
                "needed": facts["needed"],
                "base": facts["base"],
            }


def stages_of(form: Form, outcome: Mapping[str, Any]) -> tuple[StageRecord, ...]:
    """The stages of a ranked count with the candidates' names."""
    return tuple(
        StageRecord(
            ", ".join(f"{form.label(one)} {votes}" for one, votes in stage["votes"].items()),
            ", ".join(map(form.label, stage["elected"])),
            form.label(stage["excluded"]) if stage["excluded"] else "",
        )
        for stage in outcome.get("rounds", [])
    )


def _line(form: Form, line: Mapping[str, Any], names: Names) -> ChoiceCount:
    label = ", ".join(filter(None, (line["label"], line["note"])))
    if form.kind is not Kind.CONFIDENCE:
        return ChoiceCount(
            line["id"], label, line["votes"], names.get(line["id"], ()), _told(line["percent"])
        )
    rest = ((line[level], _told(line[f"{level}_percent"])) for level in ("medium", "low"))
    return ChoiceCount(
        line["id"], label, line["high"], (), _told(line["high_percent"]), (*rest, (line["unmarked"], ""))
    )


def _share(votes: int, base: int, *, outside: bool) -> str:
    """Empty where there is no base, or the choice does not belong to it."""
    return "" if outside else _told(percent(votes, base))


def _told(share: str) -> str:
    return "" if share == "—" else share
