"""Members reply to the notice: take part, do not (and why), or name a substitute to whom the chair agrees.

The reply comes from the letter's link, which needs no sign-in and is used up by one reply; from the house itself; or
the secretary enters what a member said on the telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.before.notice import last_notice
from meetings.before.scheduling import open_to
from meetings.before.substitutes import nameable
from meetings.council.bodies import members_in_office
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.events import ReplyGiven, SubstituteAgreed, SubstituteDeclined
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.replies import Answer, SubstituteState, is_link_code, reply_by
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Account, Body, Meeting, Outbox, Person, Reply, RoleGrant
from meetings.storage.unit_of_work import Reading, Work

REASON_LENGTH = 1000
NAMED = N_("{name} cannot come to “{title}”, {starts}, and names {substitute} as substitute. Do you agree?")
AGREED = N_("The chair agreed: {substitute} stands in for {name} at “{title}”, {starts}.")
NOT_AGREED = N_("The chair did not agree that {substitute} stands in for {name} at “{title}”, {starts}.")


@dataclass(frozen=True, slots=True)
class Letter:
    """What became of the newest letter to somebody: `sent`, `waiting`, `refused`, or `none` without an address."""

    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One member's reply in the overview."""

    id: UUID
    person: UUID
    name: str
    answer: str
    reason: str
    substitute: str
    substitute_state: str
    answered_at: datetime | None
    letter: Letter


@dataclass(frozen=True, slots=True)
class OwnReply:
    """What a member can answer now, and what was answered."""

    reply: Reply
    meeting: Meeting
    body: Body
    by: datetime
    """Until when the reply is expected."""
    open: bool
    """Whether a reply can still be given."""
    substitutes: bool
    """Whether the body's standing orders know substitutes."""
    substitute: str
    """The name of the substitute."""


async def reply(
    work: Work,
    actor: Actor,
    meeting: UUID,
    *,
    answer: str,
    reason: str = "",
    substitute: UUID | None = None,
    member: UUID | None = None,
) -> Reply:
    """Answer the notice; with `member` the secretary enters what that member said."""
    held = await open_to(work, actor, meeting)
    if member is not None and member != actor.person:
        actor.must(Right.PREPARE, body=held.body_id)
    held = await work.locked(Meeting, meeting)
    row = await _row(work, meeting, member or actor.person)
    return await _give(work, held, row, actor.person, answer, reason, substitute)


async def reply_by_link(
    work: Work,
    reply_id: UUID,
    code: str,
    *,
    secret: str,
    answer: str,
    reason: str = "",
    substitute: UUID | None = None,
) -> Reply:
    """Answer with the link of a letter, without signing in. The link is used up by it (`link-used`)."""
    found = await by_link(work, reply_id, code, secret=secret)
    held = await work.locked(Meeting, found.meeting_id)
    row = await work.locked(Reply, reply_id)
    if not is_link_code(secret, "reply", str(row.id), row.round, code):
        raise Refused("link-used")
    await _give(work, held, row, row.person_id, answer, reason, substitute)
    row.round += 1
    return row


async def by_link(reading: Reading, reply_id: UUID, code: str, *, secret: str) -> Reply:
    """The reply that a letter's link stands for, or the refusal `link-used`, which tells nothing about others."""
    row = await reading.session.get(Reply, reply_id)
    if row is None or not is_link_code(secret, "reply", str(row.id), row.round, code):
        raise Refused("link-used")
    return row


async def decide_substitute(work: Work, actor: Actor, reply_id: UUID, *, agree: bool) -> Reply:
    """The chair agrees to a named substitute, who then sits and votes in the seat; or does not."""
    found = await work.get(Reply, reply_id)
    held = await work.locked(Meeting, found.meeting_id)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    row = await work.locked(Reply, reply_id)
    if row.substitute_state != SubstituteState.PROPOSED or row.substitute_id is None:
        raise Refused("substitute-decided")
    if held.state != MeetingState.PUBLISHED:
        raise Refused("not-now", state=held.state)
    member, coming = await work.get(Person, row.person_id), await work.get(Person, row.substitute_id)
    row.substitute_state = SubstituteState.APPROVED if agree else SubstituteState.REFUSED
    facts = {
        "meeting": str(held.id),
        "member": str(member.id),
        "member_name": member.name,
        "substitute_name": coming.name,
    }
    event = SubstituteAgreed(substitute=str(coming.id), **facts) if agree else SubstituteDeclined(**facts)
    await work.record(actor, event, meeting=held.id)
    said = {"name": member.name, "substitute": coming.name, "title": held.title, "starts": held.starts_local}
    people = [member, coming] if agree else [member]
    language = (await work.get(Body, held.body_id)).language
    await tell(work, people, AGREED if agree else NOT_AGREED, said, f"/meetings/{held.id}", language)
    return row


async def _give(
    work: Work, held: Meeting, row: Reply, by: UUID, answer: str, reason: str, substitute: UUID | None
) -> Reply:
    _must_fit(held, row, answer, reason)
    member = await work.get(Person, row.person_id)
    coming: Person | None = None
    if answer == Answer.SUBSTITUTE:
        coming = await _free(work, held, substitute)
    row.answer, row.reason, row.answered_at = answer, reason.strip(), work.now
    row.substitute_id = coming.id if coming else None
    row.substitute_state = SubstituteState.PROPOSED if coming else ""
    event = ReplyGiven(
        person=str(member.id), person_name=member.name, answer=answer,
        substitute=str(coming.id) if coming else "", substitute_name=coming.name if coming else "",
    )  # fmt: skip
    await work.record_all([(by, event)], meeting=held.id)
    if coming:
        await _ask_chair(work, held, member, coming)
    return row


def _must_fit(held: Meeting, row: Reply, answer: str, reason: str) -> None:
    if held.state != MeetingState.PUBLISHED:
        raise Refused("not-now", state=held.state)
    if answer not in frozenset(Answer):
        raise Refused("wrong-input", field="answer")
    if row.substitute_state == SubstituteState.APPROVED:
        raise Refused("reply-substitute-approved")
    if answer != Answer.ACCEPT and not reason.strip():
        raise Refused("reason-missing")
    if len(reason) > REASON_LENGTH:
        raise Refused("field-long", field="reason", limit=REASON_LENGTH)


async def _free(work: Work, held: Meeting, substitute: UUID | None) -> Person:
    """The named substitute: with an account, without a seat, and one of those whom the standing orders let be named."""
    if not room_rules((await work.get(Body, held.body_id)).room_rules).substitutes:
        raise Refused("substitutes-off")
    if substitute is None:
        raise Refused("field-missing", field="substitute")
    account = await work.session.scalar(
        select(Account.id).where(Account.person_id == substitute, Account.disabled.is_(False))
    )
    if account is None:
        raise Refused("substitute-account")
    day = datetime.fromisoformat(held.starts_local).date()
    if substitute in {member.person for member in await members_in_office(work, held.body_id, day)}:
        raise Refused("substitute-member")
    named = {person.id: person for person in await nameable(work, held)}
    if substitute not in named:
        raise Refused("substitute-far")
    return named[substitute]


async def _ask_chair(work: Work, held: Meeting, member: Person, coming: Person) -> None:
    chairs = select(RoleGrant.person_id).where(
        RoleGrant.body_id == held.body_id, RoleGrant.role == Role.CHAIR
    )
    people = await work.session.scalars(select(Person).where(Person.id.in_(chairs)))
    facts = {"name": member.name, "substitute": coming.name, "title": held.title, "starts": held.starts_local}
    language = (await work.get(Body, held.body_id)).language
    await tell(work, people.all(), NAMED, facts, f"/meetings/{held.id}/replies", language)


async def _row(reading: Reading, meeting: UUID, person: UUID) -> Reply:
    row = await reading.session.scalar(
        select(Reply).where(Reply.meeting_id == meeting, Reply.person_id == person)
    )
    if row is None:
        raise Refused("reply-not-asked")
    return row


async def own_reply(reading: Reading, person: UUID, held: Meeting) -> OwnReply | None:
    """A member's own reply with what the page needs; None where none is asked."""
    row = await reading.session.scalar(
        select(Reply).where(Reply.meeting_id == held.id, Reply.person_id == person)
    )
    return await shown_reply(reading, row) if row else None


async def shown_reply(reading: Reading, row: Reply) -> OwnReply:
    """A reply with what its page shows."""
    held = await reading.get(Meeting, row.meeting_id)
    body = await reading.get(Body, held.body_id)
    notice = await last_notice(reading, held.id)
    coming = await reading.session.get(Person, row.substitute_id) if row.substitute_id else None
    is_open = held.state == MeetingState.PUBLISHED and row.substitute_state != SubstituteState.APPROVED
    return OwnReply(
        reply=row,
        meeting=held,
        body=body,
        by=reply_by(notice.at if notice else held.starts_at, held.starts_at),
        open=is_open,
        substitutes=room_rules(body.room_rules).substitutes,
        substitute=coming.name if coming else "",
    )


async def replies_of(reading: Reading, meeting: UUID) -> Sequence[ReplyView]:
    """Every member's reply and what became of the letter, in the order in which names are read."""
    member, coming = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(Reply, member.name, member.email, coming.name)
        .join(member, member.id == Reply.person_id)
        .outerjoin(coming, coming.id == Reply.substitute_id)
        .where(Reply.meeting_id == meeting)
        .order_by(member.sort_key, member.id)
    )
    letters = await letters_about(reading, meeting)
    return [
        ReplyView(
            row.id, row.person_id, name, row.answer, row.reason, substitute or "", row.substitute_state,
            row.answered_at, letters.get(row.person_id, Letter("none")),
        )
        for row, name, _, substitute in rows
    ]  # fmt: skip


async def letters_about(reading: Reading, meeting: UUID) -> dict[UUID, Letter]:
    """What became of the newest letter of this meeting to each person and guest."""
    rows = await reading.session.scalars(
        select(Outbox).where(Outbox.about == meeting, Outbox.to_id.is_not(None)).order_by(Outbox.created_at)
    )
    found: dict[UUID, Letter] = {}
    for row in rows:
        state = "sent" if row.done_at else "refused" if row.refused_at else "waiting"
        if row.to_id is not None:
            found[row.to_id] = Letter(state, row.last_error if state != "sent" else "")
    return found
