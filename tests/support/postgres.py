"""A PostgreSQL server of our own in a temporary folder, with one database per test from a migrated template.

PostgreSQL refuses to run as root, so there it runs as the user `postgres`. Commits are synchronous; only `fsync` is
off: tests kill processes, never the machine, and what a process has written outlives it. A database for each test
costs 80 ms so, and up to seconds on a busy disk otherwise.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import asyncpg

from tests.support.processes import NotStarted, free_port, program

TEMPLATE = "meetings_template"


class Postgres:
    """One cluster on 127.0.0.1; whoever runs the tests may connect as `meetings` without a password."""

    def __init__(self) -> None:
        installed = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
        )
        newest = [str(path) for path in installed[-1:]]
        self._bin = Path(program(*newest, "initdb", package="postgresql")).parent
        self._as_postgres: list[str] = []
        if os.geteuid() == 0:
            runuser = program("runuser", "/usr/sbin/runuser", package="util-linux")
            self._as_postgres = [runuser, "-u", "postgres", "--"]
        self._folder = Path(tempfile.mkdtemp(prefix="meetings-pg-"))
        self.port = free_port()

    def start(self) -> None:
        if self._as_postgres:
            shutil.chown(self._folder, "postgres", "postgres")
        data, log = self._folder / "data", self._folder / "log"
        self._run(
            "initdb", "-D", data, "-U", "meetings", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        options += " -c max_connections=300 -c fsync=off -c full_page_writes=off"
        options += " -c max_wal_size=4GB -c checkpoint_timeout=1h"
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start", capture=False)

    def stop(self) -> None:
        try:
            self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop", capture=False)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://meetings@127.0.0.1:{self.port}/{database}"

    async def make_template(self, migrate: Callable[[str], Awaitable[object]]) -> None:
        """Migrates one database, which `new_database` then copies in some 50 ms."""
        await self._command(f'CREATE DATABASE "{TEMPLATE}"')
        await migrate(self.url(TEMPLATE))

    async def new_database(self, template: str = TEMPLATE) -> str:
        """The address of a fresh database; `template1` gives an empty one."""
        name = f"test_{uuid4().hex[:12]}"
        await self._command(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    async def drop(self, url: str) -> None:
        await self._command(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def _command(self, statement: str) -> None:
        connection = await asyncpg.connect(f"postgresql://meetings@127.0.0.1:{self.port}/postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _run(self, name: str, *arguments: str | Path, capture: bool = True) -> None:
        """`pg_ctl start` hands its output to the server, so reading that to its end would wait for ever."""
        done = subprocess.run(
            [*self._as_postgres, str(self._bin / name), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if capture else subprocess.DEVNULL,
            cwd="/",
            check=False,
        )
        if done.returncode:
            log = self._folder / "log"
            said = (done.stdout or b"").decode("utf-8", "replace")
            said += log.read_text("utf-8", "replace") if log.exists() else ""
            raise NotStarted(f"{name} failed with {done.returncode}:\n{said[-2000:]}")
