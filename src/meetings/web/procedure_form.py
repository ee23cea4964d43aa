"""The editor of a procedure: a form with as many steps as the clerk wants, which works without scripts.

Each button sends the whole form with what it asks for (`do`): `add`, `remove-2`, `up-2`, `down-2`, `opinion-2`,
`drop-2-1`, or `save`. Steps are counted from 0 here. Whatever was typed stays.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from meetings.rules.procedures import By, Procedure, Taker, procedure_of

AGENCY = "agency:"
_NUMBERED = re.compile(r"step-(\d{1,3})-")
_OPINION = re.compile(r"opinion-(\d{1,3})-")


@dataclass(slots=True)
class DraftOpinion:
    """A row of the form, as it was typed."""

    topic: str = ""
    who: str = ""
    days: str = ""


@dataclass(slots=True)
class DraftStep:
    """A step as it was typed; inputs and outputs have a line each."""

    name: str = ""
    who: str = By.SUBMITTER.value
    days: str = ""
    inputs: str = ""
    outputs: str = ""
    opinions: list[DraftOpinion] = made(default_factory=list[DraftOpinion])


@dataclass(slots=True)
class Draft:
    """A procedure as it was typed."""

    code: str = ""
    name: str = ""
    level: str = "province"
    field: str = ""
    inter_level: bool = False
    steps: list[DraftStep] = made(default_factory=lambda: [DraftStep()])


def typed(sent: Mapping[str, str]) -> Draft:
    """What was sent, in the order of the steps' numbers."""
    numbers = sorted({int(found[1]) for name in sent if (found := _NUMBERED.match(name))})
    return Draft(
        code=sent.get("code", ""),
        name=sent.get("name", ""),
        level=sent.get("level", ""),
        field=sent.get("field", ""),
        inter_level=bool(sent.get("inter_level")),
        steps=[_step(sent, f"step-{number}-") for number in numbers],
    )


def _step(sent: Mapping[str, str], start: str) -> DraftStep:
    places = sorted({int(found[1]) for name in sent if (found := _OPINION.match(name.removeprefix(start)))
                     and name.startswith(start)})  # fmt: skip
    return DraftStep(
        name=sent.get(f"{start}name", ""),
        who=sent.get(f"{start}who", ""),
        days=sent.get(f"{start}days", ""),
        inputs=sent.get(f"{start}inputs", ""),
        outputs=sent.get(f"{start}outputs", ""),
        opinions=[
            DraftOpinion(
                topic=sent.get(f"{start}opinion-{place}-topic", ""),
                who=sent.get(f"{start}opinion-{place}-who", ""),
                days=sent.get(f"{start}opinion-{place}-days", ""),
            )
            for place in places
        ],
    )


def changed(draft: Draft, act: str) -> int | None:
    """Do to the draft what a button asks for; the number of the step to look at then, None for an unknown act."""
    verb, *numbers = act.split("-")
    places = [int(one) for one in numbers if one.isascii() and one.isdigit()]
    steps = draft.steps
    if verb == "add":
        steps.append(DraftStep())
        return len(steps) - 1
    if not places or places[0] >= len(steps):
        return None
    here = places[0]
    match verb:
        case "remove" if len(steps) > 1:
            del steps[here]
            return min(here, len(steps) - 1)
        case "up" if here:
            steps[here - 1], steps[here] = steps[here], steps[here - 1]
            return here - 1
        case "down" if here + 1 < len(steps):
            steps[here + 1], steps[here] = steps[here], steps[here + 1]
            return here + 1
        case "opinion":
            steps[here].opinions.append(DraftOpinion())
            return here
        case "drop" if len(places) == 2 and places[1] < len(steps[here].opinions):
            del steps[here].opinions[places[1]]
            return here
        case _:
            return None


def draft_of(procedure: Procedure) -> Draft:
    """A kept procedure, to be changed."""
    return Draft(
        code=procedure.code,
        name=procedure.name,
        level=procedure.level.value,
        field=procedure.field,
        inter_level=procedure.inter_level,
        steps=[
            DraftStep(
                name=step.name,
                who=_who(step.taker),
                days=str(step.days),
                inputs="\n".join(step.inputs),
                outputs="\n".join(step.outputs),
                opinions=[DraftOpinion(one.topic, _who(one.taker), str(one.days)) for one in step.opinions],
            )
            for step in procedure.steps
        ],
    )


def procedure_from(draft: Draft) -> Procedure:
    """The procedure that was typed, or the refusal that names what is missing."""
    return procedure_of(
        {
            "code": draft.code,
            "name": draft.name,
            "level": draft.level,
            "field": draft.field,
            "inter_level": draft.inter_level,
            "steps": [
                {
                    "name": step.name,
                    **_taker(step.who),
                    "days": _number(step.days),
                    "inputs": step.inputs.splitlines(),
                    "outputs": step.outputs.splitlines(),
                    "opinions": [
                        {"topic": one.topic, **_taker(one.who), "days": _number(one.days)}
                        for one in step.opinions
                    ],
                }
                for step in draft.steps
            ],
        }
    )


def _who(taker: Taker) -> str:
    return f"{AGENCY}{taker.agency}" if taker.by is By.AGENCY else taker.by.value


def _taker(who: str) -> dict[str, Any]:
    if not who or who.startswith(AGENCY):
        return {"by": By.AGENCY.value, "agency": who.removeprefix(AGENCY)}
    return {"by": who}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None
