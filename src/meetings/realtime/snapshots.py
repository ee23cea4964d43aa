"""The stage as plain data, for a socket that enters a meeting; a room that comes back at once shares one look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from meetings.before.scheduling import must_see
from meetings.during.floor import floor_as_data
from meetings.during.paging import followed
from meetings.during.question_record import question_time_as_data
from meetings.during.stage import Stage, polls_of, stage_number
from meetings.during.veil import stage_for
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, audience_of
from meetings.storage.gathered import Gathered
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading, Store

View = tuple[UUID, Audience]
"""A meeting, and by whom it is seen."""
KEPT = 50
"""So many views are kept at their last stage number."""


class Snapshots:
    """One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stages: dict[View, Stage] = {}
        self._looks = Gathered(self._look)

    async def of(self, actor: Actor, meeting: UUID) -> dict[str, Any]:
        """The stage as this actor may see it; `not-found` for somebody who may not."""
        runs_some = actor.may(Right.RUN_ROOM) or actor.may(Right.PREPARE)
        guess = Audience.INSIDERS if runs_some else Audience.MEMBERS
        kept, taken = await self._seen(actor, (meeting, guess))
        audience = audience_of(actor, kept.body_id, meeting)
        if audience is not guess:
            _, taken = await self._seen(actor, (meeting, audience))
        return taken

    async def _seen(self, actor: Actor, view: View) -> tuple[Meeting, dict[str, Any]]:
        found = await self._looks.ask(view)
        if found is None:
            raise Refused("not-found")
        must_see(actor, found[0])
        return found

    async def _look(self, asked: Collection[View]) -> Mapping[View, tuple[Meeting, dict[str, Any]]]:
        """One reading for all who ask at this moment, and one making of the data."""
        found: dict[View, tuple[Meeting, dict[str, Any]]] = {}
        async with self._store.reading() as reading:
            for view in asked:
                meeting = await reading.session.get(Meeting, view[0])
                if meeting is not None:
                    found[view] = meeting, snapshot(await self._stage(reading, meeting, view))
        return found

    async def _stage(self, reading: Reading, meeting: Meeting, view: View) -> Stage:
        """The stage at its number; only what changes without advancing the number is read anew."""
        kept = self._stages.get(view)
        if kept is None or kept.seq != await stage_number(reading, meeting.id):
            kept = await stage_for(reading, meeting, view[1])
            if len(self._stages) >= KEPT:
                self._stages.clear()
            self._stages[view] = kept
            return kept
        polls = kept.polls
        if kept.open_poll:
            known = {poll.id for poll in kept.polls}
            insider = view[1] is Audience.INSIDERS
            fresh = await polls_of(reading, meeting.id, insider=insider)
            polls = tuple(poll for poll in fresh if view[1] is not Audience.ANYBODY or poll.id in known)
        return replace(kept, meeting=meeting, polls=polls)


def snapshot(stage: Stage) -> dict[str, Any]:
    """The stage as plain data: what `enter` answers."""
    return {
        "seq": stage.seq,
        "meeting": {
            "id": str(stage.meeting.id),
            "title": stage.meeting.title,
            "state": stage.meeting.state,
            "present": stage.room.present,
            "quorum": stage.room.quorum.needed,
            "recess_until": stage.meeting.recess_until.isoformat() if stage.meeting.recess_until else None,
        },
        "follow": page.packet() if (page := followed(stage.meeting)) else None,
        "item": {"id": str(stage.item.id), "number": stage.item.number, "title": stage.item.title}
        if stage.item
        else None,
        "polls": [
            {
                "id": str(poll.id),
                "number": poll.number,
                "item": str(poll.item),
                "title": poll.title,
                "state": poll.state,
                "secret": poll.secret,
                "method": poll.method,
                "closes_at": poll.closes_at.isoformat() if poll.closes_at else None,
                "grace": poll.grace,
                "calling": poll.calling,
                "cast": poll.cast,
                "eligible": poll.eligible,
                "choices": [{"code": choice.code, "label": choice.label} for choice in poll.rule.choices],
                "tally": poll.tally,
                "outcome": poll.outcome,
            }
            for poll in stage.polls
        ],
        "attendance": stage.room.counts(),
        "recused": sorted(str(person) for item, person in stage.room.recused if _in_hand(stage, item)),
        "proxies": {str(giver): str(holder) for giver, holder in sorted(stage.room.proxies.items())},
        "floor": floor_as_data(stage.floor),
        "question_time": question_time_as_data(stage.questions),
        "motions": [
            {
                "id": str(motion.id),
                "title": motion.title,
                "kind": motion.kind,
                "state": motion.state,
                "amends": str(motion.amends_id) if motion.amends_id else None,
                "part_of": str(motion.part_of_id) if motion.part_of_id else None,
                "conflicts": motion.conflicts,
            }
            for motion in stage.motions
        ],
    }


def _in_hand(stage: Stage, item: UUID) -> bool:
    return stage.item is not None and stage.item.id == item
