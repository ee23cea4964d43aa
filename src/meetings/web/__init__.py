"""The pages: each handler parses, calls a use case, renders. One module per part of a meeting's life."""

from litestar.types import ControllerRouterHandler


def handlers() -> list[ControllerRouterHandler]:
    """Every page of the house."""
    from meetings.web import home, signing_in

    return [*signing_in.handlers, *home.handlers]
