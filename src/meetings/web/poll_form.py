"""The form that prepares a poll: what it offers, and what somebody asked for with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from meetings import language
from meetings.during.stage import Stage
from meetings.language import N_
from meetings.rules.ballot_forms import ONE_CHOICE, Kind, kind_of
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Reading
from meetings.web.ballot_views import KINDS
from meetings.web.procedure import procedure_of
from meetings.web.request import uuid_of

CUSTOM = "custom"
USUAL = "usual"
"""The rule of a kind, or of the council for motions."""

BASES: Mapping[str, str] = {
    "seats": N_("all seats"),
    "in_office": N_("members in office"),
    "present": N_("those present"),
    "cast": N_("votes cast"),
    "decided": N_("votes for and against"),
}
"""What a majority is a share of."""
MAJORITIES = ("1/2", "3/5", "2/3", "3/4", "4/5", "1/3")
QUORUMS = ("1/2", "2/3", "3/4")


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """What the forms offer."""
    return {
        "poll_kinds": [(code, language.gettext(words)) for code, words in KINDS.items()],
        "poll_bases": [(code, language.gettext(words)) for code, words in BASES.items()],
        "poll_majorities": [(share, share) for share in MAJORITIES],
        "poll_quorums": [(share, share) for share in QUORUMS],
        "poll_people": sorted({seat.member.name for seat in stage.room.seats}),
    }


Fields = Sequence[tuple[str, str]]


def wanted_poll(fields: Fields) -> dict[str, Any]:
    """What the form asks for, as `draft_poll` takes it. `options` are lines: a name, and after a semicolon a note."""
    first = dict(reversed(fields))
    kind = first.get("kind") or Kind.MOTION
    return {
        "title": first.get("title", ""),
        "motion": uuid_of(first["motion"]) if first.get("motion") else None,
        "rule": _rule(first),
        "kind": kind,
        "form": None if kind_of(kind) in ONE_CHOICE else _form(kind, fields, first),
        "secret": first.get("secret") == "yes",
    } | procedure_of(first)


def _rule(first: Mapping[str, str]) -> object:
    if first.get("rule") != CUSTOM:
        return None if first.get("rule") == USUAL else first.get("rule") or None
    return {
        "majority": first.get("majority", ""),
        "strict": first.get("strict") != "no",
        "base": first.get("base", ""),
        "tie": "chair" if first.get("tie") == "chair" else "fails",
        "quorum": first.get("quorum") or None,
    }


def _form(kind: str, fields: Fields, first: Mapping[str, str]) -> dict[str, Any]:
    lines = [line.partition(";") for line in first.get("options", "").splitlines() if line.strip()]
    options: list[object] = [{"label": name.strip(), "note": note.strip()} for name, _, note in lines]
    options += [{"label": value} for name, value in fields if name == "person"]
    form: dict[str, Any] = {"options": options}
    wide = ("places", "at_most") if kind != Kind.CONFIDENCE else ()
    for name in wide:
        if first.get(name, "").strip():
            form[name] = _number(first[name])
    if kind == Kind.OPTIONS and first.get("by") == "majority":
        form["by"] = "majority"
    if kind == Kind.ELECTION and first.get("ties") == "lots":
        form["ties"] = "lots"
    return form


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refused("form-invalid", field="places")
    return int(text)
