"""The JSON interface: the same use cases as the pages, documented by OpenAPI."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, Reference, SecurityScheme
from litestar.types import ControllerRouterHandler

from meetings import __version__
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused

PREFIX = "/api/v1"
Page = Callable[[Request[Any, Any, Any], dict[str, Any]], bytes]
"""Makes the readable page from the document."""

ABOUT = (
    "Times are RFC 3339 with offset. Lists page by cursor. Writes take an Idempotency-Key. Errors are problem "
    "documents (RFC 9457) with a stable code."
)
SCHEMES: dict[str, SecurityScheme | Reference] = {
    "token": SecurityScheme(
        type="http", scheme="bearer", description="A person’s or an integration’s access token."
    ),
    "cookie": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name="meetings_sign_in",
        description="The sign-in cookie of the pages. Writes need the header x-csrftoken as well.",
    ),
}


def handlers() -> list[ControllerRouterHandler]:
    """Every route below `/api/v1`."""
    from meetings.api import (
        agenda,
        attendance,
        ballot_desk,
        calendar,
        consultation_ballots,
        consultations,
        council,
        council_sessions,
        dossier_papers,
        dossiers,
        elections,
        floor,
        follow_up,
        meeting_templates,
        meetings,
        minutes,
        motions,
        notes,
        packs,
        paper_changes,
        papers,
        poll_acts,
        procedures,
        proceedings,
        question_time,
        questions,
        replies,
        rooms,
        seating,
        series,
        standing_in,
        supplements,
        voting,
        weekly_schedule,
        work_programme,
    )
    from meetings.api.contract import ApiRequest

    phases = (
        council,
        council_sessions,
        meetings,
        meeting_templates,
        series,
        calendar,
        rooms,
        agenda,
        supplements,
        papers,
        paper_changes,
        procedures,
        dossiers,
        dossier_papers,
        consultation_ballots,
        consultations,
        packs,
        replies,
        proceedings,
        attendance,
        standing_in,
        floor,
        motions,
        questions,
        question_time,
        seating,
        voting,
        poll_acts,
        ballot_desk,
        elections,
        follow_up,
        notes,
        minutes,
        weekly_schedule,
        work_programme,
    )
    routes = [handler for phase in phases for handler in phase.handlers]
    return [Router(PREFIX, route_handlers=routes, include_in_schema=True, request_class=ApiRequest)]


def openapi(page: Page) -> OpenAPIConfig:
    """The document at `/api/openapi.json`, and a readable page at `/api` that loads nothing from elsewhere."""
    router = Router(
        "/api",
        route_handlers=[],
        include_in_schema=False,
        opt={"permission": Right.ANYONE},
        before_request=_known,
    )
    return OpenAPIConfig(
        title="Meetings",
        version=__version__,
        description=ABOUT,
        path="/api",
        openapi_router=router,
        render_plugins=[JsonRenderPlugin(), _OwnPage(page)],
        components=Components(security_schemes=SCHEMES),
        security=[{"token": []}, {"cookie": []}],
    )


class _OwnPage(OpenAPIRenderPlugin):
    """The document as a page, made by the house that serves it."""

    def __init__(self, page: Page) -> None:
        super().__init__(path="/")
        self._page = page

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return self._page(request, openapi_schema)


async def _known(request: Request[Any, Any, Any]) -> None:
    """Other addresses below `/api` are refused as everywhere, with a problem document."""
    if "path" in request.path_params:
        raise Refused("not-found")
