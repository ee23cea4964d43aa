"""Who asks: cookies and access tokens turned into actors, for many at once, and remembered for a moment.

Whatever changes who somebody is goes through the journal of the house, and the doorkeeper of that process forgets
everything at once; another process learns of it within `REMEMBERS`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from time import monotonic

from meetings.council.sign_in import actors_of_cookies, actors_of_tokens, digest
from meetings.rules.permissions import Actor
from meetings.storage.gathered import Gathered
from meetings.storage.journal import HOUSE
from meetings.storage.unit_of_work import Recorded, Store

REMEMBERS = 2.0
"""Seconds for which an answer is good."""
MOST = 20_000


class Doorkeeper:
    """One per process. A secret that signs nobody in is never remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[float, Actor]] = {}
        self._forgotten = 0
        self._cookies = Gathered(self._look_up_cookies)
        self._tokens = Gathered(self._look_up_tokens)
        store.listen(self._hear)

    async def of_cookie(self, secret: str) -> Actor | None:
        """Who signed in with this cookie; None when it is unknown or over."""
        return await self._of(self._cookies, digest(secret))

    async def of_token(self, secret: str) -> Actor | None:
        """Who this access token speaks for, with its scopes; None when it is unknown or revoked."""
        return await self._of(self._tokens, digest(secret))

    def forget(self) -> None:
        """Look again at the next question: somebody signed out, or is no longer who they were."""
        self._known.clear()
        self._forgotten += 1

    async def _of(self, lookup: Gathered[str, Actor], proof: str) -> Actor | None:
        until, actor = self._known.get(proof, (0.0, None))
        if actor is not None and monotonic() < until:
            return actor
        asked_at, forgotten = monotonic(), self._forgotten
        actor = await lookup.ask(proof)
        if actor is None:
            self._known.pop(proof, None)
        elif forgotten == self._forgotten:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[proof] = asked_at + REMEMBERS, actor
        return actor

    async def _hear(self, recorded: Sequence[Recorded]) -> None:
        if any(record.chain == HOUSE or _changes_who(record) for record in recorded):
            self.forget()

    async def _look_up_cookies(self, proofs: Collection[str]) -> Mapping[str, Actor]:
        async with self._store.reading() as reading:
            return await actors_of_cookies(reading, proofs)

    async def _look_up_tokens(self, proofs: Collection[str]) -> Mapping[str, Actor]:
        async with self._store.reading() as reading:
            return await actors_of_tokens(reading, proofs)


def _changes_who(record: Recorded) -> bool:
    """A substitute has rights in one meeting, told in that meeting's journal."""
    return any(event.name.startswith("Substitut") for event in record.events)
