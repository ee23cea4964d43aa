"""The keys with which people sign: a PKCS#12 file for each sign-in name in a folder; the database never sees them.

A passphrase opens a key for one call and is kept nowhere.
"""

from __future__ import annotations

from pathlib import Path

from meetings.rules.refusals import Refused


def has_key(keys_dir: Path, login: str) -> bool:
    """Whether there is a key for this sign-in name on the server."""
    return _file(keys_dir, login).is_file()


def key_of(keys_dir: Path, login: str) -> bytes:
    """The file of this sign-in name's key; refused (`key-missing`) where there is none."""
    if not login or not has_key(keys_dir, login):
        raise Refused("key-missing")
    return _file(keys_dir, login).read_bytes()


def trust_anchors(keys_dir: Path) -> tuple[bytes, ...]:
    """The certificates (PEM) of the authorities that the administrator trusts."""
    return tuple(file.read_bytes() for file in sorted((keys_dir / "anchors").glob("*.pem")))


def _file(keys_dir: Path, login: str) -> Path:
    """The key's place. A sign-in name that is no plain file name has none."""
    return keys_dir / f"{login if Path(login).name == login else ''}.p12"
