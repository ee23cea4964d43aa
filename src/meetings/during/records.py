"""Records of meetings that were held elsewhere are taken over from a council book: who, what, and how everybody voted.

A record is evidence, not a proceeding: its polls are announced already, and nothing follows from them. Of a meeting in
a book only the day is known, so its moments are the beginning of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from meetings.before.scheduling import TITLE_LENGTH
from meetings.council.bodies import begin_membership, found_body
from meetings.council.persons import enter_person
from meetings.exchange.book import Book, BookItem, BookMeeting, BookVote, Note
from meetings.exchange.book_checks import disagreements, in_office, outcome_of, tally_of
from meetings.language import N_, in_language, text
from meetings.rules.events import (
    BallotCast,
    BookImported,
    Event,
    ItemAdded,
    MeetingScheduled,
    MotionMoved,
    OutcomeAnnounced,
    PollDrafted,
)
from meetings.rules.lifecycle import ItemState, MeetingState, MotionState, PollState
from meetings.rules.outcome import Outcome, OutcomeCode
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.result_data import outcome_as_data, tally_as_data
from meetings.rules.rule_data import rule_as_data
from meetings.storage.tables import Attendance, Ballot, Body, Item, Meeting, Motion, Poll, RollEntry
from meetings.storage.unit_of_work import Work

ATTENDANCE = {"present": "in", "absent": "absent"}
"""The lists of a book that say something about attendance."""

RECOMMENDATION = N_("Recommendation of the executive: {text}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken, and every note by its reference."""

    body: UUID
    name: str
    members: int
    meetings: int
    items: int
    polls: int
    ballots: int
    notes: tuple[Note, ...]


async def import_book(
    work: Work, actor: Actor | None, book: Book, *, timezone: str, language: str = "vi"
) -> Imported:
    """Take over a council book as a body of its own; refused (`book-imported`) when it is here already.

    `timezone` and `language` are the body's: a book does not name them.
    """
    if actor is not None:
        actor.must(Right.ADMINISTER)
    if await work.session.scalar(select(Body.id).where(Body.book == book.key)):
        raise Refused("book-imported", book=book.key)
    body = await found_body(
        work, actor, name=book.name, seats=book.seats, quorum="", default_rule=_usual_rule(book), timezone=timezone,
        language=language, book=book.key,
    )  # fmt: skip
    people = await _people(work, actor, body, book)
    told: list[Note] = [*book.notes, *disagreements(book)]
    ballots = 0
    for meeting in book.meetings:
        page = _Page(work, actor, body, book, meeting, people, told)
        await page.write()
        ballots += len(page.ballots)
    items = sum(len(meeting.items) for meeting in book.meetings)
    event = BookImported(
        body=str(body.id), title=book.source or book.key, sha256=book.sha256, members=len(book.members),
        meetings=len(book.meetings), items=items, left_out=[f"{note.reference}: {note.text}" for note in told],
    )  # fmt: skip
    await work.record(actor, event)
    polls = sum(1 for _ in book.votes())
    return Imported(
        body.id, body.name, len(book.members), len(book.meetings), items, polls, ballots, tuple(told)
    )


async def _people(work: Work, actor: Actor | None, body: Body, book: Book) -> dict[str, UUID]:
    people: dict[str, UUID] = {}
    for member in book.members:
        person = await enter_person(work, actor, name=member.name, reference=member.id)
        await begin_membership(
            work, actor, body=body.id, person=person.id, since=member.since, until=member.until, group=member.party,
            area=member.area,
        )  # fmt: skip
        people[member.id] = person.id
    return people


class _Page:
    """One meeting of a book: its rows and its journal, written together."""

    def __init__(
        self,
        work: Work,
        actor: Actor | None,
        body: Body,
        book: Book,
        meeting: BookMeeting,
        people: dict[str, UUID],
        told: list[Note],
    ) -> None:
        self.work = work
        self.actor = actor.person if actor else None
        self.body = body
        self.book = book
        self.meeting = meeting
        self.people = people
        self.told = told
        self.names = {member.id: member.name for member in book.members}
        midnight = datetime.combine(meeting.day, time(), ZoneInfo(body.timezone))
        self.starts_local = midnight.replace(tzinfo=None).isoformat(timespec="minutes")
        self.at = midnight.astimezone(UTC)
        self.id = work.new_id()
        self.events: list[Event] = []
        self.ballots: list[dict[str, Any]] = []
        self.roll: list[dict[str, Any]] = []

    async def write(self) -> None:
        """Everything of this meeting, in the order in which rows refer to each other."""
        session = self.work.session
        session.add(self._meeting())
        await session.flush()
        items = [self._item(place, item) for place, item in enumerate(self.meeting.items)]
        session.add_all(items)
        await session.flush()
        voted = [(row, item) for row, item in zip(items, self.meeting.items, strict=True) if item.vote]
        motions = [self._motion(row, item) for row, item in voted]
        session.add_all([motion for motion in motions if motion])
        await session.flush()
        for number, ((row, item), motion) in enumerate(zip(voted, motions, strict=True), start=1):
            if item.vote and motion:
                session.add(self._poll(number, row, item.vote, motion))
        session.add_all(self._attendance())
        await session.flush()
        for table, rows in ((RollEntry, self.roll), (Ballot, self.ballots)):
            if rows:
                await session.execute(insert(table), rows)
        await self.work.record_all([(self.actor, event) for event in self.events], meeting=self.id)

    def _meeting(self) -> Meeting:
        title = f"{self.book.name}: {self.meeting.kind}, {self.meeting.day.isoformat()}"
        self.events.append(
            MeetingScheduled(
                meeting=str(self.id), body=str(self.body.id), title=title, starts=self.starts_local,
                zone=self.body.timezone, place="", imported=self.meeting.id,
            )
        )  # fmt: skip
        return Meeting(
            id=self.id, body_id=self.body.id, title=title, kind=self.meeting.kind, starts_local=self.starts_local,
            timezone=self.body.timezone, starts_at=self.at, state=MeetingState.ADJOURNED, published_at=self.at,
            called_at=self.at, adjourned_at=self.at, reference=self.meeting.id,
        )  # fmt: skip

    def _item(self, place: int, item: BookItem) -> Item:
        row = Item(
            id=self.work.new_id(), meeting_id=self.id, position=place, number=item.number, title=self._title(item),
            text=self._text(item), presenter=self._proposers(item), state=ItemState.CONCLUDED, taken_up_at=self.at,
            concluded_at=self.at, reference=item.reference,
        )  # fmt: skip
        self.events.append(ItemAdded(item=str(row.id), title=row.title, number=row.number))
        return row

    def _title(self, item: BookItem) -> str:
        """Titles have a limit; the whole of a longer one stands at the beginning of the text."""
        if len(item.title) <= TITLE_LENGTH:
            return item.title
        self.told.append(Note(item.reference, "the title is long; the whole of it stands in the text"))
        return item.title[: TITLE_LENGTH - 1].rstrip() + "…"

    def _text(self, item: BookItem) -> str:
        parts = [item.title if len(item.title) > TITLE_LENGTH else "", item.text]
        if item.recommendation:
            with in_language(self.body.language):
                parts.append(text(RECOMMENDATION, text=item.recommendation))
        return "\n\n".join(part for part in parts if part.strip())

    def _proposers(self, item: BookItem) -> str:
        return ", ".join(self.names[one] for one in item.proposers)

    def _motion(self, row: Item, item: BookItem) -> Motion | None:
        if item.vote is None:
            return None
        motion = Motion(
            id=self.work.new_id(), meeting_id=self.id, item_id=row.id, kind="substantive", title=row.title,
            text=item.text, state=MotionState.ADOPTED if item.vote.passed else MotionState.REJECTED,
            mover=self._proposers(item), moved_at=self.at,
        )  # fmt: skip
        self.events.append(
            MotionMoved(
                motion=str(motion.id), item=str(row.id), title=motion.title, text=motion.text, kind=motion.kind,
                mover=motion.mover,
            )
        )  # fmt: skip
        return motion

    def _poll(self, number: int, row: Item, vote: BookVote, motion: Motion) -> Poll:
        counted, outcome = tally_of(vote), _published(outcome_of(self.book, self.meeting, vote), vote)
        present = len(vote.present())
        poll = Poll(
            id=self.work.new_id(), meeting_id=self.id, item_id=row.id, motion_id=motion.id, number=number,
            title=motion.title, rule=rule_as_data(vote.rule), state=PollState.ANNOUNCED, opened_at=self.at,
            closed_at=self.at, announced_at=self.at, seats=self.book.seats,
            in_office=len(in_office(self.book, self.meeting)), present_open=present, present_close=present,
            eligible=present, eligible_weight=present, cast=counted.cast, tally=tally_as_data(counted),
            outcome=outcome_as_data(outcome), result_imported=_as_published(vote),
        )  # fmt: skip
        self.events.append(
            PollDrafted(poll=str(poll.id), item=str(row.id), title=poll.title, rule=poll.rule, secret=False)
        )
        self._voters(poll.id, vote)
        self.events.append(
            OutcomeAnnounced(
                poll=str(poll.id), item=str(row.id), title=poll.title, code=outcome.code, adopted=outcome.adopted,
                reason=outcome.reason, facts=dict(outcome.facts), choices=dict(counted.weights),
                not_cast=counted.not_cast, percent=outcome.percent,
            )
        )  # fmt: skip
        return poll

    def _voters(self, poll: UUID, vote: BookVote) -> None:
        choices = dict(vote.ballots())
        present = set(vote.present())
        for member in (*vote.present(), *vote.lists["absent"]):
            self.roll.append(
                {
                    "poll_id": poll, "person_id": self.people[member], "present": member in present,
                    "cast_at": self.at if member in choices else None,
                }
            )  # fmt: skip
        for member, choice in choices.items():
            person = self.people[member]
            self.ballots.append(
                {
                    "id": self.work.new_id(), "poll_id": poll, "person_id": person, "choice": choice, "weight": 1,
                    "cast_at": self.at,
                }
            )  # fmt: skip
            self.events.append(BallotCast(poll=str(poll), receipt="", voter=str(person), choice=choice))

    def _attendance(self) -> Sequence[Attendance]:
        # A book does not say who kept the roll, so each line stands under the member's own name.
        return [
            Attendance(
                id=self.work.new_id(), meeting_id=self.id, person_id=self.people[member], state=state, source="import",
                since=self.at, recorded_by=self.people[member],
            )
            for status, state in ATTENDANCE.items()
            for member in self.meeting.attendance.get(status, ())
        ]  # fmt: skip


def _usual_rule(book: Book) -> str:
    """The preset that most votes of the book name."""
    codes = [vote.rule.code for _, _, vote in book.votes() if vote.rule.code != "custom"]
    return max(codes, key=codes.count, default="plurality") if codes else "plurality"


def _published(outcome: Outcome, vote: BookVote) -> Outcome:
    """The outcome as it was published; the sentence says so where the rule says otherwise."""
    if outcome.adopted == vote.passed:
        return outcome
    code = OutcomeCode.ADOPTED if vote.passed else OutcomeCode.NOT_ADOPTED
    return replace(outcome, code=code, adopted=vote.passed, reason=f"published-{code.value}")


def _as_published(vote: BookVote) -> dict[str, Any]:
    return {
        "result": "passed" if vote.passed else "rejected",
        "casting_vote": vote.casting,
        "lists": {name: len(ids) for name, ids in vote.lists.items()},
    }
