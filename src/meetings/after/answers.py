"""What is owed after question time: written answers and what was promised become tasks of the agencies."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from meetings import language
from meetings.after.task_facts import local_day
from meetings.after.tasks import assign_task
from meetings.language import N_
from meetings.rules.events import AnsweringAgencyNamed, PromiseMade, WrittenAnswerOwed
from meetings.rules.permissions import Actor
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Body, Meeting, Promise, Question
from meetings.storage.unit_of_work import Work

TITLE = N_("Answer in writing: {subject}")
ASKED = N_("Question of {name} to {addressee}:")
PROMISED = N_("Promised by {name}:")
SUBJECT_LENGTH = 150


async def raise_written_answer(
    work: Work, actor: Actor | None, event: WrittenAnswerOwed | AnsweringAgencyNamed
) -> None:
    """Consequence of an answer that is owed in writing: a task for the agency behind the addressee, in the language
    of whoever acted. Without an agency the question waits until the secretary names one.
    """
    question = await work.locked(Question, UUID(event.question))
    if question.agency_id is None or question.task_id is not None or actor is None:
        return
    held = await work.get(Meeting, question.meeting_id)
    body = await work.get(Body, held.body_id)
    days = room_rules(body.room_rules).written_answer_days
    asked = language.text(ASKED, name=event.asker_name, addressee=question.addressee)
    task = await assign_task(
        work, actor, body=body.id, lead=question.agency_id,
        title=language.text(TITLE, subject=_heading(question.topic or question.text)),
        text=f"{asked}\n{question.text}",
        due=local_day(body)(work.now) + timedelta(days=days) if days else None, meeting=held.id,
    )  # fmt: skip
    question.task_id = task.id


async def raise_promised(work: Work, actor: Actor | None, event: PromiseMade) -> None:
    """Consequence of a promise: a task for the agency that is to keep it."""
    promise = await work.locked(Promise, UUID(event.promise))
    if actor is None:
        return
    held = await work.get(Meeting, promise.meeting_id)
    promised = language.text(PROMISED, name=promise.promised_by)
    task = await assign_task(
        work, actor, body=held.body_id, lead=promise.agency_id, title=_heading(promise.text),
        text=f"{promised}\n{promise.text}", due=promise.due, meeting=held.id,
    )  # fmt: skip
    promise.task_id = task.id


def _heading(text: str) -> str:
    """The first line, cut at a word."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rpartition(" ")[0] + "…"
