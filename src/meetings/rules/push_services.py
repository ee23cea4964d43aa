"""Which push services the house writes to: a browser names an address, and the house is nobody else's courier."""

from __future__ import annotations

import re
from collections.abc import Collection

from meetings.rules.refusals import Refused

KNOWN = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
"""The services of the browsers there are; `.name` stands for everything below a name."""


_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?/[!-\[\]-~]*", re.IGNORECASE)
"""Nothing that two readers of addresses could take differently: no name before the host, no backslash, no space."""


def must_be_push_service(endpoint: str, hosts: Collection[str]) -> None:
    """Refuse (`push-address`) an address that is not https at one of these hosts.

    A loopback address stands in `hosts` with its port and may be http: a push service on the same machine.
    """
    found = _ADDRESS.fullmatch(endpoint)
    if found is None:
        raise Refused("push-address")
    scheme, host, port = found[1].lower(), found[2].lower(), found[3]
    if host in ("127.0.0.1", "localhost") and f"{host}:{port}" in hosts:
        return
    known = host in hosts or any(host.endswith(name) for name in hosts if name.startswith("."))
    if scheme != "https" or port not in (None, "443") or not known:
        raise Refused("push-address")
