"""Which push services the house writes to: a browser names an address, and the house is nobody else's courier."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from meetings.rules.refusals import Refused

KNOWN = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
"""The services of the browsers there are; `.name` stands for everything below a name."""


def must_be_push_service(endpoint: str, hosts: Collection[str]) -> None:
    """Refuse (`push-address`) an address that is not https at one of these hosts.

    A loopback address stands in `hosts` with its port and may be http: a push service on the same machine.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise Refused("push-address") from wrong
    if parts.username is not None or parts.password is not None:
        raise Refused("push-address")
    if host in ("127.0.0.1", "localhost") and f"{host}:{port}" in hosts:
        return
    known = host in hosts or any(host.endswith(name) for name in hosts if name.startswith("."))
    if parts.scheme != "https" or port not in (None, 443) or not known:
        raise Refused("push-address")
