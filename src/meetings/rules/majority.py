"""What a vote needs to pass, and the rules that come with the program.

Sources of the Vietnamese presets (`hdnd-…` for a People's Council, `ubnd…` for a People's Committee): the
Law on the Organisation of Local Government 77/2015/QH13, amended by 47/2019/QH14, followed by 65/2025/QH15
and 72/2025/QH15. Majorities there are of *all* members, not of those present: 90 in favour of 95 seats is
published as 94,74%. The article numbers of Law 72/2025 have not been confirmed; the numbers below are those
of the 2015 and 2019 texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from meetings.rules.refusals import Refused
from meetings.rules.rule import (
    CUSTOM,
    THREE_CHOICES,
    Base,
    Choice,
    Rule,
    Side,
    Tie,
    check_in_force,
    in_force,
)
from meetings.rules.rule_data import check_object, checked_choices, rule_as_data, stored_rule

__all__ = [
    "PRESETS",
    "SOURCES",
    "THREE_CHOICES",
    "Base",
    "Choice",
    "Rule",
    "Side",
    "Tie",
    "check_in_force",
    "in_force",
    "needed",
    "rule_as_data",
    "rule_from",
    "stored_rule",
]

HALF: Final = Fraction(1, 2)
TWO_THIRDS: Final = Fraction(2, 3)

_ORGANISATION_LAW_SINCE: Final = date(2016, 1, 1)
_CONFIDENCE_SINCE: Final = date(2023, 7, 1)

SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "custom": "",
        "plurality": "Common parliamentary practice: more votes in favour than against.",
        "absolute_majority": "Common parliamentary practice: more than half of all seats.",
        "two_thirds": "Common parliamentary practice: at least two thirds of the votes cast.",
        "hdnd-resolution": "Law on the Organisation of Local Government 77/2015/QH13, article 91(3): "
        "more than half of all delegates.",
        "hdnd-removal": "Law on the Organisation of Local Government 77/2015/QH13, article 91(3): "
        "removal of a delegate, at least two thirds of all delegates.",
        "hdnd-short": "Law 65/2025/QH15, article 46: a council with less than two thirds of its delegates "
        "left, more than two thirds of the remaining delegates.",
        "ubnd": "Law on the Organisation of Local Government 77/2015/QH13, article 117: "
        "more than half of all members; in a tie the side of the Chair.",
        "ubnd-written": "Law on the Organisation of Local Government 77/2015/QH13, article 118: "
        "written opinions, the same majority as in a sitting.",
        "confidence-96": "Resolution 96/2023/QH15 of 23 June 2023: confidence ratings, shares of the ballots returned.",
        "election-list": "Law on the Organisation of Local Government 77/2015/QH13: elected with more than half of all "
        "delegates, in the order of votes.",
        "ranked": "Single transferable vote as in the Scottish Local Government Elections Order 2007.",
    }
)

_OPINIONS: Final = (
    Choice("agree", "Agree", "yes"),
    Choice("agree-comments", "Agree with comments", "yes"),
    Choice("disagree", "Disagree", "no"),
    Choice("other", "Other opinion", "abstain"),
)


def _presets() -> dict[str, Rule]:
    council = Rule(
        code="hdnd-resolution",
        majority=HALF,
        strict=True,
        base=Base.SEATS,
        quorum=TWO_THIRDS,
        valid_from=_ORGANISATION_LAW_SINCE,
    )
    committee = replace(council, code="ubnd", tie=Tie.CHAIR)
    rules = [
        Rule(code="plurality", majority=HALF, strict=True, base=Base.DECIDED, tie=Tie.CHAIR),
        Rule(code="absolute_majority", majority=HALF, strict=True, base=Base.SEATS),
        Rule(code="two_thirds", majority=TWO_THIRDS, strict=False, base=Base.CAST, quorum=HALF),
        council,
        replace(council, code="hdnd-removal", majority=TWO_THIRDS, strict=False),
        Rule(
            code="hdnd-short",
            majority=TWO_THIRDS,
            strict=True,
            base=Base.IN_OFFICE,
            valid_from=date(2025, 3, 1),
        ),
        committee,
        replace(committee, code="ubnd-written", quorum=None, choices=_OPINIONS),
        replace(council, code="confidence-96", base=Base.CAST, valid_from=_CONFIDENCE_SINCE),
        replace(council, code="election-list"),
        Rule(code="ranked", majority=HALF, strict=True, base=Base.CAST),
    ]
    return {rule.code: replace(rule, source=SOURCES[rule.code]) for rule in rules}


PRESETS: Final[Mapping[str, Rule]] = MappingProxyType(_presets())


def needed(rule: Rule, base: int) -> int:
    """The smallest number in favour that passes on this base; at least 1, even where the base is empty."""
    share = base * rule.majority.numerator
    least = share // rule.majority.denominator + 1 if rule.strict else -(-share // rule.majority.denominator)
    return max(1, least)


def rule_from(value: object, choices: object = None) -> Rule:
    """The rule that a preset's code or an interface object names, with the caller's choices if there are any.

    Refuses an unknown code (`rule-unknown`) and, naming the key, whatever else is wrong (`rule-invalid`).
    An object may carry a preset's code only if it says what the preset says.
    """
    if isinstance(value, str):
        if value not in PRESETS:
            raise Refused("rule-unknown", rule=value[:60])
        rule = PRESETS[value]
    else:
        rule = stored_rule(check_object(value))
        if rule.code != CUSTOM:
            preset = PRESETS.get(rule.code)
            if preset is None:
                raise Refused("rule-unknown", rule=rule.code[:60])
            if replace(rule, choices=preset.choices) != preset:
                raise Refused("rule-invalid", field="code")
            checked_choices(preset, rule_as_data(rule)["choices"])
    return rule if choices is None else checked_choices(rule, choices)
