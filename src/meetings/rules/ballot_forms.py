"""What a ballot is, for every kind of poll: its form, what may be marked on it, and the text it is stored as.

Nobody else knows. A one-choice ballot is stored as its choice's code, every other one as canonical JSON: the options
marked in the order of the form (`election`, `options`), options in the voter's order (`ranked`), or a level for
each person rated (`confidence`). A cryptographic format will replace this module and the tables of ballots behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, cast

from meetings.rules.refusals import Refused
from meetings.rules.rule import Choice


class Kind(StrEnum):
    """What a poll asks."""

    MOTION = "motion"
    CONSENT = "consent"
    """Several motions at once."""
    TEST = "test"
    """Does my device work? Counts for nothing."""
    ELECTION = "election"
    """At most so many of the candidates, or a blank ballot."""
    CONFIDENCE = "confidence"
    """Each person: high, medium, low, or left unmarked."""
    OPTIONS = "options"
    """One of a list, or up to so many."""
    RANKED = "ranked"
    """The candidates in one's own order, all or some of them."""


ONE_CHOICE: Final = frozenset({Kind.MOTION, Kind.CONSENT, Kind.TEST})
LEVELS: Final = ("high", "medium", "low")
OPTIONS_AT_MOST: Final = 100
LABEL_AT_MOST: Final = 240
RESERVED: Final = frozenset({"yes", "no", "abstain", "not_cast", "cast", "eligible"})
"""Names of numbers that stand beside the options' own."""

Marks = tuple[str, ...] | dict[str, str]
"""Options marked or ranked, or a level for each person rated."""
By = Literal["most", "majority"]
Ties = Literal["round", "lots"]


@dataclass(frozen=True, slots=True)
class Option:
    """A line of the ballot: a candidate, a person to rate, something to choose. `note` says more (an office)."""

    id: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The ballot of one poll. A one-choice ballot has its choices from the rule."""

    kind: Kind
    options: tuple[Option, ...]
    places: int = 1
    """How many are elected or chosen."""
    at_most: int = 1
    """How many may be marked."""
    by: By = "most"
    """Options: those with the most votes, or only those that reach the rule's majority."""
    ties: Ties = "round"
    """Elections: a tie for the last place asks for another round, or for lots."""
    ids: frozenset[str] = field(default=frozenset(), compare=False)

    def label(self, option: str) -> str:
        """An option's words; its id where it has none."""
        return next((one.label for one in self.options if one.id == option), option)


def kind_of(text: str) -> Kind:
    """The kind of that name, or the refusal `poll-kind-unknown`."""
    try:
        return Kind(text)
    except ValueError as wrong:
        raise Refused("poll-kind-unknown", kind=text[:40]) from wrong


def one_choice(kind: Kind, choices: Iterable[Choice]) -> Form:
    """The form of a ballot with one mark among the rule's choices."""
    options = tuple(Option(choice.code, choice.label) for choice in choices)
    return Form(kind, options, ids=frozenset(option.id for option in options))


def form_from(kind: Kind, data: Mapping[str, object]) -> Form:
    """A ballot's form from its JSON object; refuses (`form-invalid`, with the key) whatever is wrong in it."""
    if kind in ONE_CHOICE:
        raise Refused("form-invalid", field="form")
    for key in data:
        if key not in _KEYS:
            raise Refused("form-invalid", field=key[:60])
    options = _options(data.get("options"))
    if len(options) < (1 if kind in (Kind.ELECTION, Kind.CONFIDENCE) else 2):
        raise Refused("form-invalid", field="options")
    places = _number(data, "places", 1, len(options))
    usual = {Kind.ELECTION: places, Kind.OPTIONS: 1}.get(kind, len(options))
    return Form(
        kind,
        options,
        places=places,
        at_most=_number(data, "at_most", usual, len(options)),
        by="majority" if _word(data, "by", ("most", "majority")) == "majority" else "most",
        ties="lots" if _word(data, "ties", ("round", "lots")) == "lots" else "round",
        ids=frozenset(option.id for option in options),
    )


def poll_form(kind: str, data: Mapping[str, object] | None, choices: Iterable[Choice]) -> Form:
    """The form of a stored poll: its own, or that of its rule's choices."""
    known = kind_of(kind)
    return one_choice(known, choices) if known in ONE_CHOICE else form_from(known, data or {})


def form_as_data(form: Form) -> dict[str, object]:
    """A form as it is stored and published; `form_from` reads it back."""
    return {
        "options": [{"id": one.id, "label": one.label, "note": one.note} for one in form.options],
        "places": form.places,
        "at_most": form.at_most,
        "by": form.by,
        "ties": form.ties,
    }


def checked(form: Form, choice: object) -> str:
    """The canonical text of a ballot as somebody sent it: a code, a list, an object, or their JSON.

    Refuses what the form does not allow: `choice-unknown`, `mark-twice`, `too-many-marks`, `too-few-marks`.
    """
    if form.kind in ONE_CHOICE:
        if isinstance(choice, str) and choice in form.ids:
            return choice
        raise Refused("choice-unknown")
    marks = _sent(form, choice)
    if form.kind is Kind.CONFIDENCE:
        levels = _levels(form, marks)
        return _canonical({one: levels[one] for one in sorted(levels)})
    return _canonical(_marked(form, marks))


def read(form: Form, stored: str) -> str | Marks:
    """What a stored ballot says. `checked` of it gives the stored text again."""
    if form.kind in ONE_CHOICE:
        return checked(form, stored)
    found = _sent(form, stored)
    return _levels(form, found) if form.kind is Kind.CONFIDENCE else _marked(form, found)


def sent_with_form(fields: Sequence[tuple[str, str]]) -> object:
    """The choice in the fields of a plain HTML form.

    `choice` alone for one mark. `mark`, once for each option marked; `level-ID` = high, medium, low; `rank-ID` = 1, 2 …
    A field `ballot` names the kind, so that a blank ballot is told from none.
    """
    kind = next((value for name, value in fields if name == "ballot"), "")
    if kind == Kind.CONFIDENCE:
        return {
            name.removeprefix("level-"): value
            for name, value in fields
            if name.startswith("level-") and value
        }
    if kind == Kind.RANKED:
        ranks = [
            (value, name.removeprefix("rank-"))
            for name, value in fields
            if name.startswith("rank-") and value
        ]
        if not all(rank.isascii() and rank.isdigit() for rank, _ in ranks):
            raise Refused("choice-unknown")
        if len({int(rank) for rank, _ in ranks}) != len(ranks):
            raise Refused("rank-twice")
        return [option for _, option in sorted((int(rank), option) for rank, option in ranks)]
    if kind in (Kind.ELECTION, Kind.OPTIONS):
        return [value for name, value in fields if name == "mark"]
    return next((value for name, value in fields if name == "choice"), "")


_KEYS: Final = frozenset({"options", "places", "at_most", "by", "ties"})
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,35}", re.ASCII)


def _sent(form: Form, choice: object) -> object:
    """JSON text is read; a single option's id stands for a list of one."""
    if not isinstance(choice, str):
        return choice
    if choice in form.ids and form.kind is not Kind.CONFIDENCE:
        return [choice]
    try:
        return json.loads(choice) if len(choice) <= 64 * OPTIONS_AT_MOST else None
    except (ValueError, RecursionError) as wrong:
        raise Refused("choice-unknown") from wrong


def _marked(form: Form, marks: object) -> tuple[str, ...]:
    if not isinstance(marks, (list, tuple)):
        raise Refused("choice-unknown")
    given = cast("Sequence[object]", marks)
    chosen = [one for one in given if isinstance(one, str) and one in form.ids]
    if len(chosen) != len(given):
        raise Refused("choice-unknown")
    if len(set(chosen)) != len(chosen):
        raise Refused("mark-twice")
    if len(chosen) > form.at_most:
        raise Refused("too-many-marks", limit=form.at_most, marked=len(chosen))
    if not chosen and form.kind is not Kind.ELECTION:
        raise Refused("too-few-marks")
    if form.kind is Kind.RANKED:
        return tuple(chosen)
    return tuple(option.id for option in form.options if option.id in set(chosen))


def _levels(form: Form, marks: object) -> dict[str, str]:
    if not isinstance(marks, dict):
        raise Refused("choice-unknown")
    given = cast("Mapping[object, object]", marks)
    levels = {
        person: level
        for person, level in given.items()
        if isinstance(person, str) and person in form.ids and isinstance(level, str) and level in LEVELS
    }
    if len(levels) != len(given):
        raise Refused("choice-unknown")
    return levels


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _options(value: object) -> tuple[Option, ...]:
    if not isinstance(value, list) or len(cast("list[object]", value)) > OPTIONS_AT_MOST:
        raise Refused("form-invalid", field="options")
    options = tuple(_option(one) for one in cast("list[object]", value))
    if len({option.id for option in options}) != len(options):
        raise Refused("form-invalid", field="options")
    if len({(option.label, option.note) for option in options}) != len(options):
        raise Refused("options-alike")
    return options


def _option(value: object) -> Option:
    if not isinstance(value, dict):
        raise Refused("form-invalid", field="options")
    found = cast("Mapping[object, object]", value)
    name, label, note = found.get("id"), found.get("label"), found.get("note", "")
    if (
        not isinstance(name, str)
        or not _ID.fullmatch(name)
        or name in RESERVED
        or found.keys() - {"id", "label", "note"}
    ):
        raise Refused("form-invalid", field="options")
    if not isinstance(label, str) or not label.strip() or len(label) > LABEL_AT_MOST:
        raise Refused("form-invalid", field="options")
    if not isinstance(note, str) or len(note) > LABEL_AT_MOST:
        raise Refused("form-invalid", field="options")
    return Option(name, label.strip(), note.strip())


def _number(data: Mapping[str, object], key: str, usual: int, limit: int) -> int:
    value = data.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= limit:
        raise Refused("form-invalid", field=key)
    return value


def _word(data: Mapping[str, object], key: str, words: tuple[str, str]) -> str:
    value = data.get(key, words[0])
    if value not in words:
        raise Refused("form-invalid", field=key)
    return cast(str, value)
