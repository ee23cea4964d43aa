"""Push messages reach a stand-in push service that decrypts them: once, after quiet hours, and no other service."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import func, select

from meetings.council.persons import disable_account
from meetings.council.telling_choices import add_push_address, choose_telling
from meetings.exchange.push import public_push_key, push_key, push_one
from meetings.rules.push_services import KNOWN, must_be_push_service
from meetings.rules.refusals import Refused
from meetings.settings import Settings
from meetings.storage.tables import Outbox, PushAddress
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council, publish_sitting
from tests.support.postbox import mail_settings


class PushService:
    """Takes encrypted messages for one browser, whose keys it knows, and reads them."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.messages: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.answer = 201
        self.location = ""
        self.asked = 0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.asked += 1
                content = self.rfile.read(int(self.headers["content-length"]))
                if service.answer == 201:
                    plain = http_ece.decrypt(content, private_key=service.key, auth_secret=service.auth)
                    service.messages.append(json.loads(plain))
                    service.authorizations.append(self.headers["authorization"])
                self.send_response(service.answer)
                if service.location:
                    self.send_header("location", service.location)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Keeps the test's output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"http://{self.host}/push/abc",
            "p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="),
            "auth": base64.urlsafe_b64encode(self.auth).decode().rstrip("="),
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[PushService]:
    service = PushService()
    yield service
    service.close()


@pytest.fixture
def settings(service: PushService, tmp_path: Path) -> Settings:
    return mail_settings(1, MEETINGS_PUSH_HOSTS=service.host, MEETINGS_DATA_DIR=str(tmp_path / "house"))


async def subscribed(store: Store, service: PushService) -> Council:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        await add_push_address(work, council["delegate01"], **service.address, hosts=[service.host])
    return council


async def test_a_notice_reaches_the_browser_once_and_readable_by_it_alone(
    store: Store, service: PushService, settings: Settings
) -> None:
    council = await subscribed(store, service)
    sitting = await publish_sitting(store, council)
    assert await push_one(store, settings)
    assert not await push_one(store, settings)
    (message,) = service.messages
    assert message["link"] == f"/meetings/{sitting.meeting}"
    assert "Thứ Ba, 24/11/2026, 08:00" in message["body"]
    assert Vapid02.verify(service.authorizations[0])
    assert f"k={public_push_key(settings.data_dir)}" in service.authorizations[0]


async def test_the_houses_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = push_key(tmp_path)
    assert push_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "push-key.pem").stat().st_mode) == 0o600
    assert len(base64.urlsafe_b64decode(public_push_key(tmp_path) + "==")) == 65


async def test_a_withdrawn_address_is_forgotten_and_a_tired_service_is_tried_again(
    store: Store, service: PushService, settings: Settings
) -> None:
    council = await subscribed(store, service)
    await publish_sitting(store, council)
    service.answer = 503
    assert await push_one(store, settings)
    assert not await push_one(store, settings), "later"
    async with store.work() as work:
        row = await work.session.scalar(select(Outbox).where(Outbox.kind == "push"))
        assert row is not None
        assert row.refused_at is None
        row.due_at = work.now
    service.answer = 410
    assert await push_one(store, settings)
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(PushAddress)) == 0
        row = await reading.session.scalar(select(Outbox).where(Outbox.kind == "push"))
        assert row is not None
        assert row.refused_at is not None


async def test_the_house_is_not_sent_on_to_somebody_else(
    store: Store, service: PushService, settings: Settings
) -> None:
    other = PushService()
    council = await subscribed(store, service)
    await publish_sitting(store, council)
    service.answer, service.location = 307, f"http://{other.host}/internal"
    assert await push_one(store, settings)
    assert not await push_one(store, settings), "no later time mends it"
    other.close()
    assert (service.asked, other.asked) == (1, 0)


async def test_keys_that_are_none_do_not_stop_the_others(
    store: Store, service: PushService, settings: Settings
) -> None:
    council = await subscribed(store, service)
    async with store.work() as work:
        await add_push_address(
            work, council["delegate02"], endpoint=f"http://{service.host}/push/other", p256dh="é", auth="é",
            hosts=[service.host],
        )  # fmt: skip
    await publish_sitting(store, council)
    assert await push_one(store, settings)
    assert await push_one(store, settings)
    assert not await push_one(store, settings)
    assert len(service.messages) == 1


async def test_a_disabled_account_takes_no_messages(
    store: Store, service: PushService, settings: Settings
) -> None:
    council = await subscribed(store, service)
    async with store.work() as work:
        await disable_account(work, None, login="delegate01")
    await publish_sitting(store, council)
    assert not await push_one(store, settings)


async def test_nothing_rings_in_quiet_hours(store: Store, service: PushService, settings: Settings) -> None:
    evening = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
    store.clock = lambda: evening
    council = await subscribed(store, service)
    async with store.work() as work:
        await choose_telling(
            work, council["delegate01"], quiet_from="22:00", quiet_until="06:00", digest=False, digest_at="07:00"
        )  # fmt: skip
    await publish_sitting(store, council)
    assert not await push_one(store, settings)
    store.clock = lambda: datetime(2026, 11, 19, 22, 59, tzinfo=UTC)
    assert not await push_one(store, settings)
    store.clock = lambda: datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    assert await push_one(store, settings)
    assert len(service.messages) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://hk2.notify.windows.com/w/?token=x",
        "https://web.push.apple.com/x",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint: str) -> None:
    must_be_push_service(endpoint, KNOWN)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "http://127.0.0.1:8080/x",
        "https://fcm.googleapis.com.example.net/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://notify.windows.com.evil/x",
        "https://fcm.googleapis.com:8443/x",
        "https://[::1/x",
        "https://127.0.0.1\\.push.apple.com/x",
        "https://evil.example\\.notify.windows.com/x",
        "https://evil.example#.push.apple.com/x",
        "https://evil.example/.push.apple.com\n/x",
        " https://web.push.apple.com/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_the_house_writes_to_nobody_else(endpoint: str) -> None:
    with pytest.raises(Refused) as caught:
        must_be_push_service(endpoint, KNOWN)
    assert caught.value.code == "push-address"
