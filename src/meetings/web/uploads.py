"""Large files come in pieces by the tus protocol 1.0.0 (core, creation, expiration, termination; tus.io).

A lost connection costs one piece: the browser asks how far the file came and goes on from there, also at another server
of the same house. What is whole is named in the form it was chosen in, which lays it like any other file.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from litestar import MediaType, Response, delete, head, patch, post, route
from litestar.enums import HttpMethod
from litestar.exceptions import InternalServerException
from litestar.params import FromPath

from meetings.before.resumable import add_piece, begin_upload, end_upload, own_upload
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.web.errors import STATUS, sentence
from meetings.web.request import MeetingsRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE = 4 * 1024 * 1024
"""Bytes that are kept together; browsers send as much at once."""
MEDIA = "application/offset+octet-stream"
P = ParamSpec("P")
Handler = Callable[Concatenate[MeetingsRequest, P], Awaitable[Response[Any]]]


def tus(handler: Handler[P]) -> Handler[P]:
    """A handler that speaks the protocol: it wants its version, and answers a refusal as a status with a sentence."""

    @wraps(handler)
    async def speaks(request: MeetingsRequest, *args: P.args, **kwargs: P.kwargs) -> Response[Any]:
        try:
            if request.headers.get("tus-resumable") != VERSION:
                raise Refused("upload-protocol")
            answer = await handler(request, *args, **kwargs)
        except Refused as refusal:
            status = STATUS.get(refusal.code, 409)
            answer = Response(sentence(refusal), status_code=status, media_type=MediaType.TEXT)
            answer.headers["tus-version"] = VERSION
        answer.headers["tus-resumable"] = VERSION
        answer.headers["cache-control"] = "no-store"
        return answer

    return speaks


@route(
    "/uploads/{purpose:str}/{target:uuid}",
    http_method=[HttpMethod.OPTIONS],
    opt={"permission": Right.SIGNED_IN},
)
async def upload_options(
    request: MeetingsRequest, purpose: FromPath[str], target: FromPath[UUID]
) -> Response[None]:
    """What this server can do."""
    headers = {
        "tus-resumable": VERSION, "tus-version": VERSION, "tus-extension": EXTENSIONS,
        "tus-max-size": str(request.house.store.files.limit),
    }  # fmt: skip
    return Response(None, status_code=204, headers=headers)


@post("/uploads/{purpose:str}/{target:uuid}", opt={"permission": Right.SIGNED_IN})
@tus
async def upload_begin(
    request: MeetingsRequest, purpose: FromPath[str], target: FromPath[UUID]
) -> Response[None]:
    """Begin a file that is to be laid under an item, a paper, a dossier or a consultation."""
    size = _number(request.headers, "upload-length")
    name = _metadata(request.headers.get("upload-metadata", "")).get("filename", "")
    async with request.house.store.work() as work:
        upload = await begin_upload(work, request.actor, purpose, target, filename=name, size=size)
    headers = {"location": f"/uploads/{upload.id}", "upload-expires": _expires(upload.expires_at)}
    return Response(None, status_code=201, headers=headers)


@head("/uploads/{upload:uuid}", opt={"permission": Right.SIGNED_IN}, media_type=MediaType.TEXT)
@tus
async def upload_state(request: MeetingsRequest, upload: FromPath[UUID]) -> Response[None]:
    """How far it is."""
    async with request.house.store.reading() as reading:
        kept = await own_upload(reading, request.actor, upload)
    headers = {
        "upload-offset": str(kept.received), "upload-length": str(kept.size),
        "upload-expires": _expires(kept.expires_at),
    }  # fmt: skip
    return Response(None, headers=headers)


@patch(
    "/uploads/{upload:uuid}",
    opt={"permission": Right.SIGNED_IN},
    request_max_body_size=None,
    status_code=204,
)
@tus
async def upload_piece(request: MeetingsRequest, upload: FromPath[UUID]) -> Response[None]:
    """The next piece. What has come before the connection was lost is kept."""
    if request.headers.get("content-type") != MEDIA:
        return Response(None, status_code=415)
    store, actor = request.house.store, request.actor
    offset = _number(request.headers, "upload-offset")
    async with store.reading() as reading:
        kept = await own_upload(reading, actor, upload)
    if kept.received != offset:
        raise Refused("upload-offset", offset=kept.received)
    waiting = bytearray()
    try:
        async for part in request.stream():
            waiting += part
            if len(waiting) >= PIECE:
                offset = await add_piece(store, actor, upload, offset, bytes(waiting))
                waiting.clear()
    except InternalServerException:  # the connection was lost; nobody hears the answer
        pass
    if waiting:
        offset = await add_piece(store, actor, upload, offset, bytes(waiting))
    headers = {"upload-offset": str(offset), "upload-expires": _expires(kept.expires_at)}
    return Response(None, status_code=204, headers=headers)


@delete("/uploads/{upload:uuid}", opt={"permission": Right.SIGNED_IN}, status_code=204)
@tus
async def upload_end(request: MeetingsRequest, upload: FromPath[UUID]) -> Response[None]:
    """Let go of it."""
    await end_upload(request.house.store, request.actor, upload)
    return Response(None, status_code=204)


def _number(headers: Mapping[str, str], name: str) -> int:
    value = headers.get(name, "")
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Refused("malformed")
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """`filename d29ybGQ=,…`: names with values in Base64."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise Refused("malformed") from None
    return found


def _expires(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


handlers = [upload_options, upload_begin, upload_state, upload_piece, upload_end]
