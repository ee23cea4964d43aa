"""Documents in a folder and in a bucket: the same acts, the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from meetings.storage.files import STRETCH, Files


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a server that speaks S3, with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    ).create_bucket(Bucket="papers")
    yield address
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    if request.param == "folder":
        return Files(tmp_path / "files")
    for name, value in (
        ("ENDPOINT_URL", request.getfixturevalue("bucket")), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"),
        ("REGION", "us-east-1"), ("ALLOW_HTTP", "true"),
    ):  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)
    return Files("s3://papers/council")


async def test_what_was_kept_is_there_and_nothing_else(files: Files) -> None:
    content = bytes(range(256)) * 8 * 1024 + b"end"
    sha256 = await files.put(content)
    assert await files.put(content) == sha256
    assert await files.get(sha256) == content
    assert await files.size(sha256) == len(content)
    part = [one async for one in files.stream(sha256, 1000, STRETCH + 3)]
    assert b"".join(part) == content[1000 : 1000 + STRETCH + 3]
    assert max(map(len, part)) <= STRETCH
    assert await files.get(await files.put(b"")) == b""
    for missing in (files.get("0" * 64), files.size("0" * 64)):
        with pytest.raises(FileNotFoundError):
            await missing
    await files.try_out()


async def test_files_are_on_disk_for_programs_that_need_a_path(files: Files) -> None:
    kept = [await files.put(word) for word in (b"one", b"two")]
    async with files.at_hand([*kept, "0" * 64]) as paths:
        assert [path.read_bytes() for path in paths[:2]] == [b"one", b"two"]
        assert not paths[2].exists()


async def test_a_file_of_any_size_is_kept_by_its_place(files: Files, tmp_path: Path) -> None:
    source = tmp_path / "pack.pdf"
    source.write_bytes(b"pack" * 700_000)
    first, second = await files.put_file(source), await files.put_file(source)
    assert (first, await files.size(first)) == (second, 2_800_000)
    async with files.at_hand([first]) as (path,):
        assert path.read_bytes() == source.read_bytes()


async def test_pieces_wait_until_they_are_whole_and_go_together(files: Files) -> None:
    upload, pieces = uuid4(), [uuid4() for _ in range(3)]
    for piece, content in zip(pieces, (b"eins ", b"", b"zwei"), strict=True):
        await files.put_piece(upload, piece, content)
    assert await files.joined(upload, pieces) == b"eins zwei"
    await files.drop_pieces(upload)
    await files.drop_pieces(upload)
    with pytest.raises(FileNotFoundError):
        await files.joined(upload, pieces[:1])
