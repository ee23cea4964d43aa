"""The minutes: drafted by the adjournment, completed by the secretary, frozen by the first signature, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.after.meeting_record import record_of
from meetings.before.scheduling import open_to
from meetings.before.visibility import unseen_items
from meetings.during.notes import notes_of
from meetings.rules import minutes as content
from meetings.rules.events import MeetingAdjourned, MinutesDrafted, MinutesEdited, MinutesPublished
from meetings.rules.lifecycle import MINUTES, MeetingState, MinutesState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting, Minutes, MinutesSignature, Person
from meetings.storage.unit_of_work import Reading, Work

PROSE_LENGTH = 50_000
PUBLIC_STATES = frozenset({MinutesState.SIGNED, MinutesState.PUBLISHED})
"""Members read the minutes once both signatures stand."""


async def begin_draft(work: Work, actor: Actor | None, event: MeetingAdjourned) -> None:
    """Consequence of the adjournment: the minutes are drafted from the journal. Imported meetings get none."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    if not meeting.reference:
        await _draft(work, actor, meeting)


async def edit_minutes(
    work: Work, actor: Actor, minutes: UUID, *, revision: int, texts: Mapping[str, str]
) -> Minutes:
    """Write the secretary's prose, block by block. `revision` is the one that was read (`minutes-changed`)."""
    kept = await _writing(work, actor, minutes, revision)
    new = old = blocks_of(kept)
    for block, text in texts.items():
        if len(text) > PROSE_LENGTH:
            raise Refused("field-long", field="text", limit=PROSE_LENGTH)
        new = content.written(new, block, text.replace("\r\n", "\n").strip())
    await _keep(work, actor, kept, old, new)
    return kept


async def add_passage(work: Work, actor: Actor, minutes: UUID, *, revision: int, after: str) -> Minutes:
    """Open an empty passage for the secretary behind the block named."""
    kept = await _writing(work, actor, minutes, revision)
    old = blocks_of(kept)
    if not any(block.id == after for block in old.blocks):
        raise Refused("minutes-bound")
    await _keep(work, actor, kept, old, content.added(old, after, f"added:{work.new_id()}"))
    return kept


async def refresh_minutes(work: Work, actor: Actor, minutes: UUID) -> Minutes:
    """Draft the bound parts anew from the journal; every word of the secretary's stays."""
    kept = await _writing(work, actor, minutes, None)
    meeting = await work.get(Meeting, kept.meeting_id)
    fresh = await record_of(work, meeting)
    old = blocks_of(kept)
    new = content.refreshed(old, fresh.record)
    await _keep(work, actor, kept, old, new, chair=fresh.chair, secretary=fresh.secretary)
    return kept


async def publish_minutes(work: Work, actor: Actor, minutes: UUID) -> Minutes:
    """Release the signed minutes to everybody who may read the body's papers."""
    kept = await work.locked(Minutes, minutes)
    meeting = await work.get(Meeting, kept.meeting_id)
    actor.must(Right.WRITE_MINUTES, body=meeting.body_id)
    if kept.state not in PUBLIC_STATES:
        raise Refused("minutes-unsigned")
    kept.state = next_state(MINUTES, kept.state, "publish")
    kept.changed_at = work.now
    await work.record(
        actor, MinutesPublished(minutes=str(kept.id), sha256=kept.sha256 or ""), meeting=meeting.id
    )
    return kept


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as the minutes' page lists it."""

    row: MinutesSignature
    name: str


@dataclass(frozen=True, slots=True)
class OpenMinutes:
    """The minutes of a meeting as a reader sees them."""

    minutes: Minutes
    meeting: Meeting
    body: Body
    content: content.Minutes
    signatures: tuple[Signature, ...]
    chair: str
    secretary: str
    excerpt: bool = False
    """Something is left out that this reader does not see, and the document, which has it, is not for this reader."""

    @property
    def frozen(self) -> bool:
        """Whether a signature stands, so that nothing can be written any more."""
        return self.minutes.sha256 is not None

    def signed(self, role: str) -> Signature | None:
        """The signature of the secretary or the chair, once it is there."""
        return next((one for one in self.signatures if one.row.role == role), None)


async def open_minutes(reading: Reading, actor: Actor, meeting: UUID) -> OpenMinutes:
    """The newest minutes of a meeting, if the actor may read them; an excerpt for who does not see all its items.

    Refused: `minutes-early` before the adjournment, `minutes-none` for an imported meeting, and `minutes-draft` for
    members as long as both signatures are not there.
    """
    found = await open_to(reading, actor, meeting)
    if found.state != MeetingState.ADJOURNED:
        raise Refused("minutes-early")
    kept = await reading.session.scalar(
        select(Minutes).where(Minutes.meeting_id == meeting).order_by(Minutes.version.desc()).limit(1)
    )
    if kept is None:
        raise Refused("minutes-none")
    if not may_read(actor, kept, found):
        raise Refused("minutes-draft")
    body = await reading.get(Body, found.body_id)
    blocks = blocks_of(kept)
    unseen = frozenset(map(str, await unseen_items(reading, actor, found)))
    partial = any(block.item in unseen for block in blocks.blocks)
    return OpenMinutes(
        minutes=kept, meeting=found, body=body, content=content.excerpt(blocks, unseen) if partial else blocks,
        signatures=await signatures_of(reading, kept.id), chair=named(blocks, "chair"),
        secretary=named(blocks, "secretary"), excerpt=partial,
    )  # fmt: skip


def may_read(actor: Actor, minutes: Minutes, meeting: Meeting) -> bool:
    """A draft is for those who write and sign it."""
    if actor.may(Right.WRITE_MINUTES, body=meeting.body_id) or actor.may(
        Right.SIGN_AS_CHAIR, body=meeting.body_id
    ):
        return True
    return minutes.state in PUBLIC_STATES and actor.may(Right.ATTEND, body=meeting.body_id)


async def signatures_of(reading: Reading, minutes: UUID) -> tuple[Signature, ...]:
    """The signatures in the order they were given."""
    rows = await reading.session.execute(
        select(MinutesSignature, Person.name)
        .join(Person, Person.id == MinutesSignature.person_id)
        .where(MinutesSignature.minutes_id == minutes)
        # Times are whole seconds; within one the secretary, whose turn is first, stands first.
        .order_by(MinutesSignature.signed_at, MinutesSignature.role.desc())
    )
    return tuple(Signature(*row) for row in rows)


def blocks_of(minutes: Minutes) -> content.Minutes:
    """The stored content."""
    blocks: Sequence[Mapping[str, object]] = minutes.blocks["blocks"]
    return content.minutes_from_data(blocks)


def stored(blocks: content.Minutes, *, chair: UUID | None, secretary: UUID | None) -> dict[str, Any]:
    """The content as it is kept, with who is named in it."""
    return {
        "blocks": content.minutes_as_data(blocks),
        "chair": str(chair) if chair else None,
        "secretary": str(secretary) if secretary else None,
    }


def named(blocks: content.Minutes, role: str) -> str:
    """The name that the minutes print for the chair or the secretary."""
    return next((str(block.facts["name"]) for block in blocks.blocks if block.id == role), "")


async def _draft(work: Work, actor: Actor | None, meeting: Meeting) -> None:
    fresh = await record_of(work, meeting)
    begun = content.noted(content.draft(fresh.record), await notes_of(work, meeting.id))
    kept = Minutes(
        id=work.new_id(), meeting_id=meeting.id, version=1, state=MINUTES.start, revision=0, changed_at=work.now,
        blocks=stored(begun, chair=fresh.chair, secretary=fresh.secretary),
    )  # fmt: skip
    work.session.add(kept)
    await work.session.flush()
    await work.record(actor, MinutesDrafted(minutes=str(kept.id), version=kept.version), meeting=meeting.id)


async def _writing(work: Work, actor: Actor, minutes: UUID, revision: int | None) -> Minutes:
    kept = await work.locked(Minutes, minutes)
    meeting = await work.get(Meeting, kept.meeting_id)
    actor.must(Right.WRITE_MINUTES, body=meeting.body_id)
    if kept.sha256 is not None or kept.state in PUBLIC_STATES:
        raise Refused("minutes-frozen")
    if revision is not None and revision != kept.revision:
        raise Refused("minutes-changed")
    return kept


async def _keep(
    work: Work,
    actor: Actor,
    kept: Minutes,
    old: content.Minutes,
    new: content.Minutes,
    *,
    chair: UUID | None = None,
    secretary: UUID | None = None,
) -> None:
    """Keep a changed content as a new revision; the same content changes nothing."""
    if new == old:
        return
    who = {"chair": str(chair)} if chair else {}
    who |= {"secretary": str(secretary)} if secretary else {}
    kept.blocks = kept.blocks | {"blocks": content.minutes_as_data(new)} | who
    kept.revision += 1
    kept.changed_at = work.now
    event = MinutesEdited(minutes=str(kept.id), revision=kept.revision)
    await work.record(actor, event, meeting=kept.meeting_id)
