"""Three server processes behind a plain proxy, on one PostgreSQL and one Redis, behave as one; any of them may fail."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import socketio
from socketio.exceptions import SocketIOError
from sqlalchemy import select

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.journal import verify_chain
from meetings.storage.tables import Ballot
from meetings.storage.unit_of_work import Store
from tests.support.council import PASSWORD, Council, Sitting, begin_sitting, make_council
from tests.support.processes import Running, free_port, program, start
from tests.support.programs import ROOT, Server

KEY = "a secret key of the test, long enough to be one"
VOTERS = 24
PATIENCE = 30
make_client: Any = socketio.AsyncClient


@dataclass
class Cluster:
    """The nodes, the proxy in front of them, and the council they serve."""

    nodes: list[Server]
    proxy: Running
    redis: Running
    store: Store
    council: Council
    sitting: Sitting

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    async def chair(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The chair acts through the proxy; a node that dies amid a request makes the act be tried again."""
        headers = {"authorization": f"Bearer {self.council.tokens['chair']}", "idempotency-key": str(uuid4())}
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(headers=headers, timeout=10) as client:
            while True:
                answer = await client.post(f"{self.url}/api/v1/{path}", json=body)
                if answer.status_code not in (502, 503, 504):
                    assert answer.is_success, answer.text
                    return answer.json()


class Tablet:
    """A delegate's device: comes back through the proxy by itself, sends a ballot until it is acknowledged."""

    def __init__(self, cluster: Cluster, login: str) -> None:
        self._cluster = cluster
        self._token = cluster.council.tokens[login]
        self.entered = asyncio.Event()
        self.seq = 0
        self.cast_heard = 0
        self.client: Any = make_client(reconnection_delay=0.1, reconnection_delay_max=0.5)
        self.client.on("connect", self._enter)
        self.client.on("disconnect", self._leave)
        self.client.on("poll", self._count)
        for event in ("changed", "head"):
            self.client.on(event, self._advance)

    async def _enter(self) -> None:
        answer = await self.client.call("enter", {"meeting": str(self._cluster.sitting.meeting)})
        self.seq = answer["seq"]
        self.entered.set()

    async def _leave(self, *_reason: object) -> None:
        self.entered.clear()

    async def _advance(self, packet: dict[str, Any]) -> None:
        self.seq = max(self.seq, packet["seq"])

    async def _count(self, packet: dict[str, Any]) -> None:
        self.cast_heard = packet["cast"]

    async def switch_on(self) -> None:
        await self.client.connect(self._cluster.url, auth={"token": self._token}, transports=["websocket"])
        await self.entered.wait()

    async def cast(self, poll: str, choice: str) -> dict[str, Any]:
        packet = {"poll": poll, "choice": choice, "key": str(uuid4())}
        while True:
            await self.entered.wait()
            try:
                answer = await self.client.call("cast", packet, timeout=5)
            except SocketIOError:
                continue
            if answer.get("refused") != "busy":
                return answer


async def stage_of(cluster: Cluster) -> int:
    """The number in the database that every screen must reach."""
    from meetings.during.stage import stage_number

    async with cluster.store.reading() as reading:
        return await stage_number(reading, cluster.sitting.meeting)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.05)


def documented_proxy(port: int, nodes: list[Server], folder: Path) -> Path:
    """The configuration of docs/several-servers.md with the ports of this test."""
    page = (ROOT / "docs" / "several-servers.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", page, re.DOTALL)
    assert found
    config = found[1].replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    for documented, node in zip((8001, 8002, 8003), nodes, strict=True):
        config = config.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{node.running.port}")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log stderr;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{paths}{config}}}\n"
    )
    return whole


def start_redis(port: int, folder: Path) -> Running:
    command = [program("redis-server", package="redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    return start([*command, "--save", "", "--dir", folder], port, folder / "redis.log")


@pytest.fixture
async def cluster(
    serve: Callable[..., Awaitable[Server]], postgresql_database_url: str, tmp_path: Path
) -> AsyncIterator[Cluster]:
    redis = start_redis(free_port(), tmp_path)
    await redis.wait_until_it_listens()
    settings = {
        "DATABASE_URL": postgresql_database_url,
        "SECRET_KEY": KEY,
        "FILES_URL": str(tmp_path / "files"),
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
    }
    store = make_store(
        read_settings({f"MEETINGS_{name}": value for name, value in settings.items() if name != "REDIS_URL"})
    )
    council = await make_council(store, seats=VOTERS)
    sitting = await begin_sitting(store, council)
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    nodes = list(await asyncio.gather(*(serve(**settings, PUBLIC_URL=public) for _ in range(3))))
    command = [
        program("/usr/sbin/nginx", "nginx", package="nginx"),
        "-c",
        documented_proxy(port, nodes, tmp_path),
    ]
    proxy = start([*command, "-p", tmp_path], port, tmp_path / "proxy.log")
    await proxy.wait_until_it_listens()
    running = Cluster(nodes, proxy, redis, store, council, sitting)
    yield running
    running.redis.stop()
    proxy.stop()
    await store.close()


async def tablets_of(cluster: Cluster) -> list[Tablet]:
    tablets = [Tablet(cluster, f"delegate{number:02}") for number in range(VOTERS)]
    for tablet in tablets:
        await tablet.switch_on()
    return tablets


async def switch_off(tablets: list[Tablet]) -> None:
    await asyncio.gather(*(tablet.client.disconnect() for tablet in tablets))


async def choices_in(cluster: Cluster, poll: str) -> dict[UUID, str]:
    async with cluster.store.reading() as reading:
        rows = await reading.session.execute(
            select(Ballot.person_id, Ballot.choice).where(Ballot.poll_id == UUID(poll))
        )
        assert (await verify_chain(reading.session, cluster.sitting.meeting)).intact
        return dict(rows.all())


async def test_a_node_that_dies_amid_a_vote_loses_nothing(cluster: Cluster) -> None:
    tablets = await tablets_of(cluster)
    poll = (
        await cluster.chair(f"items/{cluster.sitting.item}/polls", {"motion": str(cluster.sitting.motion)})
    )["id"]
    await cluster.chair(f"polls/{poll}/open")
    opened = await stage_of(cluster)
    await until(lambda: all(tablet.seq >= opened for tablet in tablets))
    half = VOTERS // 2
    early = await asyncio.gather(*(tablet.cast(poll, "yes") for tablet in tablets[:half]))
    rest = [asyncio.create_task(tablet.cast(poll, "no")) for tablet in tablets[half:]]
    cluster.nodes[0].running.process.send_signal(signal.SIGKILL)
    async with asyncio.timeout(PATIENCE):
        late = await asyncio.gather(*rest)
        await asyncio.gather(*(tablet.entered.wait() for tablet in tablets))
    assert all(answer.get("counted") for answer in (*early, *late))
    await until(lambda: all(tablet.cast_heard == VOTERS for tablet in tablets))
    await cluster.chair(f"polls/{poll}/close")
    announced = await cluster.chair(f"polls/{poll}/announce")
    assert (announced["tally"]["yes"], announced["tally"]["no"]) == (half, VOTERS - half)
    kept = await choices_in(cluster, poll)
    assert [kept[cluster.council[f"delegate{n:02}"].person] for n in range(VOTERS)] == ["yes"] * half + [
        "no"
    ] * (VOTERS - half)
    last = await stage_of(cluster)
    await until(lambda: all(tablet.seq >= last for tablet in tablets))
    await switch_off(tablets)


@pytest.mark.parametrize("how", ["gone", "hung"])
async def test_redis_that_fails_during_a_vote_loses_nothing(
    cluster: Cluster, how: str, tmp_path: Path
) -> None:
    tablets = await tablets_of(cluster)
    poll = (
        await cluster.chair(f"items/{cluster.sitting.item}/polls", {"motion": str(cluster.sitting.motion)})
    )["id"]
    if how == "gone":
        cluster.redis.stop()
    else:
        cluster.redis.process.send_signal(signal.SIGSTOP)
    # Without hints the heartbeat tells every node's tablets that the vote was opened.
    await cluster.chair(f"polls/{poll}/open")
    opened = await stage_of(cluster)
    await until(lambda: all(tablet.seq >= opened for tablet in tablets))
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(tablet.cast(poll, "yes") for tablet in tablets[:-1]))
    assert all(answer.get("counted") for answer in answers)
    if how == "gone":
        cluster.redis = start_redis(cluster.redis.port, tmp_path)
        await cluster.redis.wait_until_it_listens()
    else:
        cluster.redis.process.send_signal(signal.SIGCONT)
    # Once it is back, the last ballot's number reaches everybody again, whichever node counted it.
    assert (await tablets[-1].cast(poll, "no"))["counted"]
    await cluster.chair(f"polls/{poll}/close")
    announced = await cluster.chair(f"polls/{poll}/announce")
    assert (announced["tally"]["yes"], announced["tally"]["no"]) == (VOTERS - 1, 1)
    last = await stage_of(cluster)
    await until(lambda: all(tablet.seq >= last for tablet in tablets))
    await switch_off(tablets)


async def test_a_sign_in_holds_at_every_node(cluster: Cluster) -> None:
    async with httpx.AsyncClient(base_url=cluster.url) as browser:
        await browser.get("/sign-in")
        token = browser.cookies["meetings_form"]
        form = {"login": "delegate03", "password": PASSWORD, "_csrf_token": token}
        assert (await browser.post("/sign-in", data=form)).status_code == 303
        for node in cluster.nodes:
            page = await browser.get(f"{node.url}/meetings/{cluster.sitting.meeting}/room")
            assert page.status_code == 200, node.url
        await browser.post("/sign-out", data={"_csrf_token": browser.cookies["meetings_form"]})
        refused = [
            await browser.get(f"{node.url}/meetings/{cluster.sitting.meeting}/room") for node in cluster.nodes
        ]
        assert all(answer.status_code in (303, 401) for answer in refused)
