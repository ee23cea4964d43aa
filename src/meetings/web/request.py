"""What a page handler gets: the request with the house and the signed-in person at hand; and the guards before it."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from meetings.house import House
from meetings.language import LANGUAGES, speak
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused

COOKIE = "meetings_sign_in"
LANGUAGE_COOKIE = "meetings_language"
TYPE_COOKIE = "meetings_type"
"""`large`: this browser shows every page in larger type."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class MeetingsRequest(Request[Actor | None, str | None, State]):
    """A request that knows its house and its actor."""

    @property
    def house(self) -> House:
        """The running server's parts."""
        return house_of(self)

    @property
    def actor(self) -> Actor:
        """The signed-in person; the refusal `sign-in-needed` when there is none."""
        if self.user is None:
            raise Refused("sign-in-needed")
        return self.user

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a fragment."""
        return self.headers.get("hx-request") == "true"

    @property
    def csrf(self) -> str:
        """The token that forms of this page must send back."""
        token = ScopeState.from_scope(self.scope).csrf_token
        return token if isinstance(token, str) else ""

    async def fields(self) -> dict[str, str]:
        """The text fields of a form, the first value of each."""
        return {name: written(value) for name, value in (await self.form()).items() if isinstance(value, str)}


def written(text: str) -> str:
    """A text as it can be kept: PostgreSQL has every character but NUL, which nobody types."""
    return text.replace("\0", "")


def house_of(connection: ASGIConnection[Any, Any, Any, Any]) -> House:
    """The house behind a connection."""
    house: House = connection.app.state.house
    return house


class SignedIn(AbstractAuthenticationMiddleware):
    """Finds out who asks: by access token, else by sign-in cookie. Strangers pass; guards stop them where needed."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        house = house_of(connection)
        authorization = connection.headers.get("authorization", "")
        scheme, _, token = authorization.partition(" ")
        cookie = connection.cookies.get(COOKIE)
        actor: Actor | None = None
        if scheme.lower() == "bearer":
            actor = await house.doorkeeper.of_token(token.strip())
        elif cookie and not connection.scope["path"].startswith("/static/"):
            actor = await house.doorkeeper.of_cookie(cookie)
        speak_to(connection, actor)
        return AuthenticationResult(user=actor, auth=cookie if scheme.lower() != "bearer" else None)


def speak_to(connection: ASGIConnection[Any, Any, Any, Any], actor: Actor | None) -> None:
    """From here on this request is answered in the reader's language, at the council's clock."""
    settings = house_of(connection).settings
    speak(_language(connection, actor, settings.locale), settings.timezone)


def _language(connection: ASGIConnection[Any, Any, Any, Any], actor: Actor | None, default: str) -> str:
    chosen = connection.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return actor.language if actor else default


class FormGuard(CSRFMiddleware):
    """The stock double-submit check, except where an access token speaks: a browser never adds one by itself.

    A program that calls the interface without either is told to sign in, which says more than “expired”.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (_with_token(scope) or _stranger_to_interface(scope)):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def _with_token(scope: Scope) -> bool:
    return any(
        name == b"authorization" and value.lower().startswith(b"bearer ") for name, value in scope["headers"]
    )


def _stranger_to_interface(scope: Scope) -> bool:
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    signed_in = any(f"{COOKIE}=".encode() in value for value in cookies)
    return scope["path"].startswith("/api/") and not signed_in


def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Every route declares a right; this checks it for the house as a whole, the use case for the place."""
    if connection.scope.get("method") == "OPTIONS":
        return  # the framework's own answer: which methods an address has
    right = Right(handler.opt["permission"])
    if right is Right.ANYONE:
        return
    actor: Actor | None = connection.user
    if actor is None:
        raise Refused("sign-in-needed")
    if actor.scopes is not None:
        method = connection.scope.get("method", "GET")
        if ("read" if method in SAFE else "write") not in actor.scopes:
            raise Refused("forbidden")
    actor.must(right)


def uuid_of(text: str) -> UUID:
    """An id from an address or a form, or the refusal `not-found`."""
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Refused("not-found") from wrong
