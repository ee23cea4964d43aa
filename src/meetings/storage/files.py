"""Documents, named by the SHA-256 of their bytes: the same file is kept once and cannot be swapped unseen.

They rest in a folder, or in a bucket that speaks S3 (`s3://bucket/prefix`; keys and address by the usual `AWS_…`
variables). Files that come in pieces wait beside them until they are whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol
from uuid import UUID, uuid4

import obstore
from obstore.store import S3Store

STRETCH = 1024 * 1024
"""Bytes that are read at once."""
LIMIT = 100 * 1024 * 1024
"""Bytes of one file, unless the administrator sets another limit."""


class _Place(Protocol):
    """Where bytes rest by name. What is not there is a `FileNotFoundError`."""

    async def write(self, name: str, content: bytes) -> None: ...
    async def write_from(self, name: str, source: Path) -> None: ...
    async def read(self, name: str, start: int, length: int) -> bytes: ...
    async def size(self, name: str) -> int: ...
    async def remove(self, name: str) -> None: ...
    async def remove_all(self, folder: str) -> None: ...


class Files:
    """The documents of a house. Every call leaves the event loop.

    `limit`: how many bytes a file from outside may have.
    """

    def __init__(self, place: Path | str, limit: int = LIMIT) -> None:
        self.limit = limit
        self._folder = None if isinstance(place, str) and place.startswith("s3://") else Path(place)
        self._place: _Place = _Folder(self._folder) if self._folder is not None else _Bucket(str(place))

    async def put(self, content: bytes) -> str:
        """Keep the bytes durably and give their SHA-256."""
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        try:
            await self._place.size(_name(sha256))
        except FileNotFoundError:
            await self._place.write(_name(sha256), content)
        return sha256

    async def put_file(self, source: Path) -> str:
        """Keep a copy of a file of any size, a stretch at a time, and give its SHA-256."""
        sha256 = await asyncio.to_thread(_hash, source)
        try:
            await self._place.size(_name(sha256))
        except FileNotFoundError:
            await self._place.write_from(_name(sha256), source)
        return sha256

    async def get(self, sha256: str) -> bytes:
        """The bytes kept under this hash; `FileNotFoundError` when there are none."""
        return await self._place.read(_name(sha256), 0, await self.size(sha256))

    async def size(self, sha256: str) -> int:
        """How many bytes are kept under this hash; `FileNotFoundError` when there are none."""
        return await self._place.size(_name(sha256))

    async def stream(self, sha256: str, start: int, length: int) -> AsyncGenerator[bytes]:
        """So many bytes from a place on, a stretch at a time."""
        end = start + length
        for place in range(start, end, STRETCH):
            yield await self._place.read(_name(sha256), place, min(STRETCH, end - place))

    def path(self, sha256: str) -> Path:
        """Where the bytes rest on disk; a bucket has no such place (see `at_hand`)."""
        if self._folder is None:
            raise FileNotFoundError(sha256)
        return self._folder / _name(sha256)

    @asynccontextmanager
    async def at_hand(self, sha256s: Sequence[str]) -> AsyncGenerator[list[Path]]:
        """The files on disk for as long as the block lasts, for programs that read them by their path."""
        if self._folder is not None:
            yield [self.path(one) for one in sha256s]
            return
        with tempfile.TemporaryDirectory(prefix="meetings-files-") as named:
            paths = [Path(named) / one for one in sha256s]
            for sha256, path in zip(sha256s, paths, strict=True):
                with suppress(FileNotFoundError):  # as on disk: whoever opens it finds that it is not there
                    await self._copy(sha256, path)
            yield paths

    async def _copy(self, sha256: str, target: Path) -> None:
        size = await self.size(sha256)
        with target.open("wb") as handle:
            async for stretch in self.stream(sha256, 0, size):
                await asyncio.to_thread(handle.write, stretch)

    async def put_piece(self, upload: UUID, piece: UUID, content: bytes) -> None:
        """Keep a piece of a file that is not whole yet."""
        await self._place.write(f"{_folder(upload)}/{piece}", content)

    async def joined(self, upload: UUID, pieces: Sequence[UUID]) -> bytes:
        """The pieces as one."""
        whole = bytearray()
        for piece in pieces:
            name = f"{_folder(upload)}/{piece}"
            whole += await self._place.read(name, 0, await self._place.size(name))
        return bytes(whole)

    async def drop_pieces(self, upload: UUID) -> None:
        """Let go of everything that came for an upload."""
        await self._place.remove_all(_folder(upload))

    async def try_out(self) -> None:
        """Write and remove something, as the administrator's check does; what goes wrong is raised."""
        name = f"tried/{uuid4()}"
        await self._place.write(name, b"meetings")
        await self._place.remove(name)


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _folder(upload: UUID) -> str:
    return f"uploads/{upload}"


def _hash(source: Path) -> str:
    with source.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, name: str, content: bytes) -> None:
        await asyncio.to_thread(_write, self._folder / name, io.BytesIO(content))

    async def write_from(self, name: str, source: Path) -> None:
        with source.open("rb") as handle:
            await asyncio.to_thread(_write, self._folder / name, handle)

    async def read(self, name: str, start: int, length: int) -> bytes:
        return await asyncio.to_thread(_read, self._folder / name, start, length)

    async def size(self, name: str) -> int:
        return (await asyncio.to_thread((self._folder / name).stat)).st_size

    async def remove(self, name: str) -> None:
        await asyncio.to_thread((self._folder / name).unlink)

    async def remove_all(self, folder: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._folder / folder, ignore_errors=True)


def _write(target: Path, content: IO[bytes]) -> None:
    """Whole or not at all, also when the power goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as handle:
        shutil.copyfileobj(content, handle, STRETCH)
        handle.flush()
        os.fsync(handle.fileno())
    Path(handle.name).replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(target: Path, start: int, length: int) -> bytes:
    with target.open("rb") as handle:
        handle.seek(start)
        return handle.read(length)


class _Bucket:
    """An object appears whole once its sending has ended. What is not there is a `FileNotFoundError` of the library."""

    def __init__(self, address: str) -> None:
        self._store = S3Store.from_url(address)

    async def write(self, name: str, content: bytes) -> None:
        await obstore.put_async(self._store, name, content)

    async def write_from(self, name: str, source: Path) -> None:
        await obstore.put_async(self._store, name, source)

    async def read(self, name: str, start: int, length: int) -> bytes:
        if not length:
            return b""
        return bytes(await obstore.get_range_async(self._store, name, start=start, length=length))

    async def size(self, name: str) -> int:
        return (await obstore.head_async(self._store, name))["size"]

    async def remove(self, name: str) -> None:
        await obstore.delete_async(self._store, name)

    async def remove_all(self, folder: str) -> None:
        async for found in obstore.list(self._store, prefix=folder):
            await obstore.delete_async(self._store, [one["path"] for one in found])
