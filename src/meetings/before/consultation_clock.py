"""What consultations do by the clock: the missing are reminded a day before the deadline, and the deadline closes.

As with the clock of the polls each act claims its consultation by its state, under its lock: of several processes one
acts, and a server that starts late does what is overdue at once.
"""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from sqlalchemy import select

from meetings.before.consultations import close_on_time, closing_due, remind_on_time, reminder_due
from meetings.before.opinions import ENTERED
from meetings.rules.consultations import ConsultationState
from meetings.rules.refusals import Refused
from meetings.storage.tables import Consultation, EnteredOpinion
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks. A ballot after the deadline is refused whether or not the closing has come round."""


async def keep_deadlines_always(store: Store) -> None:
    """Watch for as long as the server runs."""
    while True:
        try:
            await keep_deadlines(store)
        except Exception:
            log.exception("the clock of the consultations failed; it is looked at again")
        await asyncio.sleep(LOOK)


async def keep_deadlines(store: Store) -> list[tuple[str, UUID]]:
    """Do whatever is due at this moment; gives what this process did."""
    done: list[tuple[str, UUID]] = []
    async with store.reading() as reading:
        held_up = select(EnteredOpinion.consultation_id).where(EnteredOpinion.state == ENTERED)
        running = await reading.session.scalars(
            select(Consultation).where(
                Consultation.state == ConsultationState.OPEN,
                (Consultation.closes_at > reading.now) | Consultation.id.not_in(held_up),
            )
        )
        due = [
            ("close" if closing_due(reading, one) else "remind", one.id)
            for one in running
            if closing_due(reading, one) or reminder_due(reading, one)
        ]
    for act, consultation in due:
        try:
            async with store.work() as work:
                on_time = close_on_time if act == "close" else remind_on_time
                changed = await on_time(work, consultation)
        except Refused as refused:  # busy: tried again at the next look
            log.info("consultation %s: %s was refused: %s", consultation, act, refused.code)
            continue
        except Exception:  # the others go on
            log.exception("consultation %s: %s failed; it is tried again", consultation, act)
            continue
        if changed is not None:
            done.append((act, consultation))
    return done
