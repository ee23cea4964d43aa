"""Servers and load generators, each a process of its own; every one started here is stopped here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds in which a server must listen."""


class Failed(Exception):
    """A measurement that must not be believed, in one sentence."""


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings of Meetings and no other."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MEETINGS_")} | settings


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that listens: its port, and the number of its process."""

    port: int
    process: int


@contextmanager
def meetings_server(settings: Mapping[str, str], folder: Path, port: int = 0) -> Generator[Serving]:
    """`meetings serve` on a prepared house. It runs in `folder`, away from any `.env`; port 0: any free one."""
    command = [str(Path(sys.executable).with_name("meetings")), "serve"]
    with _listening(command, environment(**settings), folder, port) as serving:
        yield serving


@contextmanager
def peer(name: str) -> Generator[Serving]:
    """One of the bare servers of `bench.peers`."""
    with _listening([sys.executable, "-m", "bench.peers", name], environment(), ROOT) as serving:
        yield serving


def load(module: str, task: Mapping[str, Any], seconds: float) -> Any:
    """Run a load generator with its task as JSON on standard input; gives what it prints as JSON."""
    # A file, not a pipe: an unbuffered Python drops what a pipe does not take in one write.
    with TemporaryFile("w+", encoding="utf-8") as answer:
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{module}"],
            input=json.dumps(task),
            stdout=answer,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
            timeout=seconds,
            check=False,
        )
        if done.returncode != 0:
            raise Failed(f"bench.{module} gave up: {done.stderr[-2000:]}")
        answer.seek(0)
        return json.load(answer)


@contextmanager
def _listening(
    command: Sequence[str], env: Mapping[str, str], folder: Path, port: int = 0
) -> Generator[Serving]:
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    process = subprocess.Popen([*command, "--port", str(port)], cwd=folder, env=dict(env))
    try:
        _await_listening(process, port)
        yield Serving(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Failed(f"{process.args!r} does not listen.")
