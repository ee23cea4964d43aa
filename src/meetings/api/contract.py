"""What every operation shares: the request, the shapes, the problem document, and how routes are declared."""

from dataclasses import dataclass
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler, patch, post, put
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, RequestBody, Schema

from meetings.house import House
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps every character of a text but this one."""
Line = Annotated[str, msgspec.Meta(max_length=500, pattern=NO_NUL)]
Short = Annotated[str, msgspec.Meta(max_length=32, pattern=NO_NUL)]
Prose = Annotated[str, msgspec.Meta(max_length=20_000, pattern=NO_NUL)]


class ApiRequest(Request[Actor | None, str | None, State]):
    """A request that knows its house and its actor."""

    @property
    def house(self) -> House:
        """The running server's parts."""
        return cast(House, self.app.state.house)

    @property
    def actor(self) -> Actor:
        """Who asks; the refusal `sign-in-needed` when nobody does."""
        if self.user is None:
            raise Refused("sign-in-needed")
        return self.user


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A body that is sent to the server. A field that it does not know is refused by name."""


class Answer(msgspec.Struct, kw_only=True):
    """A body that the server answers with."""


class Reason(Asked):
    """Why."""

    reason: Prose


class Problem(Answer):
    """A refusal (RFC 9457). `code` is stable; `title` says it in the reader's language."""

    type: str
    title: str
    status: int
    code: str
    facts: dict[str, str] | None = None


WHO = {
    Right.SIGNED_IN: N_("For everybody who is signed in; the answer holds what they may see."),
    Right.ATTEND: N_("For those who attend the body: members, secretaries, the chair, observers."),
    Right.TAKE_PART: N_("For the members of the body."),
    Right.PREPARE: N_("For the secretaries of the body."),
    Right.RUN_ROOM: N_("For the chair of the body."),
    Right.KEEP_ROLL: N_("For the secretaries and the chair of the body."),
    Right.ENTER_BALLOTS: N_("For the secretaries and the chair of the body."),
    Right.WRITE_MINUTES: N_("For the secretaries of the body."),
    Right.FOLLOW_UP: N_("For the secretaries and the chair of the body."),
    Right.CARRY_OUT: N_("For the officers of the lead agency."),
    Right.READ_JOURNAL: N_("For the members, the secretaries and the chair of the body."),
    Right.ADMINISTER: N_("For administrators."),
}
SECRETARY_OR_CHAIR = WHO[Right.KEEP_ROLL]
REFUSED = {
    400: N_("The message could not be read."),
    401: N_("Nobody is signed in, or the token is not valid."),
    403: N_("The right is missing, or the token has no scope for this."),
    404: N_("There is nothing at this address, or it is not open to the reader."),
    409: N_("The state of things does not allow this; the code says why."),
    413: N_("This is larger than the server accepts."),
    422: N_("Something in the message is not right; the problem names the field."),
    503: N_("The server is busy; nothing was changed."),
}
_KEY = Parameter(
    name="Idempotency-Key",
    param_in="header",
    description=N_(
        "Chosen by the sender: the same key with the same request gets the same answer, and acts once."
    ),
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=200),
)


@dataclass
class Writing(Operation):
    """An operation that changes something: it takes an Idempotency-Key, and a body that may be null may be left out."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), _KEY]
        if isinstance(self.request_body, RequestBody):
            schemas = [media.schema for media in self.request_body.content.values()]
            self.request_body.required = not any(
                isinstance(one, Schema) and any(_is_null(inner) for inner in one.one_of or [])
                for one in schemas
            )


def _is_null(schema: object) -> bool:
    return isinstance(schema, Schema) and schema.type == OpenAPIType.NULL


def reads(path: str, right: Right, summary: str, tag: str, **more: Any) -> HTTPRouteHandler:
    """A route that changes nothing."""
    return get(path, **_declared(right, summary, tag, "", (400, 401, 403, 404, 422)), **more)


def writes(
    path: str,
    right: Right,
    summary: str,
    tag: str,
    *,
    method: str = "post",
    status: int = 200,
    who: str = "",
    **more: Any,
) -> HTTPRouteHandler:
    """A route that changes something. `who` says it more exactly than the route's coarse right can."""
    route = {"post": post, "put": put, "patch": patch}[method]
    said = _declared(right, summary, tag, who, tuple(REFUSED))
    return route(path, status_code=status, operation_class=Writing, **said, **more)


def _declared(right: Right, summary: str, tag: str, who: str, refused: tuple[int, ...]) -> dict[str, Any]:
    return {
        "opt": {"permission": right},
        "summary": summary,
        "description": who or WHO[right],
        "tags": [tag],
        "responses": {
            status: ResponseSpec(
                Problem,
                generate_examples=False,
                description=REFUSED[status],
                media_type="application/problem+json",
            )
            for status in refused
        },
    }
