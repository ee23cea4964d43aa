"""The real program in a process of its own, on a free port and with data of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import NotStarted, Running, free_port, start

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("meetings")


@dataclass(slots=True)
class Server:
    """A running `meetings serve` or `meetings demo`."""

    running: Running
    data: Path
    demo: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.running.port}"

    def account(self, role: str, nth: int = 0) -> dict[str, str]:
        """The demo's sign-in of a role: `name`, `login`, `password`, `token`."""
        return [account for account in self.demo["accounts"] if account["role"] == role][nth]

    def stop(self) -> int:
        return self.running.stop()


async def serve(data: Path, port: int | None = None, **settings: str) -> Server:
    """`meetings serve` on an empty or given data folder, awaited until it listens.

    Settings are names without their prefix: `serve(tmp_path, DATABASE_URL=url)`.
    """
    port = port or free_port()
    env = {"MEETINGS_DATA_DIR": str(data), "MEETINGS_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    env |= {f"MEETINGS_{name}": value for name, value in settings.items()}
    running = start([COMMAND, "serve", "--port", str(port)], port, data / "server.log", env, data)
    await running.wait_until_it_listens()
    return Server(running, data)


async def demo(data: Path, **settings: str) -> Server:
    """`meetings demo --json`, awaited until it has told its sign-ins."""
    port = free_port()
    log = data / "demo.log"
    env = {f"MEETINGS_{name}": value for name, value in settings.items()}
    command = [COMMAND, "demo", "--json", "--port", str(port), "--data", data / "house"]
    running = start(command, port, log, env, data)
    await running.wait_until_it_listens(120)
    for _ in range(600):
        line = next((line for line in running.log_text().splitlines() if line.startswith("{")), None)
        if line and line.endswith("}"):
            return Server(running, data, json.loads(line))
        if running.process.poll() is not None:
            break
        await asyncio.sleep(0.05)
    running.stop()
    raise NotStarted(f"meetings demo --json told no sign-ins:\n{running.log_text()[-4000:]}")
