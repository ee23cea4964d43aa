"""The council in its throwaway house, meeting after meeting.

Each councillor is a Socket.IO client that stays connected; chair and secretary act through the same use cases as
everywhere. What a vote says about itself wins over seat dates: a voter whose seat had ended gets it back for that day,
and the difference is named.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import socketio
from socketio.exceptions import SocketIOError

from meetings.app import create_app, make_store, serving
from meetings.before.agenda import add_item
from meetings.before.scheduling import TITLE_LENGTH, publish_meeting, schedule_meeting
from meetings.council.bodies import begin_membership, found_body
from meetings.council.persons import actors, enter_person, grant_role, open_account
from meetings.council.sign_in import issue_token
from meetings.during.attendance import Presence, record_roll_call
from meetings.during.proceedings import call_to_order, take_up
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.exchange.book import CHOICES, Book, BookItem, BookMeeting, BookVote
from meetings.exchange.book_checks import of_vote, without_seat
from meetings.replay.verdict import Figures, Verdict
from meetings.rules.permissions import Actor, Role
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import rule_as_data
from meetings.settings import Settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Account, Poll
from meetings.storage.unit_of_work import Store

NO_PASSWORD = "-"  # noqa: S105 - nobody signs in with a password here
ANSWER_SECONDS = 30


@dataclass(slots=True)
class Councillor:
    """A member of the book as a person with an account and an open connection."""

    person: UUID
    account: Account
    token: str
    client: Any = field(default_factory=lambda: socketio.AsyncClient(reconnection=False))


class Chamber:
    """The members with their connections, and the staff that runs the polls."""

    def __init__(self, book: Book, store: Store) -> None:
        self.book = book
        self.store = store
        self.body = UUID(int=0)
        self.members: dict[str, Councillor] = {}
        self.staff: dict[Role, Account] = {}
        self.chairs: set[str] = set()
        """Members who had to decide a tie and were given the chair for it."""
        self.restored: set[tuple[str, date]] = set()
        self.inside: set[tuple[UUID, str]] = set()
        """Meeting and member, of everybody who is in the room."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, book: Book, settings: Settings) -> AsyncGenerator[Chamber]:
        await migrate(settings.database_url)
        store = make_store(settings)
        chamber = cls(book, store)
        await chamber.assemble()
        async with serving(create_app(settings, store), host="127.0.0.1", port=0) as url:
            clients = [member.client for member in chamber.members.values()]
            try:
                for member in chamber.members.values():
                    await member.client.connect(
                        url,
                        auth={"token": member.token},
                        transports=["websocket"],
                        wait_timeout=ANSWER_SECONDS,
                    )
                yield chamber
            finally:
                await asyncio.gather(*(client.disconnect() for client in clients))

    async def assemble(self) -> None:
        """Seats, a chair and a secretary who do not vote, and an account for everybody."""
        async with self.store.work() as work:
            body = await found_body(work, None, name=self.book.name, seats=self.book.seats, quorum="")
            self.body = body.id
            for role in (Role.CHAIR, Role.SECRETARY):
                person = await enter_person(work, None, name=f"The {role.value}")
                await grant_role(work, None, person=person.id, role=role, body=body.id)
                self.staff[role] = await open_account(
                    work, None, person=person.id, login=role.value, password_hash=NO_PASSWORD
                )
            for member in self.book.members:
                person = await enter_person(work, None, name=member.name, reference=member.id)
                await begin_membership(
                    work, None, body=body.id, person=person.id, since=member.since, until=member.until
                )
                # Seats of the past open no door today.
                await grant_role(work, None, person=person.id, role=Role.OBSERVER, body=body.id)
                account = await open_account(
                    work,
                    None,
                    person=person.id,
                    login=f"member-{len(self.members)}",
                    password_hash=NO_PASSWORD,
                )
                token = await issue_token(work, account, name="replay")
                self.members[member.id] = Councillor(person.id, account, token)

    async def hold(self, meeting: BookMeeting, items: Sequence[BookItem]) -> AsyncGenerator[Verdict]:
        """One meeting: its roll calls one after the other."""
        voted = [(item, item.vote) for item in items if item.vote is not None]
        agenda = await self._begin(meeting, [item for item, _ in voted]) if voted else {}
        for item in items:
            if item.unread_vote:
                why = tuple(note.text for note in self.book.notes if note.reference == item.reference)
                yield Verdict(item.reference, "", None, None, "", why)
        for item, vote in voted:
            yield await self._vote(meeting, item, vote, *agenda[item.reference])

    async def _begin(self, meeting: BookMeeting, items: Sequence[BookItem]) -> dict[str, tuple[UUID, UUID]]:
        secretary, chair = await self._actor(Role.SECRETARY), await self._actor(Role.CHAIR)
        async with self.store.work() as work:
            held = await schedule_meeting(
                work, secretary, body=self.body, title=meeting.reference, starts=f"{meeting.day}T09:00",
                kind=meeting.kind[:32], reference=meeting.id,
            )  # fmt: skip
            added = [
                await add_item(
                    work, secretary, held.id, title=item.title[:TITLE_LENGTH], reference=item.reference
                )
                for item in items
            ]
            await publish_meeting(work, secretary, held.id)
            await call_to_order(work, chair, held.id)
        return {item.reference: (held.id, row.id) for item, row in zip(items, added, strict=True)}

    async def _vote(
        self, meeting: BookMeeting, item: BookItem, vote: BookVote, held: UUID, agenda_item: UUID
    ) -> Verdict:
        notes = [note.text for note in of_vote(self.book, meeting, item, vote)]
        recorded = Figures({name: vote.count(name) for name in (*CHOICES, "not_voted")}, vote.passed)
        try:
            chair = await self._chair(vote, notes)
            await self._seat(meeting, vote, held)
            poll = await self._open(chair, agenda_item, vote)
            notes += await self._cast(poll, vote)
            replayed, outcome = await self._close(chair, poll)
        except Refused as refusal:
            notes.append(f"not held: {refusal}")
            return Verdict(item.reference, vote.rule.code, recorded, None, "", tuple(notes))
        return Verdict(item.reference, vote.rule.code, recorded, replayed, outcome, tuple(notes))

    async def _chair(self, vote: BookVote, notes: list[str]) -> Actor:
        """A casting vote makes its side the chair's: somebody who voted so takes the chair. Otherwise the chair is
        no member."""
        name = next((name for name, side in CHOICES.items() if side == vote.casting), None)
        if name is None:
            return await self._actor(Role.CHAIR)
        if not vote.lists[name]:
            notes.append(f"a casting vote {name} is recorded, but nobody is on that list")
            return await self._actor(Role.CHAIR)
        member = vote.lists[name][0]
        if member not in self.chairs:
            async with self.store.work() as work:
                await grant_role(
                    work, None, person=self.members[member].person, role=Role.CHAIR, body=self.body
                )
            self.chairs.add(member)
        return await self._actor_of(self.members[member].account)

    async def _seat(self, meeting: BookMeeting, vote: BookVote, held: UUID) -> None:
        """Everybody who took part has a seat and is in the room; nobody else is."""
        secretary = await self._actor(Role.SECRETARY)
        present = set(vote.present())
        async with self.store.work() as work:
            for member in without_seat(self.book, meeting, vote):
                if (member, meeting.day) not in self.restored:
                    await begin_membership(
                        work, None, body=self.body, person=self.members[member].person, since=meeting.day,
                        until=meeting.day,
                    )  # fmt: skip
                    self.restored.add((member, meeting.day))
            moved = {
                councillor.person: Presence.IN if member in present else Presence.OUT
                for member, councillor in self.members.items()
                if ((held, member) in self.inside) != (member in present)
            }
            await record_roll_call(work, secretary, held, moved)
        self.inside = {(held, member) for member in present}

    async def _open(self, chair: Actor, item: UUID, vote: BookVote) -> UUID:
        async with self.store.work() as work:
            await take_up(work, chair, item)
            poll = await draft_poll(work, chair, item, rule=rule_as_data(vote.rule))
            await open_poll(work, chair, poll.id)
        return poll.id

    async def _cast(self, poll: UUID, vote: BookVote) -> list[str]:
        """All at once, each over the own connection; what was not counted is named."""
        ballots = list(vote.ballots())
        answers = await asyncio.gather(*(self._ballot(poll, member, choice) for member, choice in ballots))
        return [answer for answer in answers if answer]

    async def _ballot(self, poll: UUID, member: str, choice: str) -> str:
        packet = {"poll": str(poll), "choice": choice, "key": str(uuid4())}
        try:
            answer = await self._call(member, "cast", packet)
        except SocketIOError as failure:
            return f"the ballot of member {member} was not answered: {type(failure).__name__}"
        return (
            ""
            if answer.get("counted") is True
            else f"the ballot of member {member} was not counted: {answer}"
        )

    async def _call(self, member: str, event: str, packet: dict[str, str]) -> dict[str, Any]:
        answer = await self.members[member].client.call(event, packet, timeout=ANSWER_SECONDS)
        return answer or {}

    async def _close(self, chair: Actor, poll: UUID) -> tuple[Figures, str]:
        async with self.store.work() as work:
            await close_poll(work, chair, poll)
            await announce_outcome(work, chair, poll)
        async with self.store.reading() as reading:
            kept = await reading.get(Poll, poll)
        tally, outcome = kept.tally or {}, kept.outcome or {}
        counts = {name: tally[side] for name, side in CHOICES.items()} | {"not_voted": tally["not_cast"]}
        return Figures(counts, outcome["adopted"]), outcome["code"]

    async def _actor(self, role: Role) -> Actor:
        return await self._actor_of(self.staff[role])

    async def _actor_of(self, account: Account) -> Actor:
        async with self.store.reading() as reading:
            return (await actors(reading, [account], reading.today))[account.id]
