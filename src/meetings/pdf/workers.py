"""Work on documents happens in a process beside the server: it would hold up every tablet if it ran on the
loop.

The functions given to `in_worker` are pure (bytes in, bytes out), so a job whose process died is simply
done again once. A process has a bounded memory and each job a bounded time; a hostile upload costs that
process and nothing else.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from meetings.rules.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_LIMIT = 2 * 1024**3
CPU_SECONDS = 30
_JOBS_PER_PROCESS = 500

_pool: ProcessPoolExecutor | None = None


async def in_worker(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a module-level function with arguments that can be pickled, computed in the worker
    process.

    Refusals and other exceptions come back as they were raised. `Refused("document-failed")` when the
    process was lost twice: the document took too much memory or time.
    """
    loop = asyncio.get_running_loop()
    for _ in range(2):
        pool = _running()
        try:
            return await loop.run_in_executor(pool, _bounded, work, args, kwargs)
        except BrokenProcessPool:
            _forget(pool)
    raise Refused("document-failed")


def stop_workers() -> None:
    """End the process when its jobs are done; the next `in_worker` would start a new one."""
    pool = _pool
    if pool is not None:
        _forget(pool)


def _running() -> ProcessPoolExecutor:
    global _pool
    if _pool is None:
        # Spawned, not forked: the server has threads and open connections that a child must not share.
        context = multiprocessing.get_context("spawn")
        _pool = ProcessPoolExecutor(
            1, context, initializer=_limit_memory, max_tasks_per_child=_JOBS_PER_PROCESS
        )
    return _pool


def _forget(pool: ProcessPoolExecutor) -> None:
    global _pool
    if _pool is pool:
        _pool = None
    pool.shutdown(wait=True, cancel_futures=True)


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, hard))


def _bounded(work: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    """The kernel counts a process's seconds from its start, so each job moves the limit on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))
    return work(*args, **kwargs)
