"""Web Push (RFC 8030, 8291, 8292): a message for a browser without an open page, through the browser's push service.

The content is encrypted for that browser alone; the service sees neither text nor person. The house proves itself with
a VAPID key that is made once and kept in the data folder.
"""

# pyright: reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from meetings import language
from meetings.exchange.letters import written_facts
from meetings.rules.push_services import must_be_push_service
from meetings.rules.refusals import Refused
from meetings.settings import Settings
from meetings.storage.outbox import claim, finish, postpone, refuse
from meetings.storage.tables import PushAddress
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

IDLE = 3.0
TIMEOUT = 10.0
KEEPS = timedelta(hours=24)
"""How long a push service keeps a message for a browser that is switched off."""
GONE = (404, 410)
"""The browser has withdrawn its address."""
KEY_FILE = "push-key.pem"


async def push_always(store: Store, settings: Settings) -> None:
    """Deliver what waits, for as long as the server runs; nothing where push messages are switched off."""
    if not settings.push_hosts:
        return
    while True:
        try:
            pushed = await push_one(store, settings)
        except Exception:
            log.exception("the outbox of push messages could not be read")
            pushed = False
        if not pushed:
            await asyncio.sleep(IDLE)


async def push_one(store: Store, settings: Settings) -> bool:
    """Send one message; False when none waits. An address that its browser has withdrawn is forgotten."""
    claimed = await claim(store, "push")
    if claimed is None:
        return False
    row, message = claimed
    async with store.reading() as reading:
        address = await reading.session.get(PushAddress, UUID(message["address"]))
    if address is None:
        await refuse(store, row, "the browser takes no messages any more")
        return True
    try:
        must_be_push_service(address.endpoint, settings.push_hosts)
        await asyncio.to_thread(_send, address, compose(message, settings), settings)
    except Refused as refused:
        await refuse(store, row, refused.code)
    except (WebPushException, requests.RequestException) as failure:
        await _failed(store, row, address.id, failure)
    except (
        Exception
    ) as failure:  # keys that are none, a message that cannot be written: no later time mends it
        log.warning("push message %s cannot be sent: %r", row, failure)
        await refuse(store, row, repr(failure))
    else:
        await finish(store, row)
    return True


async def _failed(store: Store, row: UUID, address: UUID, failure: Exception) -> None:
    answer: Any = getattr(failure, "response", None)
    status: int | None = answer.status_code if answer is not None else None
    if status in GONE:
        async with store.work() as work:
            gone = await work.session.get(PushAddress, address)
            if gone is not None:
                await work.session.delete(gone)
    if status in GONE or isinstance(failure, requests.TooManyRedirects):
        await refuse(store, row, f"{status or failure}")
    else:
        log.warning("push message %s could not be delivered: %s", row, status or failure)
        await postpone(store, row, str(status or failure))


def compose(message: Mapping[str, Any], settings: Settings) -> str:
    """What the browser shows, in its reader's language: a sentence and where it leads."""
    with language.in_language(message["language"], settings.timezone):
        body = language.text(message["message"], **written_facts(message["facts"]))
        title = language.gettext("Meetings")
    content = {"title": title, "body": body[:600], "link": message["link"], "tag": message["tag"]}
    return json.dumps(content, ensure_ascii=False)


def _send(address: PushAddress, content: str, settings: Settings) -> None:
    origin = urlsplit(settings.public_url)
    session = requests.Session()
    session.max_redirects = 0  # the house writes to the service that was checked, and is sent nowhere else
    webpush(
        {"endpoint": address.endpoint, "keys": {"p256dh": address.p256dh, "auth": address.auth}},
        data=content,
        vapid_private_key=Vapid02.from_pem(push_key(settings.data_dir)),
        vapid_claims={
            "sub": f"mailto:{settings.mail_from}" if "@" in settings.mail_from else origin.geturl()
        },
        ttl=int(KEEPS.total_seconds()),
        timeout=TIMEOUT,
        requests_session=session,
    )


def push_key(folder: Path) -> bytes:
    """The house's private key as PEM, made at the first use and readable by the program alone.

    Several servers of one house need the same file: browsers bind their address to the key.
    """
    file = folder / KEY_FILE
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_bytes()
        with os.fdopen(handle, "wb") as out:
            out.write(made)
    return file.read_bytes()


def public_push_key(folder: Path) -> str:
    """What a browser needs in order to take messages from this house alone."""
    key = serialization.load_pem_private_key(push_key(folder), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{folder / KEY_FILE} is not the key of an elliptic curve")
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
