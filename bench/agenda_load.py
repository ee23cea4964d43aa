"""The readers of `bench.agenda`: keep-alive connections that ask again as soon as they are answered.

HTTP is spoken by hand here: a client library would be slower than the bare peer and flatter us.
"""

from __future__ import annotations

import asyncio
import json
import sys
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

import uvloop

from meetings.web.request import COOKIE

CONNECTIONS = 8
ROUNDS = 5
SECONDS = 2.0


class Reader(asyncio.Protocol):
    """One connection with one request at a time, until it is told to stop."""

    def __init__(self, request: bytes, status: bytes) -> None:
        self._request = request
        self._status = b"HTTP/1.1 " + status
        self._received = bytearray()
        self._transport: Any = None
        self.answered = 0
        self.wrong = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        if not self._received.startswith(self._status):
            self.wrong = self._received[:200].decode("utf-8", "replace")
            self._transport.close()
        elif len(self._received) >= head + 4 + self._length(head):
            self.answered += 1
            self._received.clear()
            self._transport.write(self._request)

    def _length(self, head: int) -> int:
        name = b"content-length:"
        at = self._received.lower().find(name, 0, head)
        return int(self._received[at + len(name) : self._received.find(b"\r", at)]) if at >= 0 else 0

    def stop(self) -> None:
        self._transport.abort()


async def rate(port: int, request: bytes, status: bytes) -> float:
    """Answers per second over all connections."""
    loop = asyncio.get_running_loop()
    readers = [Reader(request, status) for _ in range(CONNECTIONS)]
    for reader in readers:
        await loop.create_connection(lambda reader=reader: reader, "127.0.0.1", port)
    before, began = sum(reader.answered for reader in readers), perf_counter()
    await asyncio.sleep(SECONDS)
    answered, seconds = sum(reader.answered for reader in readers) - before, perf_counter() - began
    for reader in readers:
        reader.stop()
        if reader.wrong:
            raise SystemExit(f"an unexpected answer: {reader.wrong}")
    return answered / seconds


def request(port: int, path: str, headers: dict[str, str]) -> bytes:
    """A GET as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", f"host: 127.0.0.1:{port}", *(f"{n}: {v}" for n, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def ask(port: int, path: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """One plain request: its headers in lower case, and its body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")
    return {name.lower(): value for name, value in answer.getheaders()}, body


async def run(task: dict[str, Any]) -> dict[str, Any]:
    """The page, its unchanged shared part and the bare peer in turns."""
    port, page = task["port"], f"/meetings/{task['meeting']}"
    cookie = f"{COOKIE}={task['cookie']}"
    began = perf_counter()
    headers, body = ask(port, page, {"cookie": cookie})
    first = perf_counter() - began
    cookie += "; " + headers["set-cookie"].partition(";")[0]
    etag = ask(port, f"{page}/agenda/text", {"cookie": cookie})[0]["etag"]
    asked = {
        "page": (port, request(port, page, {"cookie": cookie}), b"200"),
        "unchanged": (
            port,
            request(port, f"{page}/agenda/text", {"cookie": cookie, "if-none-match": etag}),
            b"304",
        ),
        "hello": (task["hello"], request(task["hello"], "/", {}), b"200"),
    }
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, one in asked.items():
            rates[name].append(await rate(*one))
    return {"rates": rates, "bytes": len(body), "first": first}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
