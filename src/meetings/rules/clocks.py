"""Speaking time. A clock is what was used up to the last pause, and since when it runs; nobody counts it up.

Times are whole seconds. The moment comes in as an argument, so a page, a projector and the minutes agree on what a
clock shows: all of them work it out from the same three facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One speech's time. It runs while `running_since` is set."""

    seconds: int = 0
    """Used up to the last pause."""
    running_since: datetime | None = None
    limit: int | None = None
    """What the standing orders give; None: no limit."""
    added: int = 0
    """What the chair gave on top."""

    @property
    def running(self) -> bool:
        return self.running_since is not None

    @property
    def allowed(self) -> int | None:
        """All the time there is; None without a limit."""
        return None if self.limit is None else self.limit + self.added

    def used(self, now: datetime) -> int:
        """Seconds spoken until this moment. A moment before the start counts as none."""
        if self.running_since is None:
            return self.seconds
        return self.seconds + max(0, round((now - self.running_since).total_seconds()))

    def remaining(self, now: datetime) -> int | None:
        """Seconds left, negative once over time; None without a limit."""
        return None if self.allowed is None else self.allowed - self.used(now)

    def over(self, now: datetime) -> bool:
        """Whether the time is used up. At the last second it is not yet: the limit itself may be spoken."""
        left = self.remaining(now)
        return left is not None and left < 0

    def started(self, now: datetime) -> Clock:
        """The clock set going; one that runs already is left as it is."""
        return self if self.running else replace(self, running_since=now)

    def stopped(self, now: datetime) -> Clock:
        """The clock halted, with what it had used by then."""
        return replace(self, seconds=self.used(now), running_since=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupClock:
    """The time of a group on one item: initial + added − what its speeches used."""

    initial: int
    added: int = 0
    speeches: tuple[Clock, ...] = ()

    @property
    def allowed(self) -> int:
        return self.initial + self.added

    def used(self, now: datetime) -> int:
        """Seconds that the group's speeches took until this moment."""
        return used_by(self.speeches, now)

    def remaining(self, now: datetime) -> int:
        """Seconds left, negative once over time."""
        return self.allowed - self.used(now)

    def over(self, now: datetime) -> bool:
        """Whether the group's time is used up."""
        return self.remaining(now) < 0

    @property
    def running_since(self) -> datetime | None:
        """Since when one of the group speaks; None while nobody of it does."""
        return next((clock.running_since for clock in self.speeches if clock.running), None)

    @property
    def settled(self) -> int:
        """Seconds used up to the last pause of each: with `running_since` it gives the time at any later moment."""
        return sum(clock.seconds for clock in self.speeches)


def used_by(clocks: Iterable[Clock], now: datetime) -> int:
    """Seconds that several speeches took together."""
    return sum(clock.used(now) for clock in clocks)
