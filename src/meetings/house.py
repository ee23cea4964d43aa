"""The parts that a running server holds in hand, as one typed value that requests carry along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetings.council.doorkeeper import Doorkeeper
    from meetings.council.sign_in import Attempts
    from meetings.during.ballot_box import BallotBox
    from meetings.during.own_room import OwnRooms
    from meetings.realtime.server import Realtime
    from meetings.settings import Settings
    from meetings.storage.unit_of_work import Store
    from meetings.web.render import Renderer


@dataclass(frozen=True, slots=True)
class House:
    """Made once by `app.create_app`."""

    settings: Settings
    store: Store
    box: BallotBox
    realtime: Realtime
    renderer: Renderer
    attempts: Attempts
    doorkeeper: Doorkeeper
    rooms: OwnRooms
