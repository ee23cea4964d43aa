"""What dossiers do by the clock: a last day that is near, and one that is over, are told to whoever holds the step.

Each is told once, on the morning of a working day. What is told is marked in the same transaction, so that of several
servers one does it, and one that was down catches up.
"""

from __future__ import annotations

import logging
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.before.dossier_notices import takers, tell_of_dossier
from meetings.before.working_days import calendar_of
from meetings.council.bodies import holders
from meetings.language import N_
from meetings.rules.dossiers import DossierState, Reminding, reminding
from meetings.rules.permissions import Role
from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar, is_working
from meetings.storage.tables import Body, Dossier, DossierOpinion, DossierRun
from meetings.storage.unit_of_work import Reading, Store, Work

log = logging.getLogger(__name__)

MORNING: Final = time(8)
"""On the clock of the body that the dossier is for."""
AHEAD: Final = timedelta(days=30)
"""What is due later is not looked at; the longest row of days off is shorter."""
STEP_SOON = N_("Due on {due}: step “{step}” of a dossier waits for you: {title}")
STEP_LATE = N_("Late since {due}: step “{step}” of a dossier: {title}")
OPINION_SOON = N_("Due on {due}: your opinion on {topic} is asked for: {title}")
OPINION_LATE = N_("Late since {due}: the opinion on {topic} is missing: {title}")
Timed = DossierRun | DossierOpinion


async def remind_of_steps(store: Store) -> int:
    """Tell what is due and was not told; how many steps and opinions it was told of. Only what is due is written."""
    async with store.reading() as reading:
        calendar = await calendar_of(reading)
        due = [
            (type(one), one.id)
            for one, zone in await _open(reading)
            if _wanted(one, _morning(reading, zone, calendar), calendar)
        ]
    count = 0
    for table, row in due:
        try:
            async with store.work() as work:
                count += await _remind(work, table, row)
        except Refused as refused:  # busy: tried again at the next look
            log.info("dossier step %s: reminding was refused: %s", row, refused.code)
    return count


async def _open(reading: Reading) -> list[tuple[Timed, str]]:
    """The steps and opinions in hand that are not known to be late, each with the zone of its body."""
    found: list[tuple[Timed, str]] = []
    for table, is_open in (
        (DossierRun, DossierRun.ended_at.is_(None)),
        (DossierOpinion, (DossierOpinion.verdict == "") & DossierOpinion.closed_on.is_(None)),
    ):
        rows = await reading.session.execute(
            select(table, Body.timezone)
            .join(Dossier, Dossier.id == table.dossier_id)
            .join(Body, Body.id == Dossier.body_id)
            .where(
                Dossier.state == DossierState.RUNNING, is_open, table.late_told_at.is_(None),
                table.due <= reading.today + AHEAD,
            )
        )  # fmt: skip
        found += [(row, zone) for row, zone in rows.all()]
    return found


def _morning(reading: Reading, zone: str, calendar: Calendar) -> date | None:
    """Today, from the morning of a working day on."""
    now = reading.now.astimezone(ZoneInfo(zone))
    return now.date() if now.time() >= MORNING and is_working(now.date(), calendar) else None


def _wanted(one: Timed, today: date | None, calendar: Calendar) -> Reminding | None:
    found = reminding(one.begun_on, one.due, today, calendar) if today else None
    told = one.late_told_at or (one.reminded_at and found is Reminding.SOON)
    return None if told else found


async def _remind(work: Work, table: type[Timed], row: UUID) -> int:
    """Under the lock of the dossier, under which its steps are passed on."""
    dossier = await work.locked(Dossier, (await work.get(table, row)).dossier_id)
    one = await work.locked(table, row)
    ended = one.ended_at if isinstance(one, DossierRun) else one.verdict or one.closed_on
    body = await work.get(Body, dossier.body_id)
    calendar = await calendar_of(work)
    found = _wanted(one, _morning(work, body.timezone, calendar), calendar)
    if dossier.state != DossierState.RUNNING or ended or found is None:
        return 0
    people = await takers(work, dossier, one.taker, one.agency_id)
    if found is Reminding.LATE:
        one.late_told_at = work.now
        people += await holders(work, dossier.body_id, Role.SECRETARY)
    else:
        one.reminded_at = work.now
    late, due = found is Reminding.LATE, one.due.isoformat()
    if isinstance(one, DossierRun):
        await tell_of_dossier(work, dossier, people, STEP_LATE if late else STEP_SOON, due=due, step=one.name)
    else:
        message = OPINION_LATE if late else OPINION_SOON
        await tell_of_dossier(work, dossier, people, message, due=due, topic=one.topic)
    return 1
