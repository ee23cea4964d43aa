"""Where a council book does not agree with itself: seats against voters, attendance, results against their rules.

A record kept by people is never quite tidy. What a vote says about itself wins; each disagreement is named.
"""

from __future__ import annotations

from collections.abc import Iterator

from meetings.exchange.book import Book, BookItem, BookMeeting, BookVote, Note
from meetings.rules.outcome import Figures, Outcome, decide
from meetings.rules.quorum import Quorum, quorum
from meetings.rules.rule import Base
from meetings.rules.tally import Tally, tally


def in_office(book: Book, meeting: BookMeeting) -> frozenset[str]:
    """Ids of the members with a valid seat on the day of the meeting."""
    return frozenset(member.id for member in book.members if member.holds_seat(meeting.day))


def without_seat(book: Book, meeting: BookMeeting, vote: BookVote) -> list[str]:
    """Ids of those who took part in the vote although their seat had ended or not begun."""
    seated = in_office(book, meeting)
    return [member for member in vote.present() if member not in seated]


def tally_of(vote: BookVote) -> Tally:
    """The published ballots, counted."""
    eligible = len(vote.present())
    return tally([(choice, 1) for _, choice in vote.ballots()], eligible, eligible, vote.rule.choices)


def outcome_of(book: Book, meeting: BookMeeting, vote: BookVote) -> Outcome:
    """What the vote's own rule makes of its ballots."""
    seated = len(in_office(book, meeting))
    at_vote = _quorum(book, vote, seated)
    figures = Figures(
        seats=book.seats,
        in_office=seated,
        present=len(vote.present()),
        quorum_open=at_vote,
        quorum_close=at_vote,
    )
    casting = next((choice.code for choice in vote.rule.choices if choice.counts_as == vote.casting), None)
    return decide(vote.rule, figures, tally_of(vote), casting)


def disagreements(book: Book) -> Iterator[Note]:
    """Every disagreement in the order of the book."""
    for meeting in book.meetings:
        yield from _of_meeting(book, meeting)
        for item in meeting.items:
            if item.vote is not None:
                yield from of_vote(book, meeting, item, item.vote)


def of_vote(book: Book, meeting: BookMeeting, item: BookItem, vote: BookVote) -> Iterator[Note]:
    """The disagreements of one roll call."""
    names = {member.id: member.name for member in book.members}
    strangers = without_seat(book, meeting, vote)
    if strangers:
        who = ", ".join(names[one] for one in strangers)
        yield Note(item.reference, f"took part without a seat on {meeting.day.isoformat()}: {who}")
    away = [one for one in vote.present() if one in meeting.attendance.get("absent", ())]
    if away:
        who = ", ".join(names[one] for one in away)
        yield Note(item.reference, f"took part, but the attendance says absent: {who}")
    listed = {one for ids in vote.lists.values() for one in ids}
    missing = [one for one in in_office(book, meeting) if one not in listed]
    if missing:
        who = ", ".join(sorted(names[one] for one in missing))
        yield Note(item.reference, f"had a seat, but is on no list of the vote: {who}")
    if len(vote.present()) > book.seats:
        yield Note(item.reference, f"{len(vote.present())} took part, more than the {book.seats} seats")
    outcome = outcome_of(book, meeting, vote)
    if outcome.adopted != vote.passed:
        published = "passed" if vote.passed else "rejected"
        yield Note(
            item.reference,
            f"published as {published}, but by {vote.rule.code} {vote.count('for')} for and {vote.count('against')} "
            f"against is {outcome.code.value.replace('_', ' ')}; the published result was kept",
        )


def _of_meeting(book: Book, meeting: BookMeeting) -> Iterator[Note]:
    if meeting.day < book.since or (book.until is not None and meeting.day > book.until):
        yield Note(meeting.reference, "the meeting lies outside the term")
    silent = {status: len(meeting.attendance.get(status, ())) for status in ("expected", "exception")}
    said = ", ".join(f"{count} “{status}”" for status, count in silent.items() if count)
    if said:
        yield Note(meeting.reference, f"the attendance does not say who was there: {said}")
    names = {member.id: member.name for member in book.members}
    seated = in_office(book, meeting)
    strangers = [names[one] for one in meeting.attendance.get("present", ()) if one not in seated]
    if strangers:
        yield Note(
            meeting.reference, f"present without a seat on {meeting.day.isoformat()}: {', '.join(strangers)}"
        )
    if len(seated) > book.seats:
        yield Note(
            meeting.reference, f"{len(seated)} members had a seat that day, more than the {book.seats} seats"
        )


def _quorum(book: Book, vote: BookVote, seated: int) -> Quorum:
    base = book.seats if vote.rule.quorum_base is Base.SEATS else seated
    return quorum(vote.rule.quorum, base, len(vote.present()))
