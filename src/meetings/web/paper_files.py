"""The bytes of a paper as answers to the browser."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from meetings.before.paper_reading import paper_bytes, source_bytes
from meetings.before.papers import open_paper
from meetings.exchange.file_answer import FileAnswer
from meetings.rules.permissions import Right
from meetings.web.request import MeetingsRequest


@get("/papers/{paper:uuid}/file", opt={"permission": Right.ATTEND})
async def paper_file(
    request: MeetingsRequest,
    paper: FromPath[UUID],
    version: FromQuery[int | None] = None,
    download: FromQuery[bool] = False,
) -> Response[Any]:
    """The PDF itself, for the page that shows it; as a file only where the paper is handed out."""
    store, actor = request.house.store, request.actor
    async with store.reading() as reading:
        kept, shown, _ = await open_paper(reading, actor, paper, version=version)
    # The page fetches the file; whoever opens its address would have it as a file.
    taken = download or request.headers.get("sec-fetch-dest", "empty") != "empty"
    return sent(await paper_bytes(store, actor, kept, shown, request.headers, taken=taken, saved=download))


@get("/papers/{paper:uuid}/source", opt={"permission": Right.ATTEND})
async def paper_source(
    request: MeetingsRequest, paper: FromPath[UUID], version: FromQuery[int | None] = None
) -> Response[Any]:
    """The office file that a paper was made from."""
    store, actor = request.house.store, request.actor
    async with store.reading() as reading:
        kept, shown, _ = await open_paper(reading, actor, paper, version=version)
    return sent(await source_bytes(store, actor, kept, shown, request.headers))


def sent(answer: FileAnswer) -> Response[Any]:
    """A document as the browser gets it."""
    more: Any = {"status_code": answer.status, "headers": answer.headers, "media_type": answer.media_type}
    return Response(answer.body, **more) if isinstance(answer.body, bytes) else Stream(answer.body, **more)


handlers = [paper_file, paper_source]
