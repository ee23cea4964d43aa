"""The composition root: the only place where all parts of the house meet."""

import asyncio
import gc
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from litestar import Litestar, asgi
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.types import Message, Receive, Scope, Send

from meetings import api, web
from meetings.before.consultation_clock import keep_deadlines_always
from meetings.before.packs import PackMaker
from meetings.before.reminding import remind_always
from meetings.before.resumable import drop_expired_always
from meetings.council.doorkeeper import Doorkeeper
from meetings.council.sign_in import Attempts
from meetings.during.own_room import OwnRooms
from meetings.exchange import mail, push
from meetings.house import House
from meetings.life import CONSEQUENCES
from meetings.pdf.workers import stop_workers
from meetings.realtime.server import Realtime
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.settings import Settings
from meetings.storage.database import make_engine
from meetings.storage.files import Files
from meetings.storage.unit_of_work import Store
from meetings.web import errors
from meetings.web.api_page import reference_page
from meetings.web.ballot_sheet import SHEET_PARTS, sheets_of
from meetings.web.render import Renderer
from meetings.web.request import FormGuard, MeetingsRequest, SignedIn, guard

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "worker-src 'self' blob:; "
    "object-src 'self'; "
    "frame-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No inline script, no inline style, nothing from elsewhere."""
BODY_LIMIT = 12 * 1024 * 1024
"""Bytes of a request, papers apart."""

SWEEPING = (50_000, 20, 50)
"""When Python looks for cycles: its own habit (700, 10, 10) would stop a full room for a fifth of a second."""

SERVING: dict[str, Any] = {
    "loop": "uvloop", "http": "httptools", "ws": "websockets-sansio", "ws_per_message_deflate": False,
    "ws_ping_interval": None, "log_level": "warning", "server_header": False, "proxy_headers": True,
}  # fmt: skip
"""How the house is served, wherever it is served. Packing each websocket message costs more than it saves, and
Engine.IO has its own ping."""


def make_store(settings: Settings) -> Store:
    """The store of this house, with the table of consequences."""
    engine = make_engine(settings.database_url)
    files = Files(settings.files_url, settings.file_limit)
    return Store(engine, files, zone=settings.timezone, consequences=CONSEQUENCES)


@asgi("/socket.io", is_mount=True, copy_scope=True, opt={"permission": Right.ANYONE})
async def socket_io(scope: Scope, receive: Receive, send: Send) -> None:
    """The Socket.IO server inside the same app, so that `connect` sees who signed in."""
    house: House = scope["litestar_app"].state.house
    await house.realtime.app(scope, receive, send)


async def protect(message: Message, scope: Scope) -> None:
    """Headers on every answer, errors and assets included."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers.setdefault("content-security-policy", POLICY)
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("referrer-policy", "same-origin")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    headers.setdefault("permissions-policy", "camera=(), microphone=(), geolocation=()")


def create_app(settings: Settings, store: Store | None = None) -> Litestar:
    """The whole house as an ASGI application."""
    store = store or make_store(settings)
    doorkeeper = Doorkeeper(store)
    realtime = Realtime(store, doorkeeper, settings.redis_url, express=settings.express)
    renderer = Renderer()
    realtime.relay.sheets = sheets_of(store, renderer)
    house = House(settings, store, realtime.box, realtime, renderer, Attempts(), doorkeeper, OwnRooms(store))

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None]:
        realtime.start()
        warming = asyncio.create_task(asyncio.to_thread(renderer.warm, *SHEET_PARTS), name="warming")
        packing = asyncio.create_task(PackMaker(store).make_always(), name="meeting packs")
        posting = asyncio.create_task(mail.deliver_always(store, settings), name="mail")
        reminding = asyncio.create_task(remind_always(store), name="reminders")
        pushing = asyncio.create_task(push.push_always(store, settings), name="push messages")
        sweeping = asyncio.create_task(drop_expired_always(store), name="expired uploads")
        watching = asyncio.create_task(keep_deadlines_always(store), name="consultations")
        gc.collect()
        gc.freeze()
        gc.set_threshold(*SWEEPING)
        try:
            yield
        finally:
            await warming
            for going in (posting, pushing, reminding, watching, packing, sweeping):
                going.cancel()
                with suppress(asyncio.CancelledError):
                    await going
            await realtime.stop()
            stop_workers()
            await store.close()

    forms = CSRFConfig(
        secret=settings.secret_key,
        cookie_name="meetings_form",
        cookie_httponly=True,
        cookie_secure=settings.secure_cookies,
        exclude=["^/socket.io"],
    )
    return Litestar(
        route_handlers=[*web.handlers(), *api.handlers(), socket_io],
        middleware=[DefineMiddleware(SignedIn), DefineMiddleware(FormGuard, config=forms)],
        guards=[guard],
        exception_handlers={
            Refused: errors.on_refused,
            HTTPException: errors.on_http_exception,
            Exception: errors.on_failure,
        },
        before_send=[protect],
        request_class=MeetingsRequest,
        request_max_body_size=BODY_LIMIT,
        include_in_schema=False,
        openapi_config=api.openapi(reference_page),
        lifespan=[lifespan],
        state=State({"house": house}),
        debug=False,
        pdb_on_exception=False,
    )


class Server(uvicorn.Server):
    """A server among other work of a program, which leaves signals to that program."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def serving(app: Litestar, *, host: str, port: int) -> AsyncGenerator[str]:
    """Serve beside other work, as `meetings serve` does; gives the address, and port 0 takes a free one."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        server = Server(uvicorn.Config(app, host=host, port=port, **SERVING))
        task = asyncio.create_task(server.serve([listening]), name="server")
        try:
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            if task.done():
                await task
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
