"""What `meetings doctor` looks at: each finding is a name and, when something is wrong, one sentence with the mend."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
from obstore.exceptions import BaseError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from meetings.resources import missing_assets
from meetings.settings import Settings
from meetings.storage.database import make_engine
from meetings.storage.files import Files
from meetings.storage.migrate import newest, schema_version

Finding = tuple[str, str | None]


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, the healthy ones too."""
    return [
        *await _database(settings),
        ("documents", await _documents(settings.files_url)),
        ("signing keys", _keys(settings.keys_dir)),
        await _mail(settings),
        ("browser assets", _assets()),
    ]


async def _documents(place: str) -> str | None:
    if not place.startswith("s3://"):
        return _writable(Path(place))
    try:
        await Files(place).try_out()
    except (OSError, BaseError) as failure:
        return f"{place} cannot be written to: {str(failure).splitlines()[0]}"
    return None


async def _database(settings: Settings) -> list[Finding]:
    engine = make_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            if settings.sqlite:
                flush = await connection.scalar(text("PRAGMA synchronous"))
                durable = (
                    None
                    if flush == 2
                    else "synchronous is not FULL: a power cut could lose acknowledged ballots"
                )
            else:
                flush = await connection.scalar(text("SHOW synchronous_commit"))
                durable = None if flush != "off" else "synchronous_commit is off: set it to on"
            clock = None if settings.sqlite else _clock(await connection.scalar(text("SELECT now()")))
        version = await schema_version(settings.database_url)
    except (SQLAlchemyError, OSError) as failure:
        return [("database", f"cannot be reached: {str(failure).splitlines()[0]}")]
    finally:
        await engine.dispose()
    schema = None if version == newest() else "the schema is not this program’s: run `meetings migrate`"
    return [("database", None), ("durability", durable), ("schema", schema), ("clock", clock)]


def _clock(theirs: datetime | None) -> str | None:
    if theirs is None:
        return "the database tells no time"
    off = abs((datetime.now(UTC) - theirs).total_seconds())
    return None if off < 2 else f"differs from the database’s by {off:.0f} s: set up time synchronisation"


def _writable(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{time.monotonic_ns()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as failure:
        return f"{folder} cannot be written: {failure.strerror}"
    return None


def _keys(folder: Path) -> str | None:
    if not any(folder.glob("*.p12")):
        return f"no key in {folder}: put one PKCS#12 file per signer there, named <sign-in name>.p12"
    if not any((folder / "anchors").glob("*.pem")):
        return f"no trust anchor in {folder / 'anchors'}: put the authority’s certificate there as PEM"
    open_to_others = [key.name for key in folder.glob("*.p12") if key.stat().st_mode & 0o077]
    return f"{open_to_others[0]} can be read by others: chmod 600" if open_to_others else None


async def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return ("mail", None)
    address = urlsplit(settings.smtp_url)
    client = aiosmtplib.SMTP(hostname=address.hostname or "localhost", port=address.port, timeout=5)
    try:
        await client.connect()
        await client.quit()
    except (aiosmtplib.SMTPException, OSError) as failure:
        return ("mail", f"the mail server does not answer: {failure}")
    return ("mail", None)


def _assets() -> str | None:
    missing = missing_assets()
    return f"{missing[0]} is missing: run `make setup`" if missing else None
