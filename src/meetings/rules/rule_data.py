"""Rules as JSON: the object of the public interface, read key by key, and written back without loss.

What is wrong is refused with the name of the key (`rule-invalid`); nothing is guessed and nothing is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeGuard, TypeVar, cast

from meetings.rules.refusals import Refused
from meetings.rules.rule import CUSTOM, THREE_CHOICES, Base, Choice, Moment, Rule, Side, Tie

CHOICES_AT_MOST: Final = 20
TEXT_AT_MOST: Final = 500

_E = TypeVar("_E", bound=StrEnum)


def rule_as_data(rule: Rule) -> dict[str, object]:
    """The rule as the JSON object of the public interface, with its code, choices, dates and source."""
    return {
        "code": rule.code,
        "majority": _fraction_text(rule.majority),
        "strict": rule.strict,
        "base": rule.base.value,
        "tie": rule.tie.value,
        "tie_requires_all_voted": rule.tie_requires_all_voted,
        "quorum": None if rule.quorum is None else _fraction_text(rule.quorum),
        "quorum_base": rule.quorum_base.value,
        "present_at": rule.present_at,
        "recused_shrink_base": rule.recused_shrink_base,
        "choices": [
            {"code": choice.code, "label": choice.label, "counts_as": choice.counts_as}
            for choice in rule.choices
        ],
        "valid_from": rule.valid_from and rule.valid_from.isoformat(),
        "valid_until": rule.valid_until and rule.valid_until.isoformat(),
        "source": rule.source,
    }


def stored_rule(data: Mapping[str, object]) -> Rule:
    """A rule as it was frozen with its poll: the code is believed even if the preset has changed since."""
    _check_keys(data, _STORED_KEYS)
    majority = _fraction(data, "majority", required=True)
    rule = Rule(
        code=_text(data, "code", CUSTOM),
        majority=cast(Fraction, majority),
        strict=_flag(data, "strict", True),
        base=_one_of(data, "base", Base),
        tie=_one_of(data, "tie", Tie, Tie.FAILS),
        tie_requires_all_voted=_flag(data, "tie_requires_all_voted", False),
        quorum=_fraction(data, "quorum"),
        quorum_base=_one_of(data, "quorum_base", Base, Base.SEATS),
        present_at=_moment(data),
        recused_shrink_base=_flag(data, "recused_shrink_base", False),
        choices=choices_from(data["choices"]) if "choices" in data else THREE_CHOICES,
        valid_from=_day(data, "valid_from"),
        valid_until=_day(data, "valid_until"),
        source=_text(data, "source", ""),
    )
    _check_sense(rule)
    return rule


def checked_choices(rule: Rule, choices: object) -> Rule:
    """The rule with the caller's choices; a preset's may be worded anew or left out, not added to."""
    given = choices_from(choices)
    if rule.code != CUSTOM:
        known = {choice.code: choice.counts_as for choice in rule.choices}
        if any(known.get(choice.code) != choice.counts_as for choice in given):
            raise Refused("rule-invalid", field="choices")
    return replace(rule, choices=given)


def choices_from(value: object) -> tuple[Choice, ...]:
    """Choices from codes (`yes`, `no`, `abstain`) or objects `{"code", "label", "counts_as"}`.

    One choice has to count in favour and one against, or there is nothing to decide.
    """
    if not _is_list(value) or not 2 <= len(value) <= CHOICES_AT_MOST:
        raise Refused("rule-invalid", field="choices")
    choices = tuple(_choice(one) for one in value)
    if len({choice.code for choice in choices}) != len(choices):
        raise Refused("rule-invalid", field="choices")
    if not {"yes", "no"} <= {choice.counts_as for choice in choices}:
        raise Refused("rule-invalid", field="choices")
    return choices


def check_object(value: object, field: str = "rule") -> Mapping[str, object]:
    """Refuse (`rule-invalid`) what is not a JSON object with text keys."""
    if not isinstance(value, Mapping):
        raise Refused("rule-invalid", field=field)
    found = cast(Mapping[object, object], value)
    for key in found:
        if not isinstance(key, str):
            raise Refused("rule-invalid", field=str(key)[:60])
    return cast(Mapping[str, object], found)


_SIDES: Final[tuple[Side, ...]] = ("yes", "no", "abstain")
_CHOICE_KEYS: Final = frozenset({"code", "label", "counts_as"})
_RULE_KEYS: Final = {"majority", "strict", "base", "tie", "tie_requires_all_voted", "quorum", "quorum_base"}
_STORED_KEYS: Final = frozenset(
    _RULE_KEYS
    | {"present_at", "recused_shrink_base", "code", "choices", "valid_from", "valid_until", "source"}
)
_FRACTION: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII)


def _check_sense(rule: Rule) -> None:
    if rule.strict and rule.majority == 1:
        raise Refused("rule-invalid", field="strict")  # more than all of them: nothing could ever pass
    if rule.tie is Tie.CHAIR and rule.majority > Fraction(1, 2):
        # Where more than half is asked for, a tie is far from enough, whatever side the chair is on.
        raise Refused("rule-invalid", field="tie")
    if rule.quorum_base not in (Base.SEATS, Base.IN_OFFICE):
        raise Refused("rule-invalid", field="quorum_base")


def _check_keys(data: Mapping[str, object], known: frozenset[str]) -> None:
    for key in data:
        if key not in known:
            raise Refused("rule-invalid", field=key[:60])


def _choice(value: object) -> Choice:
    if isinstance(value, str):
        value = {"code": value}
    found = check_object(value, "choices")
    code, label = found.get("code"), found.get("label")
    known = next((choice for choice in THREE_CHOICES if choice.code == code), None)
    side = found.get("counts_as", known.counts_as if known else None)
    if (
        not isinstance(code, str)
        or not _CODE.fullmatch(code)
        or side not in _SIDES
        or found.keys() - _CHOICE_KEYS
    ):
        raise Refused("rule-invalid", field="choices")
    if known and side != known.counts_as:
        raise Refused("rule-invalid", field="choices")  # a choice called `no` never counts in favour
    if label is None:
        label = known.label if known else code
    if not isinstance(label, str) or not label.strip() or len(label) > TEXT_AT_MOST:
        raise Refused("rule-invalid", field="choices")
    return Choice(code, label, side)


def _fraction(data: Mapping[str, object], key: str, *, required: bool = False) -> Fraction | None:
    value = data.get(key)
    if value is None and not required:
        return None
    match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    if not match or int(match[2]) == 0 or not 0 < int(match[1]) <= int(match[2]):
        raise Refused("rule-invalid", field=key)
    return Fraction(int(match[1]), int(match[2]))


def _flag(data: Mapping[str, object], key: str, default: bool) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise Refused("rule-invalid", field=key)
    return value


def _text(data: Mapping[str, object], key: str, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or len(value) > TEXT_AT_MOST:
        raise Refused("rule-invalid", field=key)
    return value


def _one_of(data: Mapping[str, object], key: str, kind: type[_E], default: _E | None = None) -> _E:
    value = data.get(key, default)
    if not isinstance(value, str) or value not in [member.value for member in kind]:
        raise Refused("rule-invalid", field=key)
    return kind(value)


def _moment(data: Mapping[str, object]) -> Moment:
    value = data.get("present_at", "open")
    if value not in ("open", "close"):
        raise Refused("rule-invalid", field="present_at")
    return value


def _day(data: Mapping[str, object], key: str) -> date | None:
    value = data.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise Refused("rule-invalid", field=key) from None


def _fraction_text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
