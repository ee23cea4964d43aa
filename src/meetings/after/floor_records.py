"""What was said, as the minutes tell it: speeches, questions with their turns, promises, and who stood aside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.during.floor import SpeechFact, speeches_of
from meetings.during.question_record import PromiseFact, QuestionFact, promises_of, questions_of
from meetings.rules.record import PromiseRecord, QuestionRecord, RecusalRecord, SpeechRecord
from meetings.storage.tables import Meeting, Person, Recusal
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class FloorRecords:
    """By item, each in the order in which it happened."""

    speeches: defaultdict[UUID, list[SpeechRecord]]
    questions: defaultdict[UUID | None, list[QuestionRecord]]
    promises: defaultdict[UUID, list[PromiseRecord]]
    """Those that answered no question."""
    recusals: defaultdict[UUID, list[RecusalRecord]]


async def floor_of_record(reading: Reading, meeting: Meeting, zone: ZoneInfo) -> FloorRecords:
    """Everything that was said on each item. The turns of a question stand with the question."""
    found = FloorRecords(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
    turns: defaultdict[UUID, list[SpeechRecord]] = defaultdict(list)
    for fact in await speeches_of(reading, meeting):
        told = _speech(fact, zone)
        if fact.question is None:
            found.speeches[fact.item].append(told)
        else:
            turns[fact.question].append(told)
    for fact in await questions_of(reading, meeting.id):
        found.questions[fact.question.item].append(_question(fact, turns[fact.question.id], zone))
    for promise in await promises_of(reading, meeting.id):
        if promise.question is None:
            found.promises[promise.item].append(_promise(promise))
    rows = await reading.session.execute(
        select(Recusal, Person.name)
        .join(Person, Person.id == Recusal.person_id)
        .where(Recusal.meeting_id == meeting.id)
        .order_by(Person.sort_key, Person.id, Recusal.declared_at)
    )
    for row, name in rows:
        until = row.lifted_at.astimezone(zone) if row.lifted_at else None
        since = row.declared_at.astimezone(zone)
        found.recusals[row.item_id].append(RecusalRecord(str(row.id), name, row.reason, since, until))
    return found


def _speech(fact: SpeechFact, zone: ZoneInfo) -> SpeechRecord:
    return SpeechRecord(
        str(fact.id), fact.called_at.astimezone(zone), fact.speaker, fact.kind.value, fact.seconds, fact.group,
        fact.stance, fact.category,
    )  # fmt: skip


def _question(fact: QuestionFact, turns: list[SpeechRecord], zone: ZoneInfo) -> QuestionRecord:
    asked = fact.question
    return QuestionRecord(
        id=str(asked.id),
        asker=asked.asker_name,
        addressee=asked.addressee,
        text=asked.text,
        state=asked.state,
        put=asked.put_at.astimezone(zone) if asked.put_at else None,
        satisfied=asked.satisfied,
        agency=asked.agency_name,
        turns=tuple(turns),
        promises=tuple(map(_promise, fact.promises)),
    )


def _promise(fact: PromiseFact) -> PromiseRecord:
    return PromiseRecord(
        id=str(fact.id), promised_by=fact.promised_by, text=fact.text, agency=fact.agency_name, due=fact.due
    )
