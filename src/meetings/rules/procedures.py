"""Internal procedures (quy trình nội bộ) as data: the steps of a dossier, who takes them, how long they may last.

A procedure is written by a clerk, kept as JSON and handed on as a file. Days are working days. Inside the house a step
names its agency by id, in a file by name, so that a file means the same in another house.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from meetings.rules.refusals import Refused

FORMAT = "meetings-procedure-1"
"""Stands in every file, so that another file is not taken for a procedure."""
STEPS_AT_MOST = 40
OPINIONS_AT_MOST = 20
LINES_AT_MOST = 50
"""Inputs or outputs of one step."""
DAYS_AT_MOST = 250
LINE = 500


class Level(StrEnum):
    """Where in the administration a procedure is used."""

    PROVINCE = "province"
    """The province or centrally governed city (cấp tỉnh)."""
    DEPARTMENT = "department"
    """A department of it (cấp sở)."""
    DISTRICT = "district"
    """Until the summer of 2025 (cấp huyện); old procedures keep it."""
    COMMUNE = "commune"
    """Commune or ward (cấp xã)."""


class By(StrEnum):
    """Who takes a step or gives an opinion."""

    SUBMITTER = "submitter"
    """The agency that submits the dossier."""
    AGENCY = "agency"
    """One agency that the procedure names."""
    SECRETARIAT = "secretariat"
    """Who prepares the body's meetings."""
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Taker:
    """Who acts; `agency` is set for `By.AGENCY` alone."""

    by: By
    agency: str = ""


@dataclass(frozen=True, slots=True)
class OpinionAsked:
    """An opinion that is asked for while a step lasts, beside others."""

    topic: str
    """`Pháp lý`, `Tài chính` …"""
    taker: Taker
    days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It may last `days` working days after the day it begins on."""

    name: str
    taker: Taker
    days: int
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    opinions: tuple[OpinionAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """What the catalogue keeps. `inter_level`: it leads through agencies of more than one level (liên thông)."""

    code: str
    name: str
    level: Level
    field: str
    steps: tuple[Step, ...]
    inter_level: bool = False

    @property
    def days(self) -> int:
        """Working days from the submission to the acceptance when every step takes all its time."""
        return sum(step.days for step in self.steps)

    def step(self, number: int) -> Step:
        """The step with this number, counted from 1."""
        return self.steps[number - 1]

    def agencies(self) -> frozenset[str]:
        """Every agency that it names."""
        takers = [taker for step in self.steps for taker in _takers(step)]
        return frozenset(taker.agency for taker in takers if taker.by is By.AGENCY)


def _takers(step: Step) -> list[Taker]:
    return [step.taker, *(opinion.taker for opinion in step.opinions)]


def procedure_of(data: object) -> Procedure:
    """The procedure that a form or a file describes.

    Refuses what is not one: `procedure-file` for a shape that cannot be read, `procedure-line` with the step (`where`)
    and the `field` for a line of a step that is missing or too long, `procedure-days`, `procedure-empty`.
    """
    kept = _mapping(data)
    if kept.get("format", FORMAT) != FORMAT:
        raise Refused("procedure-file")
    listed = _sequence(kept.get("steps", []))
    if not listed:
        raise Refused("procedure-empty")
    if len(listed) > STEPS_AT_MOST:
        raise Refused("procedure-long", limit=STEPS_AT_MOST)
    return Procedure(
        code=_line(kept, "code", "", needed=False),
        name=_line(kept, "name", ""),
        level=_chosen(Level, kept.get("level")),
        field=_line(kept, "field", ""),
        inter_level=_flag(kept.get("inter_level", False)),
        steps=tuple(_step(one, str(number)) for number, one in enumerate(listed, start=1)),
    )


def data_of(procedure: Procedure) -> dict[str, Any]:
    """The procedure as JSON can keep it; `procedure_of` gives it back."""
    return {
        "format": FORMAT,
        "code": procedure.code,
        "name": procedure.name,
        "level": procedure.level.value,
        "field": procedure.field,
        "inter_level": procedure.inter_level,
        "steps": [
            {
                "name": step.name,
                **_taker_data(step.taker),
                "days": step.days,
                "inputs": list(step.inputs),
                "outputs": list(step.outputs),
                "opinions": [
                    {"topic": one.topic, **_taker_data(one.taker), "days": one.days} for one in step.opinions
                ],
            }
            for step in procedure.steps
        ],
    }


def with_agencies(procedure: Procedure, named: Callable[[str], str]) -> Procedure:
    """The same procedure with its agencies called otherwise: by name for a file, by id for the house."""

    def taker(old: Taker) -> Taker:
        return Taker(By.AGENCY, named(old.agency)) if old.by is By.AGENCY else old

    def step(old: Step) -> Step:
        opinions = tuple(replace(one, taker=taker(one.taker)) for one in old.opinions)
        return replace(old, taker=taker(old.taker), opinions=opinions)

    return replace(procedure, steps=tuple(step(one) for one in procedure.steps))


def _step(data: object, where: str) -> Step:
    kept = _mapping(data)
    opinions = _sequence(kept.get("opinions", []))
    if len(opinions) > OPINIONS_AT_MOST:
        raise Refused("procedure-long", limit=OPINIONS_AT_MOST)
    return Step(
        name=_line(kept, "name", where),
        taker=_taker(kept, where),
        days=_days(kept.get("days"), where),
        inputs=_lines(kept.get("inputs", [])),
        outputs=_lines(kept.get("outputs", [])),
        opinions=tuple(_opinion(one, f"{where}.{place}") for place, one in enumerate(opinions, start=1)),
    )


def _opinion(data: object, where: str) -> OpinionAsked:
    kept = _mapping(data)
    return OpinionAsked(_line(kept, "topic", where), _taker(kept, where), _days(kept.get("days"), where))


def _taker(kept: Mapping[str, object], where: str) -> Taker:
    by = _chosen(By, kept.get("by"))
    if by is not By.AGENCY:
        return Taker(by)
    return Taker(by, _line(kept, "agency", where))


def _taker_data(taker: Taker) -> dict[str, str]:
    return {"by": taker.by.value} | ({"agency": taker.agency} if taker.by is By.AGENCY else {})


def _mapping(data: object) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise Refused("procedure-file")
    return cast("Mapping[str, object]", data)


def _sequence(data: object) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        raise Refused("procedure-file")
    return cast("Sequence[object]", data)


def _line(kept: Mapping[str, object], name: str, where: str, *, needed: bool = True) -> str:
    found = kept.get(name, "")
    if not isinstance(found, str) or "\0" in found:
        raise Refused("procedure-file")
    line = " ".join(found.split())
    if where and (len(line) > LINE or (needed and not line)):
        raise Refused("procedure-line", field=name, where=where)
    if needed and not line:
        raise Refused("field-missing", field=name)
    if len(line) > LINE:
        raise Refused("field-long", field=name, limit=LINE)
    return line


def _lines(data: object) -> tuple[str, ...]:
    listed = [_line({"line": one}, "line", "", needed=False) for one in _sequence(data)]
    if len(listed) > LINES_AT_MOST:
        raise Refused("procedure-long", limit=LINES_AT_MOST)
    return tuple(line for line in listed if line)


def _days(data: object, where: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 1 <= data <= DAYS_AT_MOST:
        raise Refused("procedure-days", where=where, limit=DAYS_AT_MOST)
    return data


def _flag(data: object) -> bool:
    if not isinstance(data, bool):
        raise Refused("procedure-file")
    return data


def _chosen(kind: Any, data: object) -> Any:
    if data not in tuple(kind):
        raise Refused("procedure-file")
    return kind(data)
