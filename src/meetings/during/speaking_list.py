"""The list of speakers: asking for the floor, withdrawing, putting somebody on it, moving by hand, closing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from meetings.before.seated import seated_in
from meetings.council.bodies import Member
from meetings.during.attendance import PRESENT
from meetings.during.floor import floor_of
from meetings.during.recusals import is_recused
from meetings.during.speakers import keeper, told
from meetings.rules.events import (
    FloorRequested,
    GroupTimeSet,
    LastCallMade,
    RequestMoved,
    RequestWithdrawn,
    SpeakersListClosed,
    SpeakersListReopened,
)
from meetings.rules.lifecycle import MeetingState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import LIMIT, room_rules
from meetings.rules.speakers import (
    SPEECH,
    Request,
    SpeechKind,
    SpeechState,
    checked_request,
    limit_of,
    moved,
)
from meetings.storage.tables import (
    Attendance,
    Body,
    GroupTime,
    Item,
    Meeting,
    Person,
    Speech,
    Substitution,
)
from meetings.storage.unit_of_work import Reading, Work

NAME_LENGTH = 200
IN_HAND = (MeetingState.IN_SESSION, MeetingState.RECESS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands: 1 is next; `wait` is the expected seconds until the turn."""

    speech: UUID
    place: int
    wait: int


async def ask_to_speak(
    work: Work, actor: Actor, meeting: UUID, kind: str, *, stance: str = "", category: str = ""
) -> Place:
    """Ask for the floor on the item in hand. Only who is present, once of each kind; after the list is closed only
    for a point of order.
    """
    held = await work.locked(Meeting, meeting)
    item = await _item_in_hand(work, held)
    body = await work.get(Body, held.body_id)
    wanted = checked_request(room_rules(body.room_rules), kind, stance, category)
    seat = await seat_of(work, held, actor.person)
    if seat is None:
        raise Refused("not-a-member")
    if not await is_present(work, held, actor.person):
        raise Refused("floor-absent")
    if await is_recused(work, item.id, actor.person):
        raise Refused("recused")
    if item.speakers_closed_at is not None and wanted[0] is not SpeechKind.ORDER:
        raise Refused("floor-closed")
    person = await work.get(Person, actor.person)
    speech = await _listed(work, actor, item, person.name, actor.person, seat.group, wanted, body)
    return await place_of(work, held, body, speech.id)


async def withdraw_request(work: Work, actor: Actor, speech: UUID) -> Speech:
    """Take a request back: one's own, or anybody's by who keeps the list."""
    found = await work.get(Speech, speech)
    held = await work.locked(Meeting, found.meeting_id)
    taken = await work.locked(Speech, speech)
    if taken.person_id != actor.person:
        actor.must(Right.KEEP_FLOOR, body=held.body_id)
    return await _withdraw(work, actor, taken)


async def withdraw_own(work: Work, actor: Actor, meeting: UUID) -> int:
    """Take back everything one has asked for on the item in hand. Returns how many requests that were."""
    held = await work.locked(Meeting, meeting)
    query = select(Speech).where(
        Speech.meeting_id == held.id, Speech.person_id == actor.person, Speech.state == SpeechState.ASKED
    )
    own = (await work.session.scalars(query.order_by(Speech.asked_at, Speech.id))).all()
    for speech in own:
        await _withdraw(work, actor, speech)
    return len(own)


async def add_speaker(
    work: Work,
    actor: Actor,
    meeting: UUID,
    name: str,
    *,
    kind: str = SpeechKind.SPEECH,
    stance: str = "",
    category: str = "",
) -> Speech:
    """Put somebody on the list by name: a member without a device, or a guest without an account.

    A name that is a member's means that member. This works on a closed list, too.
    """
    held = await keeper(work, actor, meeting)
    item = await _item_in_hand(work, held)
    body = await work.get(Body, held.body_id)
    wanted = checked_request(room_rules(body.room_rules), kind, stance, category)
    typed = " ".join(name.split())
    if not typed:
        raise Refused("field-missing", field="name")
    if len(typed) > NAME_LENGTH:
        raise Refused("field-long", field="name", limit=NAME_LENGTH)
    members = await seated_in(work, held)
    member = next((one for one in members if one.name.casefold() == typed.casefold()), None)
    if member is not None and await is_recused(work, item.id, member.person):
        raise Refused("floor-recused", name=member.name)
    who = (member.name, member.person, member.group) if member else (typed, None, "")
    return await _listed(work, actor, item, *who, wanted, body)


async def move_request(work: Work, actor: Actor, speech: UUID, place: int) -> int:
    """Put a request to a place by hand (1 is next); it goes before the rule. Returns the place it got."""
    held = await keeper(work, actor, (await work.get(Speech, speech)).meeting_id)
    taken = await work.locked(Speech, speech)
    body = await work.get(Body, held.body_id)
    floor = await floor_of(work, held, body)
    rows = {str(row.id): row for row in await _waiting(work, taken.item_id)}
    if taken.state != SpeechState.ASKED or taken.item_id != held.current_item_id:
        raise Refused("not-now", state=taken.state)
    shown = [
        Request(id=str(one.id), kind=one.kind, asked=0, place=rows[str(one.id)].place) for one in floor.queue
    ]
    places = moved(shown, str(speech), place)
    for key, row in rows.items():
        row.place = places.get(key)
    event = told(RequestMoved, taken, await work.get(Item, taken.item_id), place=places[str(speech)])
    await work.record(actor, event, meeting=held.id)
    return places[str(speech)]


async def make_last_call(work: Work, actor: Actor, item: UUID) -> Item:
    """Tell the room that the list is about to be closed."""
    called = await _kept_item(work, actor, item)
    if called.speakers_closed_at is not None:
        raise Refused("floor-closed")
    if called.last_call_at is None:
        called.last_call_at = work.now
        await work.record(
            actor, LastCallMade(item=str(item), number=called.number), meeting=called.meeting_id
        )
    return called


async def close_list(work: Work, actor: Actor, item: UUID) -> Item:
    """Close the list: nobody is added any more, but for points of order and by hand. Doing it again changes nothing."""
    closed = await _kept_item(work, actor, item)
    if closed.speakers_closed_at is None:
        closed.speakers_closed_at = work.now
        event = SpeakersListClosed(item=str(item), number=closed.number)
        await work.record(actor, event, meeting=closed.meeting_id)
    return closed


async def reopen_list(work: Work, actor: Actor, item: UUID) -> Item:
    """Take requests again, and take the last call back."""
    opened = await _kept_item(work, actor, item)
    if opened.speakers_closed_at is not None or opened.last_call_at is not None:
        opened.speakers_closed_at = opened.last_call_at = None
        event = SpeakersListReopened(item=str(item), number=opened.number)
        await work.record(actor, event, meeting=opened.meeting_id)
    return opened


async def set_group_times(work: Work, actor: Actor, item: UUID, times: Mapping[str, int]) -> None:
    """Give groups their time on an item, in seconds. What was added to it stays."""
    kept = await _kept_item(work, actor, item)
    for group, seconds in times.items():
        _must_be_time(group, seconds)
    for group, seconds in times.items():
        row = await _group_time(work, kept, group)
        if row.initial != seconds:
            row.initial = seconds
            await _tell_group(work, actor, kept, row)


async def add_group_time(work: Work, actor: Actor, item: UUID, group: str, seconds: int) -> int:
    """Give one group more time on an item. Returns all that was added, in seconds."""
    kept = await _kept_item(work, actor, item)
    _must_be_time(group, seconds)
    row = await _group_time(work, kept, group)
    if row.added + seconds > LIMIT:
        raise Refused("wrong-input", field="seconds")
    row.added += seconds
    await _tell_group(work, actor, kept, row)
    return row.added


async def place_of(reading: Reading, meeting: Meeting, body: Body, speech: UUID) -> Place:
    """Where a request stands now."""
    floor = await floor_of(reading, meeting, body)
    for place, one in enumerate(floor.queue, start=1):
        if one.id == speech:
            return Place(speech, place, one.wait)
    raise Refused("not-found")


async def seat_of(reading: Reading, meeting: Meeting, person: UUID) -> Member | None:
    """The seat from which a person speaks: the own one, or that of the member whose substitute this is."""
    members = {one.person: one for one in await seated_in(reading, meeting)}
    if person in members:
        return members[person]
    replaced = await reading.session.scalar(
        select(Substitution.member_id).where(
            Substitution.meeting_id == meeting.id,
            Substitution.substitute_id == person,
            Substitution.ended_at.is_(None),
        )
    )
    return members.get(replaced) if replaced else None


async def is_present(reading: Reading, meeting: Meeting, person: UUID) -> bool:
    """Whether somebody is recorded as present, in the room or from afar."""
    state = await reading.session.scalar(
        select(Attendance.state).where(
            Attendance.meeting_id == meeting.id, Attendance.person_id == person, Attendance.until.is_(None)
        )
    )
    return state in PRESENT


async def _listed(
    work: Work,
    actor: Actor,
    item: Item,
    name: str,
    person: UUID | None,
    group: str,
    wanted: tuple[SpeechKind, str, str],
    body: Body,
) -> Speech:
    kind, stance, category = wanted
    for one in await _waiting(work, item.id):
        same = one.person_id == person if person else one.person_id is None and one.speaker == name
        if one.kind == kind and same:
            raise Refused("floor-asked")
    speech = Speech(
        id=work.new_id(), meeting_id=item.meeting_id, item_id=item.id, person_id=person, speaker=name, group=group,
        kind=kind, stance=stance, category=category, state=SpeechState.ASKED, asked_at=work.now,
        limit=limit_of(room_rules(body.room_rules), kind), seconds=0, added=0, note="",
    )  # fmt: skip
    work.session.add(speech)
    await work.session.flush()
    event = told(FloorRequested, speech, item, person=str(person) if person else "")
    await work.record(actor, event, meeting=item.meeting_id)
    return speech


async def _withdraw(work: Work, actor: Actor, speech: Speech) -> Speech:
    speech.state, speech.ended_at = next_state(SPEECH, speech.state, "withdraw"), work.now
    event = told(RequestWithdrawn, speech, await work.get(Item, speech.item_id))
    await work.record(actor, event, meeting=speech.meeting_id)
    return speech


async def _waiting(reading: Reading, item: UUID) -> list[Speech]:
    query = select(Speech).where(Speech.item_id == item, Speech.state == SpeechState.ASKED)
    return list(await reading.session.scalars(query.order_by(Speech.asked_at, Speech.id)))


async def _item_in_hand(reading: Reading, meeting: Meeting) -> Item:
    if meeting.state not in IN_HAND:
        raise Refused("meeting-not-running")
    if meeting.current_item_id is None:
        raise Refused("item-not-open")
    return await reading.get(Item, meeting.current_item_id)


async def _kept_item(work: Work, actor: Actor, item: UUID) -> Item:
    held = await keeper(work, actor, (await work.get(Item, item)).meeting_id)
    kept = await work.locked(Item, item)
    if held.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=held.state)
    return kept


def _must_be_time(group: str, seconds: int) -> None:
    if not group.strip() or len(group) > NAME_LENGTH:
        raise Refused("wrong-input", field="group")
    if not 0 <= seconds <= LIMIT:
        raise Refused("wrong-input", field="seconds")


async def _group_time(work: Work, item: Item, group: str) -> GroupTime:
    row = await work.session.scalar(
        select(GroupTime).where(GroupTime.item_id == item.id, GroupTime.group == group)
    )
    if row is None:
        body = await work.get(Body, (await work.get(Meeting, item.meeting_id)).body_id)
        initial = room_rules(body.room_rules).group_seconds
        row = GroupTime(
            id=work.new_id(),
            meeting_id=item.meeting_id,
            item_id=item.id,
            group=group,
            initial=initial,
            added=0,
        )
        work.session.add(row)
        await work.session.flush()
    return row


async def _tell_group(work: Work, actor: Actor, item: Item, row: GroupTime) -> None:
    event = GroupTimeSet(
        item=str(item.id), number=item.number, group=row.group, initial=row.initial, added=row.added
    )
    await work.record(actor, event, meeting=item.meeting_id)
