"""The tables of lives: complete, reachable, and closed at their ends."""

from __future__ import annotations

from enum import StrEnum

import pytest

from meetings.rules.lifecycle import (
    ITEM,
    MEETING,
    MINUTES,
    MINUTES_ADOPTED_FIRST,
    MOTION,
    POLL,
    RESOLUTION,
    MeetingState,
    MinutesState,
    PollState,
    Table,
    acts,
    next_state,
)
from meetings.rules.refusals import Refused

TABLES = [MEETING, ITEM, MOTION, POLL, RESOLUTION, MINUTES, MINUTES_ADOPTED_FIRST]
ENDS = {
    "meeting": {"adjourned", "cancelled"},
    "item": {"concluded", "withdrawn", "referred"},
    "motion": {"withdrawn"},
    "poll": {"annulled"},
    "resolution": {"issued", "withdrawn"},
    "minutes": set[str](),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.thing)
def test_every_state_is_reached_and_only_ends_are_ends(table: Table[StrEnum]) -> None:
    states = set(type(table.start))
    reached = {table.start}
    for _ in states:
        reached |= {to for from_states, to in table.moves.values() if from_states & reached}
    assert reached == states
    assert {state.value for state in states if not acts(table, state)} == ENDS[table.thing]
    assert all(from_states for from_states, _ in table.moves.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.thing)
def test_an_act_leads_on_exactly_from_its_states(table: Table[StrEnum]) -> None:
    for state in type(table.start):
        for act, (from_states, to) in table.moves.items():
            if state in from_states:
                assert next_state(table, state, act) is to
                assert act in acts(table, state)
            else:
                with pytest.raises(Refused) as refused:
                    next_state(table, state, act)
                assert refused.value.code == "not-now"
                assert refused.value.facts == {"thing": table.thing, "state": state.value, "act": act}


def test_a_meeting_from_draft_to_adjournment() -> None:
    state: str = MEETING.start
    for act in ("publish", "call-to-order", "recess", "resume", "adjourn"):
        state = next_state(MEETING, state, act)
    assert state == MeetingState.ADJOURNED
    assert next_state(MEETING, "recess", "adjourn") is MeetingState.ADJOURNED


def test_a_closed_poll_never_opens_again() -> None:
    for act in ("open", "close"):
        with pytest.raises(Refused):
            next_state(POLL, PollState.CLOSED, act)
    with pytest.raises(Refused):
        next_state(POLL, PollState.DRAFT, "reopen")


def test_the_body_says_when_minutes_are_signed() -> None:
    assert next_state(MINUTES, "draft", "sign") is MinutesState.SIGNED
    with pytest.raises(Refused):
        next_state(MINUTES_ADOPTED_FIRST, "draft", "sign")
    assert next_state(MINUTES_ADOPTED_FIRST, "adopted", "sign") is MinutesState.SIGNED
    assert next_state(MINUTES, "published", "reopen") is MinutesState.REOPENED
    assert acts(MINUTES, "reopened") == acts(MINUTES, "draft")
