"""Signing in and out. A fresh random secret at every sign-in; nothing is stored for strangers.

The browser keeps the secret in a cookie, the database only its SHA-256, so a copy of the database signs nobody in.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from meetings.council.persons import LOGIN_LENGTH, actors, passwords
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import AccessToken, Account, SignIn
from meetings.storage.unit_of_work import Reading, Store, Work

LASTS = timedelta(hours=14)
"""A sign-in ends by itself after a long council day."""

_NOBODY = passwords.hash("a password that no account has")


def digest(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in(store: Store, login: str, password: str) -> str:
    """Check a password and begin a sign-in; gives the cookie’s secret. Unknown names take as long as wrong ones."""
    async with store.reading() as reading:
        found = await reading.session.scalar(select(Account).where(Account.login == login.strip().lower()))
    kept = found.password_hash if found else _NOBODY
    right = await asyncio.to_thread(passwords.verify, password, kept)
    if found is None or not right or found.disabled:
        raise Refused("sign-in-wrong")
    async with store.work() as work:
        return await begin_sign_in(work, found)


async def begin_sign_in(work: Work, account: Account) -> str:
    """A new sign-in for an account whose owner has proved to be the owner."""
    await work.session.execute(
        delete(SignIn).where(SignIn.account_id == account.id, SignIn.expires_at < work.now)
    )
    secret = secrets.token_urlsafe(32)
    work.session.add(
        SignIn(
            id=work.new_id(),
            secret_hash=digest(secret),
            account_id=account.id,
            created_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    return secret


async def sign_out(work: Work, secret: str) -> None:
    """End one sign-in; the cookie is worthless from now on."""
    await work.session.execute(delete(SignIn).where(SignIn.secret_hash == digest(secret)))


async def issue_token(work: Work, account: Account, *, name: str, scopes: str = "read write") -> str:
    """An access token for scripts and integrations. It is shown once and kept only as a hash."""
    secret = "mt_" + secrets.token_urlsafe(32)
    work.session.add(
        AccessToken(
            id=work.new_id(),
            account_id=account.id,
            name=name,
            secret_hash=digest(secret),
            scopes=scopes,
            created_at=work.now,
        )
    )
    return secret


async def actors_of_cookies(reading: Reading, proofs: Collection[str]) -> dict[str, Actor]:
    """Who these cookies’ digests belong to; one that is unknown or over is left out."""
    rows = await reading.session.execute(
        select(SignIn.secret_hash, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.secret_hash.in_(proofs), SignIn.expires_at > reading.now)
    )
    owners = dict(rows.all())
    known = await actors(reading, {owner.id: owner for owner in owners.values()}.values(), reading.today)
    return {proof: known[owner.id] for proof, owner in owners.items() if owner.id in known}


async def actors_of_tokens(reading: Reading, proofs: Collection[str]) -> dict[str, Actor]:
    """Who these access tokens’ digests speak for, with their scopes; one that is unknown or revoked is left out."""
    rows = await reading.session.execute(
        select(AccessToken.secret_hash, AccessToken.scopes, Account)
        .join(Account, Account.id == AccessToken.account_id)
        .where(AccessToken.secret_hash.in_(proofs), AccessToken.revoked_at.is_(None))
    )
    owners = {proof: (scopes, owner) for proof, scopes, owner in rows.all()}
    known = await actors(reading, {owner.id: owner for _, owner in owners.values()}.values(), reading.today)
    return {
        proof: replace(known[owner.id], scopes=frozenset(scopes.split()))
        for proof, (scopes, owner) in owners.items()
        if owner.id in known
    }


class Attempts:
    """Slows guessing: at most ten wrong passwords a minute for one sign-in name from one address.

    An attempt counts as wrong until it proves right, so that many at the same moment do not slip through together.
    """

    LIMIT = 10
    WINDOW = timedelta(minutes=1)
    REMEMBERED = 10_000

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def begin(self, login: str, address: str, now: datetime) -> None:
        """Count one attempt; refuse it (`sign-in-slow`) when there were too many."""
        whose = (login[:LOGIN_LENGTH], address)
        recent = [at for at in self._kept.get(whose, []) if now - at < self.WINDOW]
        if len(recent) >= self.LIMIT:
            raise Refused("sign-in-slow")
        self._kept[whose] = [*recent, now]
        self._kept.move_to_end(whose)
        while len(self._kept) > self.REMEMBERED:
            self._kept.popitem(last=False)

    def right(self, login: str, address: str) -> None:
        """The password was right: its owner starts afresh."""
        self._kept.pop((login[:LOGIN_LENGTH], address), None)
