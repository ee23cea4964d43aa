"""Document work runs beside the server, comes back whole, and survives a process that dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from meetings.pdf import workers
from meetings.pdf.inspect import inspect
from meetings.pdf.minutes import render
from meetings.pdf.verify import verify
from meetings.pdf.workers import in_worker, stop_workers
from meetings.rules.refusals import Refused
from tests.pdf.conftest import Signed
from tests.pdf.samples import minutes


def own_process() -> int:
    return os.getpid()


def die_once(mark: str) -> str:
    file = Path(mark)
    if not file.exists():
        file.touch()
        os._exit(9)
    return "done"


def die() -> None:
    os._exit(9)


def test_a_job_that_never_ends_is_ended() -> None:
    spin = "workers._bounded(exec, ('while True: pass',), {})"
    script = f"from meetings.pdf import workers; workers.CPU_SECONDS = 0; {spin}"
    source = Path(workers.__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(source)}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, check=False, timeout=30)
    assert ended.returncode == -signal.SIGXCPU


async def test_the_work_is_done_elsewhere_and_refusals_come_back(signed: Signed, tmp_path: Path) -> None:
    try:
        processes = await asyncio.gather(*(in_worker(own_process) for _ in range(4)))
        assert os.getpid() not in processes
        document = minutes(2)
        assert (await in_worker(render, document)).pdf == render(document).pdf
        assert (await in_worker(verify, signed.twice, signed.anchors)).ok
        with pytest.raises(Refused) as refused:
            await in_worker(inspect, b"no paper", limit=3)
        assert (refused.value.code, refused.value.facts) == ("paper-large", {"limit": 0})
        assert await in_worker(die_once, str(tmp_path / "mark")) == "done"
        with pytest.raises(Refused) as lost:
            await in_worker(die)
        assert lost.value.code == "document-failed"
        assert await in_worker(own_process) != os.getpid()
    finally:
        stop_workers()
