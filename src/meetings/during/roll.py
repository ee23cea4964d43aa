"""The roll of a poll: taken from the room, frozen when the poll opens, read again for every ballot."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import Presence, Room
from meetings.rules.roll import Voter
from meetings.storage.tables import RollEntry
from meetings.storage.unit_of_work import Reading


def roll_of(room: Room, item: UUID | None, *others: UUID) -> list[Voter]:
    """The roll of a poll on this item as it would be frozen now; None: a poll that is on no item.

    A poll on motions of `others` as well has no ballot for who stands aside from any of them.

    A substitute has the line of the member's seat, with its weight; a member who lets another one vote keeps the
    own line, and the rules say whether the proxy is good.
    """
    return [
        Voter(
            str(seat.voter),
            present=seat.present,
            weight=seat.member.weight,
            remote=seat.sitting is Presence.REMOTE,
            recused=any((one, seat.voter) in room.recused for one in (item, *others) if one),
            proxy_holder=_holder(room, seat.voter),
            seat_of=str(seat.member.person) if seat.substitute else None,
        )
        for seat in room.seats
    ]


async def frozen_roll(reading: Reading, poll: UUID) -> list[Voter]:
    """The roll as it was frozen, with later admissions."""
    rows = await reading.session.scalars(select(RollEntry).where(RollEntry.poll_id == poll))
    return [voter_of(row) for row in rows]


def voter_of(row: RollEntry) -> Voter:
    """A kept line of the roll as the rules read it."""
    return Voter(
        str(row.person_id),
        present=row.present,
        weight=row.weight,
        remote=row.remote,
        recused=row.recused,
        admitted=row.admitted,
        proxy_holder=str(row.proxy_holder_id) if row.proxy_holder_id else None,
        seat_of=str(row.seat_of_id) if row.seat_of_id else None,
    )


def roll_line(poll: UUID, voter: Voter) -> dict[str, Any]:
    """A voter as a row of the frozen roll."""
    return {
        "poll_id": poll,
        "person_id": UUID(voter.person),
        "weight": voter.weight,
        "present": voter.present,
        "remote": voter.remote,
        "recused": voter.recused,
        "admitted": voter.admitted,
        "proxy_holder_id": UUID(voter.proxy_holder) if voter.proxy_holder else None,
        "seat_of_id": UUID(voter.seat_of) if voter.seat_of else None,
    }


def _holder(room: Room, giver: UUID) -> str | None:
    holder = room.proxies.get(giver)
    return str(holder) if holder else None
