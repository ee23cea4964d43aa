"""Three server processes behind a plain proxy, on one PostgreSQL and one Redis, behave as one; any of them may fail."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from meetings.storage.journal import verify_chain
from meetings.storage.tables import Ballot
from tests.support.cluster import Nodes, start_redis, three_nodes
from tests.support.council import PASSWORD, Council, Sitting, begin_sitting, make_council
from tests.support.programs import Server
from tests.support.tablets import PATIENCE, Tablet, switch_off, until

VOTERS = 24


@dataclass
class Cluster(Nodes):
    """The nodes, the proxy in front of them, and the council they serve."""

    council: Council
    sitting: Sitting

    async def chair(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The chair acts through the proxy; a node that dies amid a request makes the act be tried again."""
        headers = {"authorization": f"Bearer {self.council.tokens['chair']}", "idempotency-key": str(uuid4())}
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(headers=headers, timeout=10) as client:
            while True:
                answer = await client.post(f"{self.url}/api/v1/{path}", json=body)
                if answer.status_code not in (502, 503, 504):
                    assert answer.is_success, answer.text
                    return answer.json()


async def stage_of(cluster: Cluster) -> int:
    """The number in the database that every screen must reach."""
    from meetings.during.stage import stage_number

    async with cluster.store.reading() as reading:
        return await stage_number(reading, cluster.sitting.meeting)


@pytest.fixture
async def cluster(
    serve: Callable[..., Awaitable[Server]], postgresql_database_url: str, tmp_path: Path
) -> AsyncIterator[Cluster]:
    async with three_nodes(serve, postgresql_database_url, tmp_path) as served:
        council = await make_council(served.store, seats=VOTERS)
        sitting = await begin_sitting(served.store, council)
        running = Cluster(served.nodes, served.proxy, served.redis, served.store, council, sitting)
        yield running
        served.redis = running.redis


async def tablets_of(cluster: Cluster) -> list[Tablet]:
    tokens = [cluster.council.tokens[f"delegate{number:02}"] for number in range(VOTERS)]
    tablets = [Tablet(cluster.url, token, cluster.sitting.meeting) for token in tokens]
    for tablet in tablets:
        await tablet.switch_on()
    return tablets


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
