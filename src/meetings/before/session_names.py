"""What a council session and its sittings are called, in the language of the moment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from meetings.language import N_, gettext, in_language, text
from meetings.rules.council_sessions import SittingKind
from meetings.rules.weekly_schedule import DayPart, part_of
from meetings.storage.tables import Body, CouncilSession, CouncilTerm, DiscussionGroup, Meeting
from meetings.storage.unit_of_work import Reading

SESSION = N_("Session {number}, {council}")
PLENARY = N_("Plenary sitting, {part} of {day}")
GROUP = N_("Discussion in group {number}, {part} of {day}")
IN_SESSION = N_("{session} – {title}")
YEARS = N_("{name}, term {first}–{last}")
PARTS = {
    DayPart.MORNING: N_("the morning"),
    DayPart.AFTERNOON: N_("the afternoon"),
    DayPart.EVENING: N_("the evening"),
}


def term_name(term: CouncilTerm) -> str:
    """`Khóa XVI, nhiệm kỳ 2026–2031`."""
    return text(YEARS, name=term.name, first=term.since.year, last=term.until.year)


def session_name(session: CouncilSession, term: CouncilTerm, body: Body) -> str:
    """`Kỳ họp thứ 3, HĐND khóa XVI`."""
    council = " ".join(filter(None, (body.symbol, term.name[:1].lower() + term.name[1:])))
    return text(SESSION, number=session.number, council=council)


def sitting_title(kind: str, starts: datetime, group: int = 0) -> str:
    """`Phiên toàn thể sáng 10/12`, `Thảo luận Tổ 1, chiều 10/12`."""
    message = GROUP if kind == SittingKind.GROUP else PLENARY
    part = gettext(PARTS[part_of(f"{starts:%H:%M}")])
    return text(message, part=part, day=f"{starts:%d/%m}", number=group)


async def name_of_session(reading: Reading, session: UUID) -> str:
    """The name of a session in the language of its body."""
    kept = await reading.get(CouncilSession, session)
    term, body = await reading.get(CouncilTerm, kept.term_id), await reading.get(Body, kept.body_id)
    with in_language(body.language):
        return session_name(kept, term, body)


async def full_title(reading: Reading, meeting: Meeting) -> str:
    """The title of a meeting as a notice names it: with its session in front, in the language of its body."""
    if meeting.session_id is None:
        return meeting.title
    session = await name_of_session(reading, meeting.session_id)
    body = await reading.get(Body, meeting.body_id)
    with in_language(body.language):
        return text(IN_SESSION, session=session, title=meeting.title)


async def group_number(reading: Reading, meeting: Meeting) -> int:
    """The number of the group whose discussion a meeting is; 0 for none."""
    return (await reading.get(DiscussionGroup, meeting.group_id)).number if meeting.group_id else 0


def day_of(meeting: Meeting) -> date:
    """The local day of a meeting."""
    return date.fromisoformat(meeting.starts_local[:10])
