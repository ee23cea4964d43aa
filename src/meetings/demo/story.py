"""What happened in the demo city: a meeting held and signed, one in session, one due tomorrow, tasks in every state.

Everything goes through the use cases, with the clock set to the day it happened, so the journal, the minutes and the
board are what a real year would have left.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from meetings.demo.agenda import supplement_tomorrow
from meetings.demo.consultations import ask_in_writing
from meetings.demo.council_sessions import fill_session, plan_sessions
from meetings.demo.dossiers import prepare_dossiers
from meetings.demo.follow_up import follow_up, write_minutes
from meetings.demo.past import hold_past_meeting
from meetings.demo.points import TOMORROW
from meetings.demo.programme import plan_the_year
from meetings.demo.replies import reply_for_tomorrow
from meetings.demo.rooms import open_rooms
from meetings.demo.running import begin_running_meeting
from meetings.demo.schedule import plan_the_week
from meetings.demo.settling import City
from meetings.demo.telling import Telling
from meetings.demo.templates import keep_templates
from meetings.storage.unit_of_work import Store


async def tell(store: Store, city: City, keys_dir: Path, now: datetime) -> dict[str, UUID]:
    """All of it; the meetings by what they are: `past`, `running`, `tomorrow`."""
    telling = Telling(store, city, now)
    clock, store.clock = store.clock, telling.clock
    try:
        telling.hall = await open_rooms(telling)
        await prepare_dossiers(telling)
        past = await hold_past_meeting(telling)
        await write_minutes(telling, past, keys_dir)
        await follow_up(telling, past)
        session = await plan_sessions(telling, past)
        tomorrow = await telling.publish(
            "Phiên khai mạc kỳ họp thường lệ cuối năm", 1, TOMORROW, notice=6, session=session
        )
        await fill_session(telling, session)
        await reply_for_tomorrow(telling, tomorrow)
        await supplement_tomorrow(telling, tomorrow, past)
        await ask_in_writing(telling)
        await plan_the_year(telling)
        await plan_the_week(telling)
        await keep_templates(telling)
        running = await begin_running_meeting(telling)
    finally:
        store.clock = clock
    return {"past": past, "running": running, "tomorrow": tomorrow}
