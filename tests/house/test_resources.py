"""Assets carry the hash of their content, are packed, and stay inside their folder."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest

from meetings import resources
from meetings.resources import AssetMissing, asset, read_asset


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "static"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "page.js").write_text('import { live } from "./live.js";\nlive();\n' * 20)
    (folder / "js" / "live.js").write_text('import "./page.js";\nexport const live = () => 1;\n')
    monkeypatch.setattr(resources, "STATIC", folder)
    return folder


def version(path: str) -> str:
    return asset(path).rpartition("=")[2]


def test_an_address_changes_with_the_file_and_with_what_it_imports(static: Path) -> None:
    before = asset("js/page.js")
    live = static / "js" / "live.js"
    live.write_text("export const live = () => 2;\n")
    os.utime(live, ns=(1, 1))
    assert before.startswith("/static/js/page.js?v=")
    assert asset("js/page.js") != before


def test_an_import_is_served_with_its_hash(static: Path) -> None:
    body = read_asset("js/page.js", None, "").body.decode()
    assert f'from "./live.js?v={version("js/live.js")}"' in body


@pytest.mark.parametrize(("accepted", "encoding", "unpack"), [
    ("gzip, br", "br", brotli.decompress),
    ("gzip;q=1, br;q=0", "gzip", gzip.decompress),
    ("identity", None, bytes),
])  # fmt: skip
def test_text_is_packed_as_the_client_takes_it(static: Path, accepted: str, encoding: str, unpack) -> None:
    plain = read_asset("js/page.js", None, "").body
    served = read_asset("js/page.js", None, accepted)
    assert served.headers().get("content-encoding") == encoding
    assert unpack(served.body) == plain


def test_only_the_address_of_these_bytes_is_kept_for_a_year(static: Path) -> None:
    current = version("js/page.js")
    assert "immutable" in read_asset("js/page.js", current, "").cache_control
    assert read_asset("js/page.js", "000000000000", "").cache_control == "no-cache"
    assert read_asset("js/page.js", None, "").cache_control == "no-cache"


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "js/../../secret", ".hidden", "js", "js/none.js", ""]
)
def test_nothing_outside_the_folder_is_served(static: Path, path: str) -> None:
    (static / ".hidden").write_text("x")
    (static.parent / "secret").write_text("x")
    with pytest.raises(AssetMissing):
        read_asset(path, None, "")


def test_the_documents_have_their_typeface() -> None:
    assert set(resources.tinos_fonts()) == {"regular", "bold", "italic", "bold_italic"}
    assert not resources.missing_assets()


def test_missing_fonts_name_the_mend(static: Path) -> None:
    with pytest.raises(AssetMissing, match="make setup"):
        resources.tinos_fonts()
