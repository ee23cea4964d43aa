"""What a body's standing orders say about the room: who may stand in for whom, the floor, question time, and motions.

Kept with the body as data (`room_rules`); whatever is not set there has the value given here. Minutes for asking and
answering differ between councils and are no law: only the answer's opening statement of five minutes is the practice of
the Standing Committee of the National Assembly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, cast

from meetings.rules.refusals import Refused


class QueueOrder(StrEnum):
    """In which order those who asked to speak are called."""

    ASKED = "asked"
    """As they asked."""
    ALTERNATING = "alternating"
    """For and against in turn."""
    GROUPS = "groups"
    """The group that has used the smallest share of its time first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRules:
    """One body's rules for the room. Times are seconds; 0 means no limit."""

    substitutes: bool = False
    """A substitute may sit and vote for an absent member once the chair has approved it."""
    any_substitute: bool = False
    """A member may name anybody with an account; otherwise who belongs to the body, the one above it or a committee."""
    proxies: bool = False
    """An absent member may let another one cast the ballot."""
    proxies_per_holder: int = 1
    self_check_in: bool = True
    """Members may check in on their own device without the code on the screen."""
    code_check_in: bool = True
    """The room screen shows a code that changes every minute; scanning it checks a member in."""
    queue: QueueOrder = QueueOrder.ASKED
    first_speakers_first: bool = False
    """Whoever has not spoken on the item yet goes before those who have."""
    speech_seconds: int = 600
    reply_seconds: int = 180
    statement_seconds: int = 180
    order_seconds: int = 60
    group_seconds: int = 0
    """A group's own time on one item."""
    order_categories: tuple[str, ...] = ()
    """Kinds of points of order, the most pressing first."""
    opening_seconds: int = 300
    ask_seconds: int = 60
    answer_seconds: int = 180
    follow_up_seconds: int = 60
    written_answer_days: int = 20
    """Days until a written answer is due, 0 for no due date: a setting of the house, not a law that was confirmed."""
    seconding: bool = False
    """A motion of a member needs a second before it is put."""
    warn_seconds: int = 20
    """So long before the announced end of a vote those who have not voted are called on their own screens."""
    grace_seconds: int = 3
    """So long after the announced end ballots that were on their way are still taken."""


DEFAULT: Final = RoomRules()
LIMIT: Final = 24 * 60 * 60


def room_rules(data: Mapping[str, Any] | None) -> RoomRules:
    """The rules that a body keeps; refuses (`wrong-input`, naming the field) what is not one of them."""
    values: dict[str, Any] = {}
    known = {field.name: getattr(DEFAULT, field.name) for field in fields(RoomRules)}
    for name, value in (data or {}).items():
        if name not in known:
            raise Refused("wrong-input", field=name[:40])
        values[name] = _checked(name, value, known[name])
    return RoomRules(**values)


def as_data(rules: RoomRules) -> dict[str, Any]:
    """Only what differs from the defaults, as it is kept with the body."""
    return {name: value for name, value in all_data(rules).items() if value != _plain(getattr(DEFAULT, name))}


def all_data(rules: RoomRules) -> dict[str, Any]:
    """Every rule as plain data, those that were never set with the value they have."""
    return {name: _plain(value) for name, value in asdict(rules).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, QueueOrder):
        return str(value)
    return list(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value


def _checked(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, QueueOrder):
        if value in tuple(QueueOrder):
            return QueueOrder(value)
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LIMIT:
            return value
    elif isinstance(value, list | tuple):
        lines = cast("Sequence[object]", value)
        texts = tuple(line.strip() for line in lines if isinstance(line, str) and line.strip())
        if len(texts) == len(lines):
            return texts
    raise Refused("wrong-input", field=name)
