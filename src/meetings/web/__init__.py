"""The pages: each handler parses, calls a use case, renders. One module per part of a meeting's life."""

from litestar.types import ControllerRouterHandler


def handlers() -> list[ControllerRouterHandler]:
    """Every page of the house."""
    from meetings.web import (
        agenda,
        attendance,
        chair,
        council,
        home,
        journal,
        meetings,
        minutes,
        papers,
        resolutions,
        room,
        screen,
        signing_in,
        tasks,
    )

    during = [*room.handlers, *chair.handlers, *screen.handlers, *attendance.handlers]
    before = [*meetings.handlers, *agenda.handlers, *papers.handlers]
    after = [*resolutions.handlers, *tasks.handlers, *minutes.handlers, *journal.handlers]
    return [*signing_in.handlers, *home.handlers, *council.handlers, *before, *during, *after]
