"""Reading a council book: what cannot be read is refused with its place.

What can be read but not used is left out and named by its reference, so that nobody has to wonder what became of it.
Nothing here touches a database.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import Final

from meetings.exchange.book import (
    ATTENDANCE,
    CHOICES,
    WITHOUT_BALLOT,
    Book,
    BookItem,
    BookMeeting,
    BookMember,
    BookVote,
    Note,
)
from meetings.exchange.book_fields import Fields, as_list, checked_text, decoded
from meetings.rules.ballot_forms import Kind
from meetings.rules.poll_kinds import rule_for
from meetings.rules.refusals import Refused
from meetings.rules.rule import Rule

SEATS_AT_MOST: Final = 10_000
ROLL_CALL: Final = "rollcall"
_TOP = frozenset({"source", "body", "members", "meetings"})
_BODY = frozenset({"name", "seats", "term"})
_TERM = frozenset({"from", "until"})
_MEMBER = frozenset({"id", "given_name", "family_name", "party", "area", "from", "until"})
_MEETING = frozenset({"id", "date", "kind", "attendance", "items"})
_ITEM = frozenset({"reference", "number", "title", "text", "proposers", "executive_recommendation", "vote"})
_VOTE = frozenset({"method", "rule", "result", "casting_vote", "ballots"})


def read_book(data: bytes) -> Book:
    """The book in a file's bytes. Refusals (`book-…`) name the place; nothing is guessed."""
    return _Reader().book(decoded(data), hashlib.sha256(data).hexdigest())


class _Reader:
    """Collects the notes while it reads."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.members: set[str] = set()
        self.references: set[str] = set()

    def book(self, top: Fields, sha256: str) -> Book:
        self.tell_unknown(top, _TOP, "book")
        body = top.inner("body")
        self.tell_unknown(body, _BODY, "body")
        term = body.inner("term")
        self.tell_unknown(term, _TERM, "body")
        since, until = term.day("from"), term.day("until")
        if since is None:
            raise Refused("book-missing", place=term.at("from"))
        _in_order(term, since, until)
        source = top.inner("source") if top.has("source") else None
        members = tuple(self.member(one, since, until) for one in top.each("members"))
        meetings = tuple(self.meeting(one) for one in top.each("meetings"))
        _once("meetings", [meeting.id for meeting in meetings])
        return Book(
            name=" ".join(body.text("name").split()), seats=body.number("seats", SEATS_AT_MOST), since=since,
            until=until, source=source.maybe_text("title") if source else "", members=members, meetings=meetings,
            notes=tuple(self.notes), sha256=sha256,
        )  # fmt: skip

    def member(self, found: Fields, since: date, until: date | None) -> BookMember:
        member_id = found.text("id")
        self.tell_unknown(found, _MEMBER, f"member {member_id}")
        if member_id in self.members:
            raise Refused("book-twice", thing="member", id=member_id)
        self.members.add(member_id)
        name = " ".join(f"{found.maybe_text('given_name')} {found.maybe_text('family_name')}".split())
        if not name:
            raise Refused("book-missing", place=found.at("family_name"))
        seat_since, seat_until = found.day("from") or since, found.day("until") or until
        _in_order(found, seat_since, seat_until)
        return BookMember(
            member_id,
            name,
            found.maybe_text("party").strip(),
            found.maybe_text("area").strip(),
            seat_since,
            seat_until,
        )

    def meeting(self, found: Fields) -> BookMeeting:
        meeting_id, day = found.text("id"), found.day("date")
        if day is None:
            raise Refused("book-missing", place=found.at("date"))
        reference = f"{meeting_id} ({day.isoformat()})"
        self.tell_unknown(found, _MEETING, reference)
        attendance = (
            self.attendance(found, reference) if found.has("attendance") else dict[str, tuple[str, ...]]()
        )
        items = tuple(self.item(one) for one in found.each("items")) if found.has("items") else ()
        return BookMeeting(meeting_id, day, found.maybe_text("kind") or "regular", attendance, items)

    def attendance(self, found: Fields, reference: str) -> dict[str, tuple[str, ...]]:
        lists = found.inner("attendance")
        for status in lists.unknown(frozenset(ATTENDANCE)):
            self.tell(reference, f"the attendance “{status}” is not known here and was left out")
        known = {status: self.ids(lists, status) for status in ATTENDANCE}
        counted = Counter(one for ids in known.values() for one in ids)
        twice = {one for one, times in counted.items() if times > 1}
        if twice:
            self.tell(
                reference, f"the attendance lists {', '.join(sorted(twice))} twice; theirs was left out"
            )
        return {status: tuple(one for one in ids if one not in twice) for status, ids in known.items()}

    def item(self, found: Fields) -> BookItem:
        reference = found.text("reference")
        if reference in self.references:
            raise Refused("book-twice", thing="item", id=reference)
        self.references.add(reference)
        self.tell_unknown(found, _ITEM, reference)
        title = " ".join(found.maybe_text("title").split())
        if not title:
            self.tell(reference, "there is no title; the reference stands in its place")
        vote = self.vote(found.inner("vote"), reference) if found.has("vote") else None
        return BookItem(
            reference=reference, number=found.maybe_text("number").strip(), title=title or reference,
            text=found.maybe_text("text"), proposers=self.ids(found, "proposers"),
            recommendation=found.maybe_text("executive_recommendation").strip(), vote=vote,
            unread_vote=vote is None and self.is_roll_call(found),
        )  # fmt: skip

    def is_roll_call(self, found: Fields) -> bool:
        return found.has("vote") and (found.inner("vote").maybe_text("method") or ROLL_CALL) == ROLL_CALL

    def vote(self, found: Fields, reference: str) -> BookVote | None:
        self.tell_unknown(found, _VOTE, reference)
        method = found.maybe_text("method") or ROLL_CALL
        passed = found.one_of("result", ("passed", "rejected")) == "passed"
        casting = found.one_of("casting_vote", tuple(CHOICES)) if found.has("casting_vote") else None
        lists = self.vote_lists(found.inner("ballots"), reference)
        if method != ROLL_CALL:
            self.tell(reference, f"the vote was left out: its method is “{method}”, not a roll call")
            return None
        rule = self.rule(found, reference)
        if rule is None:
            return None
        sides = {choice.counts_as for choice in rule.choices}
        without = next((name for name, side in CHOICES.items() if lists[name] and side not in sides), None)
        if without is not None:
            self.tell(reference, f"the vote was left out: its rule has no choice for the list “{without}”")
            return None
        return BookVote(rule, passed, CHOICES[casting] if casting else None, lists)

    def rule(self, found: Fields, reference: str) -> Rule | None:
        named = found.inner("rule").data if isinstance(found.data.get("rule"), dict) else found.text("rule")
        try:
            return rule_for(Kind.MOTION, named, None, "")
        except Refused as refusal:
            if refusal.code in ("rule-unknown", "rule-not-for-kind"):
                self.tell(
                    reference, f"the vote was left out: there is no rule “{refusal.facts['rule']}” here"
                )
                return None
            field = refusal.facts.get("field", "")
            raise Refused("book-rule", place=found.at("rule"), field=field) from None

    def vote_lists(self, found: Fields, reference: str) -> dict[str, tuple[str, ...]]:
        names = (*CHOICES, *WITHOUT_BALLOT)
        for name in found.unknown(frozenset(names)):
            count = len(as_list(found.data[name] or [], found.at(name)))
            self.tell(reference, f"the list “{name}” ({count}) is not known here and was left out")
        lists = {name: self.ids(found, name) for name in names}
        seen: dict[str, str] = {}
        for name, ids in lists.items():
            for member in ids:
                if member in seen:
                    raise Refused(
                        "book-vote-twice", reference=reference, member=member, first=seen[member], second=name
                    )
                seen[member] = name
        return lists

    def ids(self, found: Fields, key: str) -> tuple[str, ...]:
        """Member ids, all of them known."""
        ids = tuple(found.texts(key))
        for place, member in enumerate(ids):
            if member not in self.members:
                raise Refused("book-member-unknown", place=f"{found.at(key)}[{place}]", member=member[:40])
        return ids

    def tell_unknown(self, found: Fields, known: frozenset[str], reference: str) -> None:
        for key in found.unknown(known):
            self.tell(
                reference, f"“{checked_text(key, found.place)[:60]}” is not known here and was left out"
            )

    def tell(self, reference: str, text: str) -> None:
        self.notes.append(Note(reference, text))


def _in_order(found: Fields, since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise Refused("book-days", place=found.at("until"), until=until.isoformat(), since=since.isoformat())


def _once(thing: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise Refused("book-twice", thing=thing.rstrip("s"), id=one)
        seen.add(one)
