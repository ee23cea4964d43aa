"""The JSON interface: the same use cases as the pages, documented by OpenAPI."""

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from meetings import __version__


def handlers() -> list[ControllerRouterHandler]:
    """Every route below `/api`."""
    return []


def openapi() -> OpenAPIConfig:
    """The document at `/api/openapi.json`; the readable page is our own and loads nothing from elsewhere."""
    return OpenAPIConfig(title="Meetings", version=__version__, path="/api", render_plugins=[JsonRenderPlugin()])
