"""Three server processes on one PostgreSQL and one Redis behind the proxy of docs/several-servers.md."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.unit_of_work import Store
from tests.support.processes import Running, free_port, program, start
from tests.support.programs import ROOT, Server

KEY = "a secret key of the test, long enough to be one"


@dataclass
class Nodes:
    """The nodes, what stands before and behind them, and the storage they share."""

    nodes: list[Server]
    proxy: Running
    redis: Running
    store: Store

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"


def start_redis(port: int, folder: Path) -> Running:
    command = [program("redis-server", package="redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    return start([*command, "--save", "", "--dir", folder], port, folder / "redis.log")


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


@asynccontextmanager
async def three_nodes(
    serve: Callable[..., Awaitable[Server]], database_url: str, folder: Path
) -> AsyncGenerator[Nodes]:
    """Served until the block ends; the nodes themselves end with `serve`."""
    redis = start_redis(free_port(), folder)
    await redis.wait_until_it_listens()
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": KEY, "FILES_URL": str(folder / "files")}
    store = make_store(read_settings({f"MEETINGS_{name}": value for name, value in settings.items()}))
    settings["REDIS_URL"] = f"redis://127.0.0.1:{redis.port}/0"
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    nodes = list(await asyncio.gather(*(serve(**settings, PUBLIC_URL=public) for _ in range(3))))
    nginx = program("/usr/sbin/nginx", "nginx", package="nginx")
    config = documented_proxy(port, nodes, folder)
    proxy = start([nginx, "-c", config, "-p", folder], port, folder / "proxy.log")
    await proxy.wait_until_it_listens()
    running = Nodes(nodes, proxy, redis, store)
    yield running
    running.redis.stop()
    proxy.stop()
    await store.close()
