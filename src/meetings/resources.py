"""Where the bundled folders are, and the addresses and bytes of what browsers load.

An installed wheel carries `static`, `templates` and `migrations` in `meetings/_bundled`; a checkout has them
at its root. An asset's address ends in a hash of its content, so a browser may keep it for a year and still
sees a change at once. Own style sheets and modules refer to each other by plain relative paths; these become
hashed addresses too when the file is served.
"""

from __future__ import annotations

import gzip
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

import brotli

_PACKAGE: Final = Path(__file__).resolve().parent
_BUNDLED: Final = _PACKAGE / "_bundled"
_ROOT: Final = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent.parent

STATIC: Final = _ROOT / "static"
TEMPLATES: Final = _ROOT / "templates"
MIGRATIONS: Final = _ROOT / "migrations"

PREFIX: Final = "/static/"
FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"

_TYPES: Final = {
    "": "text/plain; charset=utf-8",
    ".bcmap": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".icc": "application/vnd.iccprofile",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pfb": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKABLE: Final = frozenset({".css", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest"})
# Group 1 is what stands before a relative path, group 2 the path, group 3 what closes it.
_REFERENCES: Final = {
    ".css": re.compile(r"""(url\(\s*["']?|@import\s+["'])(\.{0,2}[\w./-]+)(["')\s])"""),
    ".js": re.compile(r"""(\b(?:from|import)\s*\(?\s*["'])(\.{1,2}/[\w./-]+)(["'])"""),
}


class AssetMissing(LookupError):
    """A page or a document names a file that is not there; `make setup` fetches the bundled ones."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: its bytes, packed where the client takes that, and its headers."""

    body: bytes
    media_type: str
    encoding: str | None
    etag: str
    cache_control: str

    def headers(self) -> dict[str, str]:
        headers = {"cache-control": self.cache_control, "etag": self.etag, "vary": "accept-encoding"}
        if self.encoding is not None:
            headers["content-encoding"] = self.encoding
        return headers


def asset(path: str) -> str:
    """The address of `static/<path>`, with the hash of its content: `/static/css/app.css?v=4f0c…`."""
    return f"{PREFIX}{path}?v={_version(path)}"


def read_asset(path: str, version: str | None, accept_encoding: str) -> Asset:
    """What to answer to `GET /static/<path>?v=<version>`; `AssetMissing` is the answer 404."""
    current = _version(path)
    encoding = _encoding(accept_encoding)
    packed = _packed(path, current, encoding) if encoding else None
    return Asset(
        body=_content(path) if packed is None else packed,
        media_type=_TYPES.get(posixpath.splitext(path)[1], "application/octet-stream"),
        encoding=encoding if packed is not None else None,
        etag=f'"{current}-{encoding}"' if packed is not None else f'"{current}"',
        cache_control=FOR_A_YEAR if version == current else ASK_FIRST,
    )


def tinos_fonts() -> dict[str, Path]:
    """The four cuts of Tinos, which has the widths of Times New Roman, for embedding in PDFs."""
    cuts = {"regular": "Regular", "bold": "Bold", "italic": "Italic", "bold_italic": "BoldItalic"}
    fonts = {cut: STATIC / "vendor" / "tinos" / f"Tinos-{name}.ttf" for cut, name in cuts.items()}
    for path in fonts.values():
        if not path.is_file():
            raise AssetMissing(f"The font {path} is missing: run `make setup`.")
    return fonts


def missing_assets() -> list[str]:
    """Bundled files that are not there; empty after `make setup` and in a wheel."""
    needed = ["vendor/htmx.min.js", "vendor/socket.io.esm.min.js", "vendor/fonts.css", "vendor/icons.svg"]
    needed += ["vendor/pdfjs/pdf.min.mjs", "vendor/tinos/Tinos-Regular.ttf"]
    return [path for path in needed if not (STATIC / path).is_file()]


def _encoding(accepted: str) -> str | None:
    offers = [[word.strip() for word in offer.split(";")] for offer in accepted.lower().split(",")]
    refused = re.compile(r"q=0(\.0*)?")
    wanted = {offer[0] for offer in offers if not any(refused.fullmatch(word) for word in offer[1:])}
    return next((name for name in ("br", "gzip") if name in wanted), None)


def _exists(path: str) -> bool:
    """Only what lies in `static`, and no hidden file."""
    inside = all(part and not part.startswith(".") for part in path.split("/"))
    return inside and (STATIC / path).is_file()


def _file(path: str) -> Path:
    if not _exists(path):
        raise AssetMissing(f"There is no static/{path}: run `make setup` if it is one of the bundled files.")
    return STATIC / path


def _stamp(path: str) -> int:
    return _file(path).stat().st_mtime_ns


def _version(path: str) -> str:
    """Changes with the file and with everything it refers to, so an editor's save shows without a restart."""
    seen = {path: _stamp(path)}
    waiting = [path]
    while waiting:
        name = waiting.pop()
        for other in _references(name, seen[name]):
            if other not in seen:
                seen[other] = _stamp(other)
                waiting.append(other)
    return _version_of(tuple(seen.items()))


@lru_cache(maxsize=1024)
def _version_of(stamps: tuple[tuple[str, int], ...]) -> str:
    digest = sha256()
    for path, _ in stamps:
        digest.update(_file(path).read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1024)
def _references(path: str, stamp: int) -> tuple[str, ...]:
    pattern = _pattern(path)
    if pattern is None:
        return ()
    text = _file(path).read_text("utf-8")
    targets = dict.fromkeys(_target(path, found[2]) for found in pattern.finditer(text))
    return tuple(name for name in targets if _exists(name))


def _pattern(path: str) -> re.Pattern[str] | None:
    """Bundled files are served as they came: they are complete, or refer to files by their own hashes."""
    return None if path.startswith("vendor/") else _REFERENCES.get(posixpath.splitext(path)[1])


def _target(path: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))


def _content(path: str) -> bytes:
    pattern = _pattern(path)
    body = _file(path).read_bytes()
    if pattern is None:
        return body

    def hashed(found: re.Match[str]) -> str:
        target = _target(path, found[2])
        if not _exists(target):
            return found[0]
        return f"{found[1]}{found[2]}?v={_version(target)}{found[3]}"

    return pattern.sub(hashed, body.decode("utf-8")).encode("utf-8")


@lru_cache(maxsize=256)
def _packed(path: str, version: str, encoding: str) -> bytes | None:
    """From the file that set-up left beside it, or packed here once; None where packing gains nothing."""
    file = _file(path)
    if file.suffix not in _PACKABLE:
        return None
    ready = file.with_name(file.name + (".br" if encoding == "br" else ".gz"))
    if path.startswith("vendor/") and ready.is_file():
        return ready.read_bytes()
    body = _content(path)
    packed = _brotli(body) if encoding == "br" else gzip.compress(body, mtime=0)
    return packed if len(packed) < len(body) else None


def _brotli(body: bytes) -> bytes:
    return cast("bytes", brotli.compress(body, quality=9))
