"""A form that is shown again: what the person wrote, and what is wrong with it, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from meetings import language
from meetings.rules.refusals import REFUSALS, Refused
from meetings.web.errors import sentence

Labels = Mapping[str, tuple[str, str]]
"""Field of a refusal → name of the input, and its label as message id."""


@dataclass(frozen=True, slots=True)
class Form:
    """The state of one form; the templates ask it for each input's value and error."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])

    def value(self, name: str, otherwise: object = "") -> str:
        """What was typed, or what stands in the record."""
        kept = "" if otherwise is None else str(otherwise)
        return self.values.get(name, kept)

    def checked(self, name: str, otherwise: bool = False) -> bool:
        """Whether a box was ticked; a form that was sent without the name had it empty."""
        return bool(self.values.get(name)) if self.values else otherwise

    def error(self, name: str = "") -> str:
        """The sentence for one input; without a name the sentence for the form as a whole."""
        return self.errors.get(name, "")


BLANK = Form()


def sent_back(values: Mapping[str, str], refusal: Refused, labels: Labels) -> Form:
    """The form as it was sent, with the refusal at the input that caused it (else at the form's head)."""
    name, label = labels.get(str(refusal.facts.get("field", "")), ("", ""))
    if not name:
        return Form(values, {"": sentence(refusal)})
    facts = refusal.facts | {"field": language.gettext(label)}
    return Form(values, {name: language.text(REFUSALS.get(refusal.code, refusal.code), **facts)})


def chosen_id(text: str) -> UUID | None:
    """The id of an option, None where none was chosen or the text is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def needed_id(text: str, name: str) -> UUID:
    """The id of an option that has to be chosen."""
    found = chosen_id(text)
    if found is None:
        raise Refused("field-missing", field=name)
    return found


def whole_number(text: str, name: str) -> int | None:
    """A number that was typed; None for an empty input."""
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 9:
        raise Refused("wrong-input", field=name)
    return int(text)


def day(text: str, name: str) -> date | None:
    """A day from a date input; None for an empty one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Refused("date-wrong", field=name) from wrong
