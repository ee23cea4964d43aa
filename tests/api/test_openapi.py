"""The document describes every operation, and what it describes is what the program takes."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar.routes import HTTPRoute

from tests.api.conftest import PREFIX, House
from tests.support.council import begin_poll, begin_sitting

EXAMPLES = 200
"""Requests in all, spread over the operations."""


def _document(house: House) -> dict[str, Any]:
    return house.app.openapi_schema.to_schema()


async def test_the_document_is_served_and_loads(house: House) -> None:
    response = await house.client.get("/api/openapi.json")
    assert response.status_code == 200
    document = response.json()
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"token", "cookie"}
    loaded = schemathesis.openapi.from_dict(document)
    loaded.validate()


async def test_every_operation_is_documented(house: House) -> None:
    for path, item in _document(house)["paths"].items():
        assert path.startswith(f"{PREFIX}/"), "pages are no part of the interface"
        for method, told in item.items():
            where = f"{method} {path}"
            assert told["summary"].strip(), where
            assert told["description"].strip(), where
            assert told["tags"], where
            assert {"401", "403", "404"} <= set(told["responses"]), where
            success = next(one for code, one in told["responses"].items() if code < "300")
            assert success["content"], where
            for code, response in told["responses"].items():
                if code >= "400":
                    assert list(response["content"]) == ["application/problem+json"], where
            named = {one["name"] for one in told.get("parameters", ())}
            assert ("Idempotency-Key" in named) == (method != "get"), where


async def test_every_route_is_in_the_document(house: House) -> None:
    routes = {
        (method.lower(), route.path_format)
        for route in house.app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith(PREFIX)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    }
    told = {(method, path) for path, item in _document(house)["paths"].items() for method in item}
    assert routes == told


async def test_the_readable_page_tells_the_same(house: House) -> None:
    for language, words in (("en", "Cast a ballot"), ("vi", "Giao diện")):
        response = await house.client.get("/api", headers={"cookie": f"meetings_language={language}"})
        assert response.status_code == 200
        assert words in response.text
        for path, item in _document(house)["paths"].items():
            for method in item:
                assert f"<code>{method.upper()} {path}</code>" in response.text
        for name in _document(house)["components"]["schemas"]:
            assert f'id="shape-{name}"' in response.text
        assert 'src="http' not in response.text
        assert "<style" not in response.text


@pytest.mark.slow
async def test_no_described_request_breaks_the_program(house: House) -> None:
    """Requests made up from the document, sent to things that exist: any refusal is well, a fault is not."""
    sitting = await begin_sitting(house.store, house.council)
    poll = await begin_poll(house.store, house.council, sitting)
    there = {
        "meeting_id": str(sitting.meeting),
        "item_id": str(sitting.item),
        "poll_id": str(poll),
        "person": str(house.council["delegate02"].person),
    }
    schema = schemathesis.openapi.from_dict(_document(house))
    operations: list[Any] = [cast(Any, found).ok() for found in schema.get_all_operations()]
    logins = ("admin", "secretary", "chair", "delegate01", "officer")
    made: list[tuple[str, Any]] = []
    each = max(2, EXAMPLES // len(operations))

    for operation in operations:

        @settings(
            max_examples=each,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.filter_too_much,
                HealthCheck.data_too_large,
            ],
            derandomize=True,
        )
        @given(operation.as_strategy(), st.sampled_from(logins))
        def make(case: Any, login: str) -> None:
            made.append((login, case))

        make()

    for login, case in made:
        path = case.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", there.get(name, str(value)))
        headers = {name: value for name, value in (case.headers or {}).items() if _sendable(value)}
        headers = {name: value for name, value in headers.items() if name.lower() == "idempotency-key"}
        request: dict[str, Any] = {"params": case.query or None, "headers": headers}
        if case.media_type == "application/json" and case.method != "GET":
            request["json"] = case.body if _is_json(case.body) else None
        response = await house(login, case.method, path.removeprefix(PREFIX), **request)
        assert response.status_code < 500, f"{login}: {case.method} {path} {request}: {response.text}"


def _sendable(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _is_json(value: object) -> bool:
    return isinstance(value, dict | list | str | int | float | bool) or value is None
