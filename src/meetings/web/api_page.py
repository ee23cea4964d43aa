"""The readable page of the JSON interface: the OpenAPI document as a calm reference, without any script."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from litestar import Request

from meetings import __version__
from meetings.language import gettext
from meetings.rules.refusals import REFUSALS
from meetings.web.errors import STATUS
from meetings.web.render import shared_page
from meetings.web.request import MeetingsRequest

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A question's parameter or a field of a shape. `shapes` are the named shapes that its type mentions."""

    name: str
    type: str
    shapes: tuple[str, ...]
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, with its texts in the reader's language.

    The ids in an address and the Idempotency-Key explain themselves once; only what can be asked is listed.
    """

    anchor: str
    method: str
    path: str
    summary: str
    who: str
    parameters: tuple[Field, ...]
    sends: tuple[str, ...]
    multipart: bool
    status: str
    answers: tuple[str, ...]
    media: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A named JSON object."""

    name: str
    fields: tuple[Field, ...]


def reference_page(request: Request[Any, Any, Any], document: dict[str, Any]) -> bytes:
    """The whole page for this reader."""
    shared = {
        "groups": list(groups(document).items()),
        "shapes": list(shapes(document)),
        "refusals": [(code, STATUS.get(code, 409), gettext(REFUSALS[code])) for code in sorted(REFUSALS)],
    }
    response = shared_page(
        MeetingsRequest(request.scope),
        "council/api.html",
        (__version__,),
        shared,
        title=gettext("The interface for programs"),
        lead=gettext("Everything the pages can do, as JSON under /api/v1."),
        layout="document",
    )
    return str(response.content).encode()


def groups(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations by their tag, in the order of the document."""
    found: defaultdict[str, list[Operation]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                found[gettext(item[method]["tags"][0])].append(_operation(path, method, item[method]))
    return dict(found)


def shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    """The named objects that operations send and answer with."""
    for name, schema in sorted(document["components"]["schemas"].items()):
        required = schema.get("required", ())
        fields = schema.get("properties", {}).items()
        yield Shape(name, tuple(_field(field, one, field in required) for field, one in fields))


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    parameters = tuple(
        _field(one["name"], one["schema"], one["required"], one.get("description", ""))
        for one in told.get("parameters", ())
        if one["in"] == "query"
    )
    sent: Mapping[str, Any] = told.get("requestBody", {}).get("content", {})
    status, success = next((code, one) for code, one in told["responses"].items() if code < "300")
    media, answer = next(iter(success["content"].items()))
    return Operation(
        anchor=told["operationId"],
        method=method.upper(),
        path=path,
        summary=gettext(told["summary"]),
        who=gettext(told["description"]),
        parameters=parameters,
        sends=tuple(name for one in sent.values() for name in _names(one["schema"])),
        multipart="multipart/form-data" in sent,
        status=status,
        answers=tuple(_names(answer["schema"])),
        media=media,
    )


def _field(name: str, schema: Mapping[str, Any], required: bool, description: str = "") -> Field:
    said = description or schema.get("description", "")
    return Field(name, type_text(schema), tuple(_names(schema)), required, gettext(said))


def type_text(schema: Mapping[str, Any]) -> str:
    """A type in the words of JSON: `string (uuid) or null`, `list of Item`."""
    if "$ref" in schema:
        return _name(schema["$ref"])
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(type_text(one) for one in schema[union]))
    if "enum" in schema:
        return " | ".join(f"“{value}”" for value in schema["enum"])
    kind: str | Sequence[str] = schema.get("type", "any")
    if not isinstance(kind, str):
        return " | ".join(kind)
    if kind == "array":
        return f"[{type_text(schema['items'])}]"
    form = schema.get("format")
    return f"{kind} ({form})" if form else kind


def _names(schema: object) -> Iterator[str]:
    """Every named shape that a schema mentions, in order."""
    if isinstance(schema, dict):
        for key, value in cast("dict[str, object]", schema).items():
            if key == "$ref":
                yield _name(str(value))
            else:
                yield from _names(value)
    elif isinstance(schema, list):
        for one in cast("list[object]", schema):
            yield from _names(one)


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]
