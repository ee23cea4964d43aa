"""Fills the demo once, serves it, and tells how to sign in."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from meetings.app import create_app, make_store, serving
from meetings.council.sign_in import issue_token
from meetings.demo.settling import PASSWORD, make_keys, settle
from meetings.demo.story import tell
from meetings.pdf.workers import stop_workers
from meetings.settings import Settings, read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Account, Body, Meeting, Person
from meetings.storage.unit_of_work import Store

ROLES = {
    "chair": "chair",
    "secretary": "secretary",
    "observer": "observer",
    "admin": "administrator",
    "agency": "agency",
    "delegate": "delegate",
}
"""The role of a demo account by how its sign-in name begins."""


def demo_settings(data: Path, port: int) -> Settings:
    """A house of its own: nothing of the environment reaches the demo."""
    return read_settings({"MEETINGS_DATA_DIR": str(data), "MEETINGS_PUBLIC_URL": f"http://127.0.0.1:{port}"})


def holds_another_house(settings: Settings) -> bool:
    """Whether the folder has a database that is not a finished demo's: a real council's, or half of a city."""
    return (settings.data_dir / "meetings.sqlite3").exists() and not _mark(settings).exists()


def _mark(settings: Settings) -> Path:
    return settings.data_dir / "demo-filled"


async def fill(settings: Settings, say: Callable[[str], None]) -> None:
    """Make the city, unless the data folder holds it already."""
    mark = _mark(settings)
    if mark.exists():
        return
    say("preparing the database")
    await migrate(settings.database_url)
    store = make_store(settings)
    try:
        make_keys(settings.keys_dir, store.clock())
        say("founding the council, its committees and 24 agencies")
        city = await settle(store)
        say("holding a meeting, signing its minutes, following up its tasks")
        await tell(store, city, settings.keys_dir, store.clock())
    finally:
        await store.close()
        stop_workers()
    mark.touch()


async def serve(settings: Settings, port: int, tell: Callable[[dict[str, Any]], None]) -> None:
    """Serve until interrupted; `tell` gets the address and the sign-ins once the server answers."""
    store = make_store(settings)
    description = await describe(store, settings.public_url)
    ended = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    async with serving(create_app(settings, store), host="127.0.0.1", port=port):
        tell(description)
        await ended.wait()


async def describe(store: Store, url: str) -> dict[str, Any]:
    """The address, every account with a fresh access token, the bodies and the meetings."""
    async with store.work() as work:
        accounts = (
            await work.session.execute(
                select(Account, Person.name)
                .join(Person, Person.id == Account.person_id)
                .order_by(Account.login)
            )
        ).all()
        signs = [
            {
                "role": next(role for start, role in ROLES.items() if account.login.startswith(start)),
                "name": name,
                "login": account.login,
                "password": PASSWORD,
                "token": await issue_token(work, account, name="demo"),
            }
            for account, name in accounts
        ]
        bodies = (await work.session.scalars(select(Body).order_by(Body.kind.desc(), Body.name))).all()
        meetings = (await work.session.scalars(select(Meeting).order_by(Meeting.starts_at))).all()
    return {
        "url": url,
        "accounts": signs,
        "bodies": [{"id": str(b.id), "name": b.name, "kind": b.kind, "seats": b.seats} for b in bodies],
        "meetings": [
            {
                "id": str(m.id),
                "title": m.title,
                "state": m.state,
                "starts": m.starts_local,
                "body": str(m.body_id),
            }
            for m in meetings
        ],
    }
