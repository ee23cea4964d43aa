"""The whole session in its order, and what is held against what at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from meetings.storage.journal import verify_chain
from tests.journeys import session_story as story
from tests.journeys import session_votes as votes
from tests.journeys.session_numbers import counted_by_the_command
from tests.journeys.session_people import Session, sit_down
from tests.support.tablets import switch_off

ANNOUNCED = 8
"""An amendment and its motion, a group, one by the clock, a roll call, a secret one, an election, a rating. The secret
one was annulled first and held again."""


async def sit(session: Session, folder: Path) -> int:
    """The whole session; gives how many announced votes were compared at its end."""
    await sit_down(session)
    for part in (
        story.arrive, story.question_time, story.papers, story.speakers, votes.amendment, votes.main_motion,
        story.recess, votes.consent, votes.timed, votes.roll_call, votes.secret, votes.election, votes.confidence,
        story.adjourn,
    ):  # fmt: skip
        await part(session)
    await switch_off(list(session.tablets.values()))
    for page in session.pages.values():
        await page.context.close()
    compared = await _compare(session, folder)
    lost = ("WebSocket", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "Failed to fetch")
    session.desk.complaints[:] = [
        one for one in session.desk.complaints if not any(word in one for word in lost)
    ]
    return compared


async def _compare(session: Session, folder: Path) -> int:
    journal = await _journal(session)
    announced = [row["payload"]["poll"] for row in journal if row["event"] == "OutcomeAnnounced"]
    assert announced == list(session.numbers.shown)
    minutes = await session.good("secretary", "GET", f"{session.address}/minutes")
    told = " ".join(" ".join([passage["text"], *passage["lines"]]) for passage in minutes["passages"])
    for poll in announced:
        record = await session.good("observer", "GET", f"/polls/{poll}/record")
        session.numbers.compare(poll, record, journal)
        counted_by_the_command(record, folder)
        assert session.numbers.shown[poll]["sentence"] in told
    async with session.store.reading() as reading:
        assert (await verify_chain(reading.session, session.meeting)).intact
    return len(announced)


async def _journal(session: Session) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await session.good("secretary", "GET", f"{session.address}/journal?limit=200{cursor}")
        assert page["intact"]
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = f"&cursor={page['next']}"
