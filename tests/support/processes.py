"""Programs that a test run starts for itself and stops again, by their own process only."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class NotStarted(RuntimeError):
    """A program ended, or did not answer in time; the text carries the end of its log."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(*names: str, package: str) -> str:
    """The full path of the first of these programs, or a sentence that says what to install."""
    for name in names:
        found = name if os.access(name, os.X_OK) else shutil.which(name)
        if found:
            return found
    raise NotStarted(f"{names[0]} is missing: run .ci/system as root, or install the package {package}.")


@dataclass(slots=True)
class Running:
    """A process with a log, listening on a port."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def log_text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    async def wait_until_it_listens(self, seconds: float = 60) -> None:
        """Until somebody accepts connections on the port; the log's end if the process gives up first."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                ended = self.process.poll()
                if ended is not None or time.monotonic() > deadline:
                    what = (
                        f"ended with {ended}" if ended is not None else f"did not listen within {seconds} s"
                    )
                    raise NotStarted(f"{self.process.args!r} {what}:\n{self.log_text()[-4000:]}") from None
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return

    def stop(self, how: int = signal.SIGTERM, seconds: float = 10) -> int:
        """Asks it to end, insists after a while, and gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return int(self.process.returncode)


def start(
    command: Sequence[str | Path],
    port: int,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Running:
    """Starts the command with its output in `log`; it has to be awaited with `wait_until_it_listens`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
        )
    return Running(process, port, log)
