"""How far a paper may go: its level, its readers, its time, and whether it is handed out.

State secrets (Law on the Protection of State Secrets 2018) have no level here: they do not belong on this server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.rules.visibility import Audience, Visibility, shows


class Level(StrEnum):
    INTERNAL = "internal"
    """As the meeting itself."""
    RESTRICTED = "restricted"
    """Each reader's name and the time stand on every page; it is in no meeting pack."""
    CONFIDENTIAL = "confidential"
    """And it is handed out to nobody as a file."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the secretary has set for a paper; `readers` as `Visibility`, moments in UTC."""

    level: str = Level.INTERNAL
    readers: str = Visibility.COMMON
    download: bool = True
    shown_from: datetime | None = None
    shown_until: datetime | None = None

    @property
    def marked(self) -> bool:
        """Whether each reader gets a copy with the reader's name."""
        return self.level != Level.INTERNAL

    @property
    def handed_out(self) -> bool:
        """Whether readers may take the file with them."""
        return self.download and self.level != Level.CONFIDENTIAL

    @property
    def packed(self) -> bool:
        """Whether it may stand in a pack that several readers share."""
        return not self.marked and self.handed_out and self.shown_from is None and self.shown_until is None

    def listed_for(self, audience: Audience) -> bool:
        """Whether this audience sees that the paper is there."""
        return shows(self.readers, audience)


def checked_access(access: Access) -> Access:
    """The same, or a refusal: `wrong-input` for an unknown word, `date-wrong` for a moment outside of the calendar,
    `paper-window` for an end before its beginning."""
    if access.level not in tuple(Level):
        raise Refused("wrong-input", field="level")
    if access.readers not in tuple(Visibility):
        raise Refused("wrong-input", field="readers")
    for field in ("shown_from", "shown_until"):
        moment: datetime | None = getattr(access, field)
        if moment is not None and moment.year not in YEARS:
            raise Refused("date-wrong", field=field)
    if access.shown_from and access.shown_until and access.shown_until <= access.shown_from:
        raise Refused("paper-window")
    return access


def must_be_readable(access: Access, audience: Audience, now: datetime) -> None:
    """Refuse a reader for whom the paper is not (`not-found`), not yet (`paper-not-yet`) or no longer
    (`paper-no-longer`). Who prepares or runs the meeting reads it at any time."""
    if not access.listed_for(audience):
        raise Refused("not-found")
    if audience is Audience.INSIDERS:
        return
    if access.shown_from and now < access.shown_from:
        raise Refused("paper-not-yet")
    if access.shown_until and now >= access.shown_until:
        raise Refused("paper-no-longer")
