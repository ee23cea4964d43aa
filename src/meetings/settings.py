"""Every setting of Meetings, read once from the environment (or a `.env` file) when the program starts.

A wrong value stops the start with one sentence that names the variable and the mend.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from meetings.rules.push_services import KNOWN


class WrongSetting(Exception):
    """A setting that Meetings cannot start with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an administrator decides outside the program."""

    data_dir: Path
    """MEETINGS_DATA_DIR: the folder for the SQLite database, the papers and the secret key. Default: `./data`."""
    database_url: str
    """MEETINGS_DATABASE_URL: SQLite in the data folder by default; `postgresql+asyncpg://…` for a larger council."""
    redis_url: str | None
    """MEETINGS_REDIS_URL: carries hints between several server processes; needs PostgreSQL. Default: none."""
    files_url: str
    """MEETINGS_FILES_URL: the folder in which papers are kept, or `s3://bucket/prefix` with the usual `AWS_…` variables
    for keys and address. Default: `files` in the data folder."""
    file_limit: int
    """MEETINGS_FILE_LIMIT: how many megabytes one file may have, 1 to 400. Default: 100. Above 100 it has to come in
    pieces (tus)."""
    secret_key: str
    """MEETINGS_SECRET_KEY: signs form tokens; made and kept in the data folder on SQLite, required elsewhere."""
    public_url: str
    """MEETINGS_PUBLIC_URL: the address people type; mail and cookies go by it. Default: `http://127.0.0.1:8000`."""
    smtp_url: str | None
    """MEETINGS_SMTP_URL: `smtp://user:password@host:587`; without it mail waits in the outbox. Default: none."""
    mail_from: str
    """MEETINGS_MAIL_FROM: the sender of mail. Default: `meetings@localhost`."""
    push_hosts: tuple[str, ...]
    """MEETINGS_PUSH_HOSTS: push services that messages go to, separated by commas, or `none` for no push messages.
    Default: those of the browsers."""
    locale: str
    """MEETINGS_LOCALE: `vi` or `en`, for people who have not chosen. Default: `vi`."""
    timezone: str
    """MEETINGS_TIMEZONE: an IANA name. Default: `Asia/Ho_Chi_Minh`."""
    keys_dir: Path
    """MEETINGS_KEYS_DIR: PKCS#12 files for signing, `<login>.p12`, and trust anchors, `anchors/*.pem`. Never backed up
    with the database. Default: `keys` in the data folder."""
    timestamp_url: str | None
    """MEETINGS_TIMESTAMP_URL: an RFC 3161 time stamp server for signatures. Default: none."""
    express: bool
    """MEETINGS_EXPRESS: `on`, or `off` to lead ballots through Socket.IO like everything else. Default: `on`."""

    @property
    def sqlite(self) -> bool:
        """Whether the council lives in one SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        """Cookies only travel over TLS when the public address is https."""
        return self.public_url.startswith("https://")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment over a `.env` file in the working folder."""
    source = dict(environ) if environ is not None else _environment()
    data_dir = Path(source.get("MEETINGS_DATA_DIR") or "data").resolve()
    database_url = (
        source.get("MEETINGS_DATABASE_URL") or f"sqlite+aiosqlite:///{data_dir / 'meetings.sqlite3'}"
    )
    database_url = _driver(database_url)
    redis_url = source.get("MEETINGS_REDIS_URL") or None
    if redis_url and database_url.startswith("sqlite"):
        raise WrongSetting(
            "MEETINGS_REDIS_URL needs PostgreSQL: unset it, or set MEETINGS_DATABASE_URL to postgresql+asyncpg://…"
        )
    files_url = source.get("MEETINGS_FILES_URL") or str(data_dir / "files")
    if "://" in files_url and not files_url.startswith("s3://"):
        raise WrongSetting("MEETINGS_FILES_URL must be a folder on this machine or s3://bucket/prefix.")
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        redis_url=redis_url,
        files_url=files_url,
        file_limit=_number(source, "MEETINGS_FILE_LIMIT", 100, 1, 400) * 1024 * 1024,
        secret_key=source.get("MEETINGS_SECRET_KEY") or _kept_secret(data_dir, database_url),
        public_url=(source.get("MEETINGS_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=source.get("MEETINGS_SMTP_URL") or None,
        mail_from=source.get("MEETINGS_MAIL_FROM") or "meetings@localhost",
        push_hosts=_names(source.get("MEETINGS_PUSH_HOSTS") or ",".join(KNOWN)),
        locale=_one_of(source, "MEETINGS_LOCALE", ("vi", "en")),
        timezone=_zone(source.get("MEETINGS_TIMEZONE") or "Asia/Ho_Chi_Minh"),
        keys_dir=Path(source.get("MEETINGS_KEYS_DIR") or data_dir / "keys").resolve(),
        timestamp_url=source.get("MEETINGS_TIMESTAMP_URL") or None,
        express=_one_of(source, "MEETINGS_EXPRESS", ("on", "off")) == "on",
    )


def _environment() -> dict[str, str]:
    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return written | dict(os.environ)


def _driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    driver = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    scheme = driver.get(scheme, scheme)
    if scheme not in ("sqlite+aiosqlite", "postgresql+asyncpg") or not rest:
        raise WrongSetting("MEETINGS_DATABASE_URL must begin with sqlite:/// or postgresql+asyncpg://.")
    return f"{scheme}://{rest}"


def _one_of(source: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = source.get(name) or allowed[0]
    if value not in allowed:
        raise WrongSetting(f"{name} must be one of {', '.join(allowed)}, not “{value}”.")
    return value


def _number(source: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    value = source.get(name) or str(usual)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise WrongSetting(f"{name} must be a whole number from {least} to {most}, not “{value}”.")
    return int(value)


def _names(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(name.strip() for name in text.split(",") if name.strip())


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise WrongSetting(
            f"MEETINGS_TIMEZONE “{name}” is not a known time zone, for example Asia/Ho_Chi_Minh."
        ) from unknown
    return name


def _kept_secret(data_dir: Path, database_url: str) -> str:
    if not database_url.startswith("sqlite"):
        raise WrongSetting(
            "MEETINGS_SECRET_KEY is required with PostgreSQL: set it to 32 or more random characters."
        )
    kept = data_dir / "secret-key"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()
