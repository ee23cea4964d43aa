"""How a person wants to be told: quiet hours, one letter a day, browsers that take push messages."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update

from meetings.rules.permissions import Actor
from meetings.rules.push_services import must_be_push_service
from meetings.rules.quiet_hours import clock_time
from meetings.rules.refusals import Refused
from meetings.storage.tables import Notification, PushAddress, TellingChoice
from meetings.storage.unit_of_work import Reading, Work
from meetings.storage.upserts import inserting

ADDRESSES_AT_MOST = 10
"""Browsers of one person; the oldest is forgotten."""
ENDPOINT_LENGTH = 1000
KEY_LENGTH = 200
NEWS_AT_MOST = 100


async def choice_of(reading: Reading, person: UUID) -> TellingChoice:
    """What the person chose, or the usual: at once, at any hour."""
    kept = await reading.session.get(TellingChoice, person)
    usual = TellingChoice(person_id=person, quiet_from="", quiet_until="", digest=False, digest_at="07:00")
    return kept or usual


async def choose_telling(
    work: Work, actor: Actor, *, quiet_from: str, quiet_until: str, digest: bool, digest_at: str
) -> TellingChoice:
    """Keep one's own choice. Times are on the clock of the house; quiet hours need both or neither."""
    quiet = [f"{clock_time(time):%H:%M}" for time in (quiet_from, quiet_until) if time]
    if len(quiet) == 1:
        raise Refused("field-missing", field="time")
    begin = inserting(work.session, TellingChoice).values(person_id=actor.person)
    await work.session.execute(begin.on_conflict_do_nothing())
    kept = await work.session.get_one(TellingChoice, actor.person, with_for_update=True)
    if digest and not kept.digest:
        kept.digested_at = work.now
    kept.quiet_from, kept.quiet_until = quiet or ("", "")
    kept.digest, kept.digest_at = digest, f"{clock_time(digest_at):%H:%M}"
    return kept


async def add_push_address(
    work: Work, actor: Actor, *, endpoint: str, p256dh: str, auth: str, hosts: Collection[str]
) -> PushAddress:
    """Take a browser's push address. The house writes to known push services only (`push-address`)."""
    must_be_push_service(endpoint, hosts)
    if not p256dh or not auth or max(len(p256dh), len(auth)) > KEY_LENGTH or len(endpoint) > ENDPOINT_LENGTH:
        raise Refused("push-address")
    await work.session.execute(delete(PushAddress).where(PushAddress.endpoint == endpoint))
    known = await work.session.scalars(
        select(PushAddress.id)
        .where(PushAddress.person_id == actor.person)
        .order_by(PushAddress.created_at.desc())
        .offset(ADDRESSES_AT_MOST - 1)
    )
    await work.session.execute(delete(PushAddress).where(PushAddress.id.in_(known.all())))
    columns = {
        "id": work.new_id(), "person_id": actor.person, "endpoint": endpoint, "p256dh": p256dh, "auth": auth,
        "created_at": work.now,
    }  # fmt: skip
    taken = inserting(work.session, PushAddress).values(columns)
    await work.session.execute(taken.on_conflict_do_update(index_elements=["endpoint"], set_=columns))
    return await work.get(PushAddress, columns["id"])


async def remove_push_address(work: Work, actor: Actor, *, endpoint: str) -> None:
    """Forget a browser of one's own."""
    await work.session.execute(
        delete(PushAddress).where(PushAddress.endpoint == endpoint, PushAddress.person_id == actor.person)
    )


async def news_of(reading: Reading, person: UUID) -> list[Notification]:
    """The person's messages, the newest first."""
    rows = await reading.session.scalars(
        select(Notification)
        .where(Notification.person_id == person)
        .order_by(Notification.at.desc(), Notification.id)
        .limit(NEWS_AT_MOST)
    )
    return list(rows)


async def mark_read(work: Work, actor: Actor, *, only: UUID | None = None) -> None:
    """Mark one's messages as read, all of them or one."""
    query = update(Notification).where(Notification.person_id == actor.person, Notification.read_at.is_(None))
    if only is not None:
        query = query.where(Notification.id == only)
    await work.session.execute(query.values(read_at=work.now))
