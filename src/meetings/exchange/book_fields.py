"""Reading JSON that came from outside: every value is asked for by kind, and a refusal names the place it stands at."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeGuard, cast

from meetings.rules.refusals import Refused

SIZE_LIMIT = 20 * 1024 * 1024
"""Bytes of a council book."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KINDS: Mapping[type, str] = {
    dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and its place in the file: `meetings[3].items[0]`."""

    place: str
    data: dict[str, object]

    def text(self, key: str) -> str:
        """A text that must be there; refused when it is empty."""
        value = self.maybe_text(key)
        if not value.strip():
            raise Refused("book-missing", place=self.at(key))
        return value

    def maybe_text(self, key: str) -> str:
        """A text that may be absent, null or empty."""
        value = self.data.get(key)
        if value is None:
            return ""
        return checked_text(value, self.at(key))

    def number(self, key: str, most: int) -> int:
        """A whole number from 1 to `most`."""
        value = self._needed(key)
        if isinstance(value, bool) or not isinstance(value, int):
            _wrong(self.at(key), "a whole number", value)
        if not 1 <= value <= most:
            raise Refused("book-number", place=self.at(key), most=most)
        return value

    def day(self, key: str) -> date | None:
        """A date as `2019-05-24`; None when it is absent or null."""
        value = self.data.get(key)
        if value is None:
            return None
        text = checked_text(value, self.at(key))
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise Refused("book-date", place=self.at(key), found=text[:40]) from None

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(key)
        if value not in allowed:
            raise Refused("book-word", place=self.at(key), allowed=", ".join(allowed), found=value[:40])
        return value

    def inner(self, key: str) -> Fields:
        """An object within this one."""
        return fields(self._needed(key), self.at(key))

    def each(self, key: str) -> list[Fields]:
        """A list of objects."""
        listed = as_list(self._needed(key), self.at(key))
        return [fields(value, f"{self.at(key)}[{place}]") for place, value in enumerate(listed)]

    def texts(self, key: str) -> list[str]:
        """A list of texts; absent or null is an empty one."""
        value = self.data.get(key)
        if value is None:
            return []
        listed = as_list(value, self.at(key))
        return [checked_text(one, f"{self.at(key)}[{place}]") for place, one in enumerate(listed)]

    def has(self, key: str) -> bool:
        """Whether there is anything but null."""
        return self.data.get(key) is not None

    def unknown(self, known: frozenset[str]) -> list[str]:
        """Keys that this program does not read."""
        return [key for key in self.data if key not in known]

    def at(self, key: str) -> str:
        """The place of a key: `body.seats`."""
        return f"{self.place}.{key}" if self.place else key

    def _needed(self, key: str) -> object:
        if self.data.get(key) is None:
            raise Refused("book-missing", place=self.at(key))
        return self.data[key]


def fields(value: object, place: str) -> Fields:
    """The value as an object with a place."""
    if not isinstance(value, dict):
        _wrong(place or "the file", "an object", value)
    return Fields(place, cast("dict[str, object]", value))


def as_list(value: object, place: str) -> list[object]:
    """The value as a list."""
    if not _is_list(value):
        _wrong(place, "a list", value)
    return value


def checked_text(value: object, place: str) -> str:
    """The value as text that every database can keep."""
    if not isinstance(value, str):
        _wrong(place, "text", value)
    if _NO_TEXT.search(value):
        raise Refused("book-text", place=place)
    return value


def decoded(data: bytes) -> Fields:
    """The file as one JSON object; refused when it is too large, no UTF-8, cut off, or says a thing twice."""
    if len(data) > SIZE_LIMIT:
        raise Refused("book-large", limit=SIZE_LIMIT // (1024 * 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused("book-not-text", offset=wrong.start) from None
    try:
        found: object = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except json.JSONDecodeError as wrong:
        raise Refused("book-not-json", line=wrong.lineno, column=wrong.colno) from None
    except (RecursionError, ValueError):
        raise Refused("book-not-json", line=1, column=1) from None
    return fields(found, "")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused("book-key-twice", key=key[:60])
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _wrong(place: str, wanted: str, value: object) -> NoReturn:
    kind: type = type(value)
    found = "nothing" if value is None else _KINDS.get(kind, "something else")
    raise Refused("book-kind", place=place, wanted=wanted, found=found)
