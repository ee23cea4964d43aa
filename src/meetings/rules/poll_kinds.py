"""Which rule goes with which kind of poll, a ballot paper from what was asked for, and what it will need, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from meetings.rules.ballot_forms import ONE_CHOICE, Form, Kind, form_as_data, form_from
from meetings.rules.majority import needed, rule_from
from meetings.rules.outcome import Figures, Plan, plan, share_base
from meetings.rules.ranked import quota
from meetings.rules.refusals import Refused
from meetings.rules.rule import Rule
from meetings.rules.rule_data import check_object

_USUAL: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEST: "plurality",
        Kind.ELECTION: "election-list",
        Kind.CONFIDENCE: "confidence-96",
        Kind.OPTIONS: "plurality",
        Kind.RANKED: "ranked",
    }
)
"""The rule of a kind when none is named; a motion has the body's own."""

WRITTEN: Final = "ubnd-written"
"""For opinions asked for in writing, outside a meeting."""
_MADE_FOR: Final[Mapping[str, Kind]] = MappingProxyType(
    {"election-list": Kind.ELECTION, "confidence-96": Kind.CONFIDENCE, "ranked": Kind.RANKED}
)
"""Rules made for one kind of poll."""


def rule_for(kind: Kind, rule: object, choices: object, usual: str) -> Rule:
    """The rule a poll of this kind is decided by. `usual` is the body's own, for motions.

    Refuses a rule made for another kind (`rule-not-for-kind`).
    """
    wanted = rule_from(rule or usual_rule(kind, usual), choices)
    if not fits(kind, wanted.code):
        raise Refused("rule-not-for-kind", rule=wanted.code)
    return wanted


def usual_rule(kind: Kind, usual: str) -> str:
    """The rule that is offered first for a kind; `usual` is the body's own, for motions."""
    return _USUAL.get(kind, usual)


def fits(kind: Kind, rule: str) -> bool:
    """Whether a preset may decide polls of this kind; the consequences of a confidence rating are its resolution's."""
    made_for = _MADE_FOR.get(rule)
    return made_for is kind if made_for or kind is Kind.CONFIDENCE else True


def may_be_usual(rule: str) -> bool:
    """Whether a preset may be a body's usual rule: one for motions that are decided in a sitting."""
    return fits(Kind.MOTION, rule) and rule != WRITTEN


def ballot_paper(kind: Kind, form: object, motion: object) -> dict[str, Any] | None:
    """A poll's form as it is stored; None where the ballot is the rule's choices.

    Options may be given as words alone: those without an `id` get one (`c1`, `c2`, …). Refuses `form-invalid`.
    """
    if kind in ONE_CHOICE:
        if form:
            raise Refused("form-invalid", field="form")
        return None
    if motion is not None:
        raise Refused("form-invalid", field="motion")
    data = dict(check_object(form, "form")) if form is not None else {}
    options = data.get("options")
    if isinstance(options, list):
        data["options"] = _numbered(cast("list[object]", options))
    return form_as_data(form_from(kind, data))


def plan_for(
    form: Form, rule: Rule, figures: Figures, eligible: int | None = None, eligible_weight: int | None = None
) -> Plan:
    """What a poll of any kind will need; numbers that depend on the ballots are those of a full vote."""
    common = plan(rule, figures, eligible, eligible_weight)
    if form.kind in ONE_CHOICE:
        return common
    heads = int(common.facts["eligible"])
    weight = heads if eligible_weight is None else eligible_weight
    votes = needed(rule, share_base(rule, figures, weight, weight))
    if form.kind is Kind.RANKED:
        votes = quota(weight, form.places)
    code = f"plan-{form.kind.value}" + (f"-{form.by}" if form.kind is Kind.OPTIONS else "")
    facts = {"options": len(form.options), "places": form.places, "at_most": form.at_most, "needed": votes}
    return Plan(code, dict(common.facts) | facts | {"base": share_base(rule, figures, weight, weight)})


def _numbered(options: list[object]) -> list[object]:
    taken = {cast("Mapping[str, object]", one).get("id") for one in options if isinstance(one, Mapping)}
    free = (f"c{number}" for number in range(1, 2 * len(options) + 2))
    fresh = (one for one in free if one not in taken)
    numbered: list[object] = []
    for one in options:
        if isinstance(one, str):
            numbered.append({"id": next(fresh), "label": one})
        elif isinstance(one, dict) and "id" not in one:
            numbered.append({"id": next(fresh)} | cast("dict[str, object]", one))
        else:
            numbered.append(cast(object, one))
    return numbered
