"""Every door says who may open it: each route by `permission`, each socket event by its right."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from meetings.rules.permissions import Right
from tests.house.source import modules


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Litestar]:
    """The whole program, put together but not started."""
    from meetings.app import create_app
    from meetings.settings import read_settings

    app = create_app(read_settings({"MEETINGS_DATA_DIR": str(tmp_path)}))
    yield app
    await app.state.house.store.close()


def doors(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Each handler with its methods and path; answers to OPTIONS, which Litestar adds, tell nothing."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                methods = " ".join(sorted(handler.http_methods))
                if methods != "OPTIONS":
                    yield f"{methods} {route.path}", handler
        else:
            yield f"ASGI {route.path}", route.route_handler


async def test_every_route_declares_its_permission(app: Litestar) -> None:
    known = set(Right)
    undeclared = [door for door, handler in doors(app) if handler.opt.get("permission") not in known]
    assert not undeclared
    assert len(list(doors(app))) > 20


async def test_whatever_changes_something_asks_who_it_is(app: Litestar) -> None:
    open_to_all = {
        door
        for door, handler in doors(app)
        if handler.opt.get("permission") == Right.ANYONE and not door.startswith(("GET", "HEAD", "ASGI"))
    }
    letters = {"POST /letters/reply/{row:uuid}/{code:str}", "POST /letters/guest/{row:uuid}/{code:str}"}
    guests = {"POST /guest/reply"}
    assert open_to_all <= {"POST /sign-in", "POST /sign-out", "POST /language"} | letters | guests


async def test_every_socket_event_declares_its_right(app: Litestar) -> None:
    realtime = app.state.house.realtime
    assert {"enter", "cast", "check-in"} <= set(realtime.events)
    assert all(isinstance(event.right, Right) for event in realtime.events.values())
    assert set(realtime.sio.handlers["/"]) <= {"connect", "disconnect", "*", *realtime.events}


def test_socket_events_are_registered_in_one_place() -> None:
    found = [
        module.at(call)
        for module in modules()
        if module.name != "realtime/server.py"
        for call in [*module.method_calls("on"), *module.method_calls("event")]
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name | ast.Attribute)
        and "sio" in ast.unparse(call.func.value)
    ]
    assert not found
