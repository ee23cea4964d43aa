"""The journal's page: every event in a sentence, with its hash, and whether the chain is whole."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from meetings.after.journal import journal_of
from meetings.language import current as spoken
from meetings.language import in_language, number_text, text
from meetings.rules.permissions import Right
from meetings.web.journal_sentences import told
from meetings.web.places import places_of
from meetings.web.render import page
from meetings.web.request import MeetingsRequest

ROWS = 200


@get("/meetings/{meeting:uuid}/journal", opt={"permission": Right.READ_JOURNAL})
async def read_journal(
    request: MeetingsRequest, meeting: FromPath[UUID], after: FromQuery[int] = 0
) -> Response[str]:
    """A stretch of the journal, oldest first; times on the meeting's own clock."""
    after = max(0, after)
    async with request.house.store.reading() as reading:
        journal = await journal_of(reading, request.actor, meeting, after=after, limit=ROWS)
    verdict, address = journal.verdict, f"/meetings/{meeting}/journal"
    last = journal.lines[-1].seq if journal.lines else after
    with in_language(spoken(), journal.meeting.timezone):
        sentences = [told(line, journal) for line in journal.lines]
        return page(
            request, "after/journal.html", journal=journal, verdict=verdict, meeting_held=journal.meeting,
            meeting_pages=places_of(request.actor, journal.meeting, "journal"),
            rows=list(zip(journal.lines, sentences, strict=True)),
            earlier=f"{address}?after={max(0, after - ROWS)}" if after else "",
            later=f"{address}?after={last}" if last < verdict.rows else "",
            position=text(
                "{first}–{last} of {total}", first=number_text(after + 1), last=number_text(last),
                total=number_text(verdict.rows),
            ) if journal.lines else "",
        )  # fmt: skip


handlers = [read_journal]
