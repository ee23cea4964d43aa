"""Whoever a dossier comes to is told: agencies, the secretariat, the chair."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from meetings.before.dossiers import opinions_of
from meetings.council.bodies import holders
from meetings.council.telling import officers, tell
from meetings.language import N_
from meetings.rules.dossiers import DossierState
from meetings.rules.events import (
    DossierAccepted,
    DossierCameBack,
    DossierReturned,
    DossierScheduled,
    DossierStepBegun,
    LateDossierProposed,
    LateDossierRefused,
    MeetingPublished,
)
from meetings.rules.permissions import Actor, Role
from meetings.rules.procedures import By
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Body, Dossier, DossierRun, Item, Meeting, Person
from meetings.storage.unit_of_work import Work

AT_STEP = N_("A dossier waits for you until {due}, step “{step}”: {title}")
ASKED = N_("Your opinion is asked for until {due}: {title} ({topic})")
RETURNED = N_("The dossier was returned: {title} ({reason})")
ACCEPTED = N_("The dossier has gone through its procedure and can come onto an agenda: {title}")
LATE = N_("A late dossier waits for you to admit it: {title} ({reason})")
NOT_ADMITTED = N_("The chair did not admit the late dossier: {title} ({reason})")
CAME_BACK = N_("The dossier left the agenda and waits for another one: {title}")
CAME_BACK_WHY = N_("The dossier left the agenda and waits for another one: {title} ({reason})")
FOR_AGENDA = N_("The dossier was accepted for an agenda that is being prepared: {title}")
ON_AGENDA = N_("The dossier is item {number} of “{meeting}”: {title}")


async def tell_takers(work: Work, actor: Actor | None, event: DossierStepBegun) -> None:
    """Consequence of a step that begins: who takes it is told, and whose opinion is asked for."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    run = await work.get(DossierRun, UUID(event.run))
    people = await takers(work, dossier, run.taker, run.agency_id)
    await tell_of_dossier(work, dossier, people, AT_STEP, due=event.due, step=run.name)
    for one in await opinions_of(work, run.id):
        people = await takers(work, dossier, one.taker, one.agency_id)
        await tell_of_dossier(work, dossier, people, ASKED, due=one.due.isoformat(), topic=one.topic)


async def tell_of_return(work: Work, actor: Actor | None, event: DossierReturned) -> None:
    """Consequence of a return: the agency that submitted it learns why, also when it goes to an earlier step."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    await tell_of_dossier(
        work, dossier, await officers(work, [dossier.agency_id]), RETURNED, reason=event.reason
    )


async def tell_secretariat(work: Work, actor: Actor | None, event: DossierAccepted) -> None:
    """Consequence of the last step: the secretariat can put it onto an agenda."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    await tell_of_dossier(work, dossier, await holders(work, dossier.body_id, Role.SECRETARY), ACCEPTED)


async def ask_chair(work: Work, actor: Actor | None, event: LateDossierProposed) -> None:
    """Consequence of a late dossier: the chair is asked."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    await tell_of_dossier(
        work, dossier, await holders(work, dossier.body_id, Role.CHAIR), LATE, reason=event.reason
    )


async def tell_of_refusal(work: Work, actor: Actor | None, event: LateDossierRefused) -> None:
    """Consequence of the chair's no: the agency and the secretariat learn why."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    people = [
        *await officers(work, [dossier.agency_id]),
        *await holders(work, dossier.body_id, Role.SECRETARY),
    ]
    await tell_of_dossier(work, dossier, people, NOT_ADMITTED, reason=event.reason)


async def tell_of_coming_back(work: Work, actor: Actor | None, event: DossierCameBack) -> None:
    """Consequence of an item or a meeting that came to nothing: the agency and the secretariat learn of it."""
    dossier = await work.get(Dossier, UUID(event.dossier))
    people = [
        *await officers(work, [dossier.agency_id]),
        *await holders(work, dossier.body_id, Role.SECRETARY),
    ]
    why = {"reason": event.reason} if event.reason else {}
    await tell_of_dossier(work, dossier, people, CAME_BACK_WHY if why else CAME_BACK, **why)


async def tell_agency(work: Work, actor: Actor | None, event: DossierScheduled) -> None:
    """Consequence of coming onto an agenda: the agency learns where, once that agenda is published."""
    dossier, item = await work.get(Dossier, UUID(event.dossier)), await work.get(Item, UUID(event.item))
    await _tell_where(work, dossier, item, await work.get(Meeting, item.meeting_id))


async def tell_agencies(work: Work, actor: Actor | None, event: MeetingPublished) -> None:
    """Consequence of publishing: the agencies learn which item of which meeting their dossiers are."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    rows = await work.session.execute(
        select(Dossier, Item)
        .join(Item, Item.id == Dossier.item_id)
        .where(
            Dossier.meeting_id == meeting.id, Dossier.state == DossierState.SCHEDULED,
            Item.visibility != Visibility.HIDDEN,
        )
    )  # fmt: skip
    for dossier, item in rows.all():
        await _tell_where(work, dossier, item, meeting)


async def _tell_where(work: Work, dossier: Dossier, item: Item, meeting: Meeting) -> None:
    people = await officers(work, [dossier.agency_id])
    if meeting.published_at is None or item.visibility == Visibility.HIDDEN:
        await tell_of_dossier(work, dossier, people, FOR_AGENDA)
    else:
        await tell_of_dossier(work, dossier, people, ON_AGENDA, number=item.number, meeting=meeting.title)


async def takers(work: Work, dossier: Dossier, taker: str, agency: UUID | None) -> list[Person]:
    """The persons who act for whom a step or an opinion belongs to."""
    if taker == By.AGENCY:
        return await officers(work, [agency] if agency else [])
    role = Role.CHAIR if taker == By.CHAIR else Role.SECRETARY
    return await holders(work, dossier.body_id, role)


async def tell_of_dossier(
    work: Work, dossier: Dossier, people: Iterable[Person], message: str, **facts: str
) -> None:
    """Leave a message about a dossier, with a link to it."""
    body = await work.get(Body, dossier.body_id)
    told = {"title": dossier.title} | facts
    await tell(work, people, message, told, f"/dossiers/{dossier.id}", body.language)
