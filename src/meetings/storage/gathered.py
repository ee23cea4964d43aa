"""One look at the database for many who ask at the same moment.

When five hundred tablets come back at once, or a vote opens, all of them ask the same few things. Whoever asks
while a look is under way shares the next one: looks grow with the crowd by themselves, and no answer is older than its
question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Gathered(Generic[Key, Answer]):
    """`look` gets every key that waits and gives the answers it found."""

    def __init__(self, look: Callable[[Collection[Key]], Awaitable[Mapping[Key, Answer]]]) -> None:
        self._look = look
        self._waiting: dict[Key, asyncio.Future[Answer | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, key: Key) -> Answer | None:
        """The answer to this key, looked up after this call; None when there is none."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._looking is None:
            self._looking = asyncio.create_task(self._answer_all(), name="gathered look")
        # One who gives up (a closed connection) must not take the answer from the others.
        return await asyncio.shield(answer)

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                try:
                    found = await self._look(asked.keys())
                except Exception as failure:
                    for answer in asked.values():
                        answer.set_exception(failure)
                else:
                    for key, answer in asked.items():
                        answer.set_result(found.get(key))
        finally:
            self._looking = None
