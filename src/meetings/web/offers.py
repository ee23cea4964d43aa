"""What an agenda could take up: minutes that wait for their adoption, entries of the work programme, open tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.offered import minutes_waiting, put_minutes, put_task, tasks_waiting
from meetings.before.programme_facts import period
from meetings.before.programme_work import entries_waiting, put_entry_on_agenda
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting, Task
from meetings.storage.unit_of_work import Reading
from meetings.web.forms import needed_id
from meetings.web.programme_words import period_words
from meetings.web.render import done
from meetings.web.request import MeetingsRequest

ADOPTION = N_("Adoption of the minutes of “{title}”, {day}")
ARISING = N_("Matter arising: {title}")
DUE = N_("due {due}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that waits, with the words under which it would stand on the agenda."""

    kind: str
    id: UUID
    title: str
    note: str


async def offers_of(reading: Reading, meeting: Meeting) -> Sequence[Offer]:
    """What this meeting could take up: the minutes first, then what the work programme plans for its month."""
    minutes = [
        Offer("minutes", one.id, one.title, language.long_date_text(datetime.fromisoformat(one.starts_local)))
        for one in await minutes_waiting(reading, meeting)
    ]
    tasks = [
        Offer("task", one.id, one.title, language.text(DUE, due=one.due) if one.due else "")
        for one in await tasks_waiting(reading, meeting)
    ]
    planned = [
        Offer("programme", one.id, one.title, period_words(period(one)))
        for one in await entries_waiting(reading, meeting)
    ]
    return [*minutes, *planned, *tasks]


@post("/meetings/{meeting:uuid}/offered", opt={"permission": Right.PREPARE}, status_code=200)
async def take_offer(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Put one of them on the agenda, in words of the body's language."""
    sent = await request.fields()
    wanted = needed_id(sent.get("id", ""), "at")
    kind = sent.get("kind")
    if kind not in ("minutes", "programme", "task"):
        raise Refused("wrong-input", field="kind")
    async with request.house.store.work() as work:
        held = await work.get(Meeting, meeting)
        spoken = (await work.get(Body, held.body_id)).language
        if kind == "minutes":
            earlier = await work.get(Meeting, wanted)
            with language.in_language(spoken):
                day = language.date_text(datetime.fromisoformat(earlier.starts_local))
                title = language.text(ADOPTION, title=earlier.title, day=day)
            await put_minutes(work, request.actor, meeting, of=wanted, title=title[:500])
        elif kind == "programme":
            await put_entry_on_agenda(work, request.actor, meeting, entry=wanted)
        else:
            task = await work.get(Task, wanted)
            with language.in_language(spoken):
                title = language.text(ARISING, title=task.title)
            await put_task(work, request.actor, meeting, task=wanted, title=title[:500])
    return done(f"/meetings/{meeting}/agenda", "saved")


handlers = [take_offer]
