"""Parts of a file over HTTP: what is asked for is what is sent, and nothing outside the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from meetings.exchange.file_answer import FileAnswer, document
from meetings.storage.files import Files

CONTENT = bytes(range(256)) * 9


async def _asked(place: Path, **headers: str) -> tuple[FileAnswer, bytes]:
    files = Files(place)
    sha256 = await files.put(CONTENT)
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await document(files, sha256, asked, filename="Tờ trình.pdf", headers={})
    body = answer.body if isinstance(answer.body, bytes) else b"".join([part async for part in answer.body])
    return answer, body


@given(first=some.integers(0, 3000), last=some.integers(0, 3000))
async def test_a_part_is_that_part(first: int, last: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        answer, body = await _asked(Path(place), range=f"bytes={first}-{last}")
    if first >= len(CONTENT) or last < first:
        assert (answer.status, body) == (416, b"")
        assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
        return
    assert (answer.status, body) == (206, CONTENT[first : last + 1])
    end = min(last, len(CONTENT) - 1)
    assert answer.headers["content-range"] == f"bytes {first}-{end}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(len(body))


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=-10", 206, CONTENT[-10:]),
        ("bytes=-99999", 206, CONTENT),
        ("bytes=100-", 206, CONTENT[100:]),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, CONTENT),
        ("bytes=0-1,5-6", 200, CONTENT),
        ("bytes=a-b", 200, CONTENT),
        ("lines=0-1", 200, CONTENT),
        (f"bytes={'9' * 5000}-", 200, CONTENT),
    ],
)
async def test_other_ways_to_ask(tmp_path: Path, asked: str, status: int, expected: bytes) -> None:
    answer, body = await _asked(tmp_path, range=asked)
    assert (answer.status, body) == (status, expected)


async def test_a_part_of_another_file_is_the_whole_new_one(tmp_path: Path) -> None:
    answer, body = await _asked(tmp_path, range="bytes=0-9", if_range='"another"')
    assert (answer.status, body) == (200, CONTENT)
    answer, body = await _asked(tmp_path, range="bytes=0-9", if_range=answer.headers["etag"])
    assert (answer.status, body) == (206, CONTENT[:10])
    answer, body = await _asked(tmp_path, if_none_match=f'"x", {answer.headers["etag"]}')
    assert (answer.status, body) == (304, b"")
