"""The hall during a meeting of the story: who is there, who speaks, and the votes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self
from uuid import UUID, uuid4

from meetings.demo.telling import Telling
from meetings.during.ballot_box import BallotBox
from meetings.during.drafting import draft_poll
from meetings.during.hand_counts import confirm_counts, enter_counts
from meetings.during.motions import motions_of, move_motion
from meetings.during.opening import open_poll
from meetings.during.proceedings import take_up
from meetings.during.speakers import start_speech, stop_speech
from meetings.during.speaking_list import add_speaker, ask_to_speak
from meetings.during.voting import announce_outcome, close_poll
from meetings.rules.polls import Method
from meetings.storage.tables import Motion


class Hall:
    """One meeting; every act is the chair's, the secretary's or a member's own."""

    def __init__(self, telling: Telling, meeting: UUID) -> None:
        self._telling = telling
        self._store, self._city = telling.store, telling.city
        self._chair, self._secretary = telling.city["chair"], telling.city["secretary"]
        self._box = BallotBox(telling.store)
        self.meeting = meeting

    async def __aenter__(self) -> Self:
        self._box.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._box.shut()

    async def take_up(self, item: UUID) -> Sequence[Motion]:
        """Turn to an item; its motions."""
        async with self._store.work() as work:
            await take_up(work, self._chair, item)
            return [one for one in await motions_of(work, self.meeting) if one.item_id == item]

    async def amend(self, mover: str, motion: Motion, change: tuple[str, str, str]) -> Motion:
        """A member moves other words: the title, what goes, what comes."""
        title, old, new = change
        async with self._store.work() as work:
            return await move_motion(
                work, self._city[mover], motion.item_id, title=title, text=motion.text.replace(old, new),
                kind="amendment", amends=motion.id,
            )  # fmt: skip

    async def ask(self, login: str, kind: str = "speech", stance: str = "", category: str = "") -> UUID:
        """A member asks for the floor."""
        async with self._store.work() as work:
            place = await ask_to_speak(
                work, self._city[login], self.meeting, kind, stance=stance, category=category
            )
            return place.speech

    async def hear(self, speech: UUID, minutes: float) -> None:
        """A speech from its call to its end."""
        await self.call(speech)
        self._telling.later(minutes)
        async with self._store.work() as work:
            await stop_speech(work, self._chair, speech)

    async def call(self, speech: UUID) -> None:
        """Give the floor."""
        async with self._store.work() as work:
            await start_speech(work, self._chair, speech)

    async def hear_guest(self, name: str, minutes: float) -> None:
        """Somebody without a seat reports."""
        async with self._store.work() as work:
            speech = await add_speaker(work, self._secretary, self.meeting, name)
        await self.hear(speech.id, minutes)

    async def debate(self, speeches: Iterable[tuple[str, str, float]]) -> None:
        """Members who all ask first and are heard in this order: sign-in name, stance, minutes."""
        waiting = [(await self.ask(login, stance=stance), minutes) for login, stance, minutes in speeches]
        for speech, minutes in waiting:
            await self.hear(speech, minutes)

    async def show_hands(self, motion: Motion, *, yes: int) -> None:
        """A vote by show of hands, counted by the secretary and confirmed by the chair."""
        async with self._store.work() as work:
            poll = await draft_poll(work, self._chair, motion.item_id, motion=motion.id, method=Method.HANDS)
            await open_poll(work, self._chair, poll.id)
        self._telling.later()
        async with self._store.work() as work:
            await enter_counts(work, self._secretary, poll.id, {"yes": yes})
            await confirm_counts(work, self._chair, poll.id)
        await self._end(poll.id)

    async def vote(
        self,
        poll: UUID,
        ballots: Mapping[str, Any],
        proxy: tuple[str, str, Any] | None = None,
    ) -> None:
        """Open a poll, let everybody cast by sign-in name, close and announce it. `proxy`: holder, giver, choice."""
        async with self._store.work() as work:
            await open_poll(work, self._chair, poll)
        self._telling.later()
        casts = [
            self._box.cast(self._city[login], poll, choice, str(uuid4())) for login, choice in ballots.items()
        ]
        if proxy:
            holder, giver, choice = proxy
            absent = self._city[giver].person
            casts.append(self._box.cast(self._city[holder], poll, choice, str(uuid4()), absent))
        await asyncio.gather(*casts)
        await self._end(poll)

    async def put(
        self, motion: Motion, ballots: Mapping[str, Any], proxy: tuple[str, str, Any] | None = None
    ) -> None:
        """A named vote on a motion."""
        async with self._store.work() as work:
            poll = await draft_poll(work, self._chair, motion.item_id, motion=motion.id)
        await self.vote(poll.id, ballots, proxy)

    async def _end(self, poll: UUID) -> None:
        self._telling.later()
        async with self._store.work() as work:
            await close_poll(work, self._chair, poll)
            await announce_outcome(work, self._chair, poll)


def shared_out(people: Sequence[str], **counts: int) -> dict[str, str]:
    """One-choice ballots: the last of these people say what is counted here, everybody else says yes."""
    choices = [choice for choice, count in counts.items() for _ in range(count)]
    rest = ["yes"] * (len(people) - len(choices))
    return dict(zip(people, rest + choices, strict=True))
