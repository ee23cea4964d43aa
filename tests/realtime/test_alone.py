"""SQLite serves one process, and says so to the second."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Awaitable, Callable

from tests.support.processes import free_port
from tests.support.programs import COMMAND, Server


def second(server: Server) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "serve", "--port", str(free_port())],
        env=os.environ | {"MEETINGS_DATA_DIR": str(server.data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_a_second_process_on_the_same_sqlite_file_is_refused(
    server: Server, serve: Callable[..., Awaitable[Server]]
) -> None:
    refused = second(server)
    assert refused.returncode == 1
    assert "several servers need PostgreSQL" in refused.stderr
    server.running.stop(9)
    assert (await serve(server.data)).running.process.poll() is None
