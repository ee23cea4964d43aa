"""The ballot of whoever runs a meeting and votes in it, for the cockpit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from meetings.during.desk import Line, lines_of
from meetings.during.stage import Stage
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.polls import Method
from meetings.storage.unit_of_work import Reading
from meetings.web.stage import poll_view


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One ballot that is this person's to cast, or its receipt."""

    name: str
    represented: str
    """The member represented by proxy; empty for one's own."""
    receipt: str
    cast_at: datetime | None
    called: bool
    key: str
    """Goes with the form where scripts are off."""


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """The ballots of the open poll that are this person's, each with the words of its choice; the own one first.

    Raised hands have none, and who has none sees nothing.
    """
    poll = next((one for one in stage.polls if one.state == PollState.OPEN), None)
    if poll is None or poll.method == Method.HANDS:
        return {"own_ballots": [], "own_person": str(actor.person)}
    lines = [line for line in await lines_of(reading, poll, actor.person) if not line.obstacle]
    lines.sort(key=lambda line: line.person != actor.person)
    view = poll_view(poll)
    return {
        "own_ballots": [
            (_ballot(line, actor.person), view.label(line.choice) if line.choice else "") for line in lines
        ],
        "own_person": str(actor.person),
    }


def _ballot(line: Line, person: UUID) -> OwnBallot:
    represented = "" if line.person == person else str(line.person)
    return OwnBallot(line.name, represented, line.receipt, line.cast_at, line.called, str(uuid4()))
