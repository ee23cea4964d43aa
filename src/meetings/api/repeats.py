"""Idempotency-Key: a client that did not hear the answer sends the request again and gets the first answer.

The answer is kept in the same transaction as the act, so a crash leaves either both or neither. A refused request
changes nothing and is not kept: sent again, it is judged again.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import MediaType, Response
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from meetings.api.contract import Answer, ApiRequest
from meetings.rules.refusals import Refused
from meetings.storage.tables import Repeat
from meetings.storage.unit_of_work import Work

KEPT = timedelta(days=7)
"""How long an answer is kept at least."""


class _SameMoment(Exception):
    """Another request with this key is being written right now."""


@dataclass(frozen=True, slots=True)
class _Mark:
    account: UUID
    key: str
    request: str


async def written(
    request: ApiRequest,
    act: Callable[[Work], Awaitable[Answer]],
    *,
    status: int = 200,
    content: bytes | None = None,
    keep: Callable[[Answer], Answer] | None = None,
) -> Response[Any]:
    """Act in one transaction and answer. `content` stands for the request's body where that differs by each sending;
    `keep` makes what a repeat is answered, where the answer holds a secret that is kept nowhere."""
    store = request.house.store
    mark = await _mark(request, content)
    if mark is None:
        async with store.work() as work:
            answer = await act(work)
        return _answer(status, msgspec.json.encode(answer))
    for _ in range(2):
        try:
            async with store.work() as work:
                kept = await _kept(work, mark)
                if kept is not None:
                    return _again(kept)
                row = await _begin(work, mark, status)
                answer = await act(work)
                body = msgspec.json.encode(answer)
                row.body = msgspec.json.encode(keep(answer)).decode() if keep else body.decode()
        except _SameMoment:
            continue
        return _answer(status, body)
    raise Refused("busy")


async def written_elsewhere(
    request: ApiRequest, act: Callable[[], Awaitable[Answer]], *, status: int = 200
) -> Response[Any]:
    """For an act that has transactions of its own and refuses or repeats itself when it is done twice."""
    store = request.house.store
    mark = await _mark(request, None)
    if mark is not None:
        async with store.work() as work:
            kept = await _kept(work, mark)
        if kept is not None:
            return _again(kept)
    body = msgspec.json.encode(await act())
    if mark is not None:
        try:
            async with store.work() as work:
                (await _begin(work, mark, status)).body = body.decode()
        except _SameMoment:
            pass
    return _answer(status, body)


async def _mark(request: ApiRequest, content: bytes | None) -> _Mark | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Refused("wrong-input", field="Idempotency-Key")
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body() if content is None else content)
    return _Mark(request.actor.account, key, digest.hexdigest())


async def _kept(work: Work, mark: _Mark) -> Repeat | None:
    kept = await work.session.get(Repeat, (mark.account, mark.key))
    if kept is not None and kept.request_hash != mark.request:
        raise Refused("repeat-differs")
    return kept


async def _begin(work: Work, mark: _Mark, status: int) -> Repeat:
    """Take the key before acting: a second request with it waits here until the first is committed."""
    await work.session.execute(
        delete(Repeat).where(Repeat.account_id == mark.account, Repeat.at < work.now - KEPT)
    )
    row = Repeat(
        account_id=mark.account, key=mark.key, request_hash=mark.request, status=status, body="", at=work.now
    )
    work.session.add(row)
    try:
        await work.session.flush()
    except IntegrityError as taken:
        raise _SameMoment from taken
    return row


def _answer(status: int, body: bytes) -> Response[Any]:
    return Response(body, status_code=status, media_type=MediaType.JSON)


def _again(kept: Repeat) -> Response[Any]:
    headers = {"idempotent-replayed": "true"}
    return Response(kept.body.encode(), status_code=kept.status, media_type=MediaType.JSON, headers=headers)
