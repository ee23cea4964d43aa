"""The council session of a meeting: chosen in its form, named on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from meetings.before.council_sessions import put_into_session, take_out_of_session
from meetings.before.session_facts import groups_of
from meetings.before.session_names import group_number, name_of_session
from meetings.before.session_reading import number_of_sitting, open_sessions
from meetings.language import N_, text
from meetings.rules.council_sessions import SittingKind
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading, Work

PLENARY = N_("{session}: plenary sitting")
GROUP = N_("{session}: group {number}")


@dataclass(frozen=True, slots=True)
class OfSession:
    """What a meeting is in its session."""

    address: str
    name: str
    what: str
    """`Phiên toàn thể thứ 2`, `Tổ 1`; empty for a cancelled sitting."""


async def session_choices(
    reading: Reading, actor: Actor, held: Meeting | None = None
) -> Sequence[tuple[str, str]]:
    """What a meeting may be: a plenary sitting or the discussion of a group, of each session that is not over."""
    sessions = [(session.id, session.body_id, name) for session, name in await open_sessions(reading, actor)]
    if held is not None:
        sessions = [one for one in sessions if one[1] == held.body_id]
        if held.session_id and held.session_id not in {one[0] for one in sessions}:
            sessions.append((held.session_id, held.body_id, await name_of_session(reading, held.session_id)))
    found: list[tuple[str, str]] = []
    for session, _, name in sessions:
        found.append((str(session), text(PLENARY, session=name)))
        found += [
            (f"{session}/{group.id}", text(GROUP, session=name, number=group.number))
            for group in await groups_of(reading, session)
        ]
    return found


def chosen_now(held: Meeting | None) -> str:
    """The choice that stands in the form of a meeting."""
    if held is None or held.session_id is None:
        return ""
    return f"{held.session_id}/{held.group_id}" if held.group_id else str(held.session_id)


async def choose_session(work: Work, actor: Actor, meeting: Meeting, choice: str) -> None:
    """Put the meeting where the form says; an empty choice takes it out."""
    if not choice:
        await take_out_of_session(work, actor, meeting.id)
        return
    session, _, group = choice.partition("/")
    try:
        ids = UUID(session), UUID(group) if group else None
    except ValueError as wrong:
        raise Refused("wrong-input", field="session") from wrong
    kind = SittingKind.GROUP if ids[1] else SittingKind.PLENARY
    await put_into_session(work, actor, meeting.id, ids[0], sitting=kind, group=ids[1])


async def of_session(reading: Reading, meeting: Meeting) -> OfSession | None:
    """The session that a meeting belongs to; None for most."""
    if meeting.session_id is None:
        return None
    what = ""
    if meeting.group_id:
        what = text(N_("Discussion in group {number}"), number=await group_number(reading, meeting))
    elif number := await number_of_sitting(reading, meeting):
        what = text(N_("Plenary sitting {number}"), number=number)
    address = f"/council-sessions/{meeting.session_id}"
    return OfSession(address, await name_of_session(reading, meeting.session_id), what)
