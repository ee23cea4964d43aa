"""The roll of one poll: who may vote, with which weight, for whom; frozen when the poll opens.

A ballot goes to each member with a vote who is present when the poll opens, to those whom the chair admits
later, and to those represented by a valid proxy; not to the recused. A proxy goes one level: the giver is
absent and the holder present; otherwise it is void. Quorums count heads, majorities count weights, and a
proxy never counts as present. Whether members are away is a fact of the attendance list: a lost connection
is not an absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from meetings.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Voter:
    """A member's line on the roll."""

    person: str
    _: KW_ONLY
    present: bool
    weight: int = 1
    """How much the ballot counts; 0 is a seat without a vote."""
    remote: bool = False
    proxy_holder: str | None = None
    """The member who may cast this one's ballot while this one is absent."""
    recused: bool = False
    admitted: bool = False
    """Arrived after the opening and admitted by the chair."""
    seat_of: str | None = None
    """The member in whose seat a substitute votes; one head, one ballot."""

    @property
    def attending(self) -> bool:
        """In the room or connected: when the poll opened, or admitted since."""
        return self.present or self.admitted


class Participation(StrEnum):
    """What somebody on the roll did in a poll. Abstaining is a choice on a ballot that was cast."""

    CAST = "cast"
    NOT_CAST = "not_cast"
    """Entitled to a ballot, and gave none."""
    RECUSED = "recused"
    ABSENT = "absent"
    NO_VOTE = "no_vote"
    """Present in a seat without a vote."""


@dataclass(frozen=True, slots=True)
class RollCount:
    """The roll in numbers: heads, and the sums of weights beside them."""

    present: int
    """Heads attending, those admitted later included."""
    present_weight: int
    remote: int
    eligible: int
    eligible_weight: int
    recused: int
    recused_weight: int
    recused_present: int
    recused_present_weight: int


def eligible(voters: Iterable[Voter]) -> tuple[Voter, ...]:
    """Those who get a ballot, in the order of the roll."""
    roll = {voter.person: voter for voter in voters}
    return tuple(voter for voter in roll.values() if _obstacle(roll, voter) is None)


def may_cast(voters: Iterable[Voter], actor: str, for_person: str | None = None) -> Voter:
    """The line of the roll that this ballot is for, or a refusal.

    `not-on-roll`, `recused`, `not-present`; and `proxy-void` when the actor does not validly represent the
    person.
    """
    roll = {voter.person: voter for voter in voters}
    voter = roll.get(for_person or actor)
    if voter is None:
        raise Refused("not-on-roll")
    obstacle = _obstacle(roll, voter)
    if obstacle is not None:
        raise Refused(obstacle)
    if voter.person != actor and (voter.attending or voter.proxy_holder != actor):
        raise Refused("proxy-void")
    if voter.person == actor and not voter.attending:
        raise Refused("not-present")
    return voter


def participation(voters: Iterable[Voter], cast: Collection[str]) -> dict[str, Participation]:
    """What each person on the roll did; `cast` are those whose ballot was counted, by themselves or by proxy."""
    roll = tuple(voters)
    entitled = {voter.person for voter in eligible(roll)}
    return {
        voter.person: _participation(voter, voter.person in cast, voter.person in entitled) for voter in roll
    }


def _participation(voter: Voter, cast: bool, entitled: bool) -> Participation:
    if cast:
        return Participation.CAST
    if voter.recused:
        return Participation.RECUSED
    if entitled:
        return Participation.NOT_CAST
    return Participation.NO_VOTE if voter.attending else Participation.ABSENT


def count_roll(voters: Iterable[Voter]) -> RollCount:
    """Count the roll once, for the quorum and for the bases of majorities."""
    roll = tuple(voters)
    present = [voter for voter in roll if voter.attending]
    ballots = eligible(roll)
    recused = [voter for voter in roll if voter.recused]
    recused_present = [voter for voter in recused if voter.attending]
    return RollCount(
        present=len(present),
        present_weight=_weight(present),
        remote=sum(voter.remote for voter in present),
        eligible=len(ballots),
        eligible_weight=_weight(ballots),
        recused=len(recused),
        recused_weight=_weight(recused),
        recused_present=len(recused_present),
        recused_present_weight=_weight(recused_present),
    )


def check_roll(voters: Iterable[Voter], *, secret: bool, hands: bool = False) -> None:
    """Refuse to open a poll that nobody may vote in (`roll-empty`), or whose secrecy weights would break.

    In a secret poll different weights show in the sums who voted how (`weights-reveal`); raised hands have no weights
    (`weights-hands`).
    """
    ballots = eligible(voters)
    if not ballots:
        raise Refused("roll-empty")
    if (secret or hands) and len({voter.weight for voter in ballots}) > 1:
        raise Refused("weights-reveal" if secret else "weights-hands")


def _obstacle(roll: dict[str, Voter], voter: Voter) -> str | None:
    if voter.weight < 1:
        return "not-on-roll"
    if voter.recused:
        return "recused"
    if voter.attending:
        return None
    if voter.proxy_holder is None:
        return "not-present"
    holder = roll.get(voter.proxy_holder)
    valid = holder is not None and holder.attending and not holder.recused and holder.weight > 0
    return None if valid else "proxy-void"


def _weight(voters: Iterable[Voter]) -> int:
    return sum(voter.weight for voter in voters)
