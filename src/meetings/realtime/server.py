"""What clients say over Socket.IO. Each event declares its right, checks it anew, and answers after the commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import orjson
import socketio
from socketio import exceptions
from sqlalchemy import select

from meetings import language
from meetings.before.scheduling import open_to, sees
from meetings.council.doorkeeper import Doorkeeper
from meetings.council.sign_in import digest
from meetings.during.attendance import check_in
from meetings.during.ballot_box import BallotBox, Receipt
from meetings.during.speaking_list import ask_to_speak, withdraw_own
from meetings.realtime.express import LANE, Lane, Receive, Send
from meetings.realtime.frames import ReadyManager, ReadyRedisManager
from meetings.realtime.relay import Relay, meeting_room, sheet_room
from meetings.realtime.snapshots import Snapshots
from meetings.realtime.timekeeper import Timekeeper
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import REFUSALS, Refused
from meetings.rules.visibility import Audience, audience_of
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

PACKET_LIMIT = 64 * 1024
"""Bytes of one packet; larger ones close the connection that sent them."""
RECHECK = 30.0
"""Seconds after which a socket whose sign-in has ended is closed at the latest."""


class Json:
    """orjson in the shape that python-socketio asks for."""

    @staticmethod
    def dumps(value: object, **_options: object) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: object) -> object:
        return orjson.loads(text)


_asgi: Any = socketio.ASGIApp
Handler = Callable[[Actor, Mapping[str, Any], str], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class SocketEvent:
    """One client event: its right, and what it does."""

    right: Right
    handle: Handler
    scope: str = "write"
    """What an access token needs for it."""
    known: bool = False
    """Take the person as known at connect (rechecked every half minute): the roll itself decides who may vote."""


@dataclass(slots=True)
class _Guest:
    """Somebody at the other end of a socket, what proved it, and the meetings that are followed there."""

    actor: Actor
    secret: str
    by_token: bool
    language: str
    meetings: set[UUID] = field(default_factory=set[UUID])


class Realtime:
    """The Socket.IO side of the house."""

    def __init__(
        self, store: Store, doorkeeper: Doorkeeper, redis_url: str | None = None, *, express: bool = True
    ) -> None:
        manager = ReadyRedisManager(redis_url) if redis_url else ReadyManager()
        self.sio: Any = socketio.AsyncServer(
            async_mode="asgi",
            json=Json,
            client_manager=manager,
            transports=["websocket"],
            async_handlers=False,  # a client's events are answered in order, without a task for each
            max_http_buffer_size=PACKET_LIMIT,
            logger=False,
            engineio_logger=False,
        )
        self._app: Any = _asgi(self.sio, socketio_path=None)
        self._express = express
        self.relay = Relay(self.sio, store)
        self.box = BallotBox(store, self.relay.counted)
        self.timekeeper = Timekeeper(store)
        self._store = store
        self._doorkeeper = doorkeeper
        self._snapshots = Snapshots(store)
        self._guests: dict[str, _Guest] = {}
        """Who each socket is."""
        self._rechecking: asyncio.Task[None] | None = None
        store.listen(self.relay.announce)
        self.events: Mapping[str, SocketEvent] = {
            "enter": SocketEvent(Right.ATTEND, self._enter, scope="read"),
            "cast": SocketEvent(Right.SIGNED_IN, self._cast, known=True),
            "check-in": SocketEvent(Right.TAKE_PART, self._check_in),
            "ask-to-speak": SocketEvent(Right.ATTEND, self._ask_to_speak),
            "withdraw": SocketEvent(Right.ATTEND, self._withdraw),
        }
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)
        for name, event in self.events.items():
            self.sio.on(name, self._handler(name, event))
        self.sio.on("*", self._unknown)

    async def app(self, scope: Any, receive: Receive, send: Send) -> None:
        """The ASGI side: Socket.IO, with the express lane for ballots before it."""
        if self._express and scope["type"] == "websocket":
            lane = scope[LANE] = Lane(receive, send, self._take, self._told, PACKET_LIMIT)
            receive = lane.receive
        await self._app(scope, receive, send)

    def start(self) -> None:
        """Open the ballot box, begin the heartbeat, and watch the clock."""
        self.box.open()
        self.relay.start()
        self.timekeeper.start()
        self._rechecking = asyncio.create_task(self._recheck_always(), name="socket recheck")

    async def stop(self) -> None:
        """Write the ballots that wait, then fall silent."""
        await self.timekeeper.stop()
        await self.box.shut()
        await self.relay.stop()
        if self._rechecking is not None:
            self._rechecking.cancel()
            with suppress(asyncio.CancelledError):
                await self._rechecking

    async def recheck(self) -> None:
        """Close the sockets whose sign-in or token is over, and send those out who may no longer follow a meeting."""
        self._doorkeeper.forget()
        guests = list(self._guests.items())
        found = await asyncio.gather(*(self._now(guest) for _, guest in guests))
        async with self._store.reading() as reading:
            wanted = set[UUID]().union(*(guest.meetings for _, guest in guests))
            rows = await reading.session.scalars(select(Meeting).where(Meeting.id.in_(wanted)))
            meetings = {row.id: row for row in rows}
        for (sid, guest), actor in zip(guests, found, strict=True):
            if actor is None:
                await self.sio.disconnect(sid)
                continue
            guest.actor = actor
            # whoever entered a meeting just now was looked at then
            left = [
                one
                for one in guest.meetings & wanted
                if one not in meetings or not sees(actor, meetings[one])
            ]
            for meeting in left:
                guest.meetings.discard(meeting)
                await self.sio.leave_room(sid, meeting_room(meeting))
                await self.sio.leave_room(sid, sheet_room(meeting, guest.language))
            for meeting in guest.meetings & meetings.keys():
                if not _hears_internal(actor, meetings[meeting]):
                    await self.sio.leave_room(sid, sheet_room(meeting, guest.language))

    async def _now(self, guest: _Guest) -> Actor | None:
        door = self._doorkeeper
        return await (door.of_token if guest.by_token else door.of_cookie)(guest.secret)

    async def _recheck_always(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            try:
                await self.recheck()
            except Exception:
                log.exception("could not recheck the sockets")

    async def sign_out(self, cookie: str) -> None:
        """Close every socket that was opened with this sign-in."""
        room = _sign_in_room(cookie)
        for sid, _ in list(self.sio.manager.get_participants("/", room)):
            await self.sio.disconnect(sid)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        scope = environ.get("asgi.scope", {})
        token: object = cast("dict[str, object]", auth).get("token") if isinstance(auth, dict) else None
        actor: Actor | None = scope.get("user")
        cookie: str | None = scope.get("auth")
        if isinstance(token, str):
            actor = await self._doorkeeper.of_token(token)
        if actor is None:
            raise exceptions.ConnectionRefusedError("sign-in-needed")
        secret = token if isinstance(token, str) else cookie
        if secret is None:
            raise exceptions.ConnectionRefusedError("sign-in-needed")
        by_token = isinstance(token, str)
        self._guests[sid] = _Guest(actor, secret, by_token, language.current())
        lane: Lane | None = scope.get(LANE)
        if lane is not None:
            lane.sid = sid
        if not by_token:
            await self.sio.enter_room(sid, _sign_in_room(secret))

    async def _disconnect(self, sid: str, *_reason: object) -> None:
        self._guests.pop(sid, None)

    def _handler(self, name: str, event: SocketEvent) -> Callable[..., Awaitable[dict[str, Any]]]:
        async def handle(sid: str, *packet: object) -> dict[str, Any]:
            guest = self._guests.get(sid)
            with language.in_language(guest.language if guest else language.current()):
                try:
                    data = packet[0] if len(packet) == 1 else None
                    if not isinstance(data, dict):
                        raise Refused("malformed")
                    actor = await self._actor(sid, guest, event)
                    return await event.handle(actor, cast("dict[str, Any]", data), sid)
                except Exception as failure:
                    return _refused(failure, name)

        return handle

    async def _actor(self, sid: str, guest: _Guest | None, event: SocketEvent) -> Actor:
        """Who speaks, looked up again for each event: a sign-in may have ended, a role may be gone."""
        actor = None if guest is None else guest.actor if event.known else await self._now(guest)
        if actor is None:
            await self.sio.disconnect(sid)
            raise Refused("sign-in-needed")
        _must(actor, event)
        return actor

    async def _unknown(self, event: str, sid: str, *_packet: object) -> dict[str, Any]:
        log.info("unknown socket event %r from %s", event[:40], sid)
        return {"refused": "malformed", "reason": language.gettext(REFUSALS["malformed"])}

    async def _enter(self, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        """The right is looked at before the room is entered, the stage afterwards: so nothing is missed between."""
        meeting_id = _uuid(data.get("meeting"))
        await self._snapshots.of(actor, meeting_id)
        await self.sio.enter_room(sid, meeting_room(meeting_id))
        try:
            taken = await self._snapshots.of(actor, meeting_id)
        except Refused:
            await self.sio.leave_room(sid, meeting_room(meeting_id))
            raise
        if guest := self._guests.get(sid):
            guest.meetings.add(meeting_id)
            async with self._store.reading() as reading:
                meeting = await reading.get(Meeting, meeting_id)
            if _hears_internal(actor, meeting):
                await self.sio.enter_room(sid, sheet_room(meeting_id, guest.language))
        return taken

    async def _cast(self, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        return _counted(await self._put(actor, data))

    def _put(self, actor: Actor, data: Mapping[str, Any]) -> asyncio.Future[Receipt]:
        represented = _uuid(data["for"]) if data.get("for") else None
        choice, key = data.get("choice"), data.get("key")
        if not isinstance(choice, (str, list, dict)) or not isinstance(key, str):
            raise Refused("malformed")
        return self.box.put(actor, _uuid(data.get("poll")), cast(object, choice), key, represented)

    def _take(self, sid: str, data: Mapping[str, Any]) -> asyncio.Future[Receipt] | None:
        """A ballot from the express lane; whatever is wrong with it is Socket.IO's to answer."""
        guest = self._guests.get(sid)
        if guest is None:
            return None
        try:
            _must(guest.actor, self.events["cast"])
            return self._put(guest.actor, data)
        except Exception:  # a failure too: Socket.IO meets it again, logs it and answers "busy"
            return None

    def _told(self, sid: str, done: asyncio.Future[Receipt]) -> dict[str, Any]:
        try:
            return _counted(done.result())
        except Exception as failure:
            guest = self._guests.get(sid)
            with language.in_language(guest.language if guest else language.current()):
                return _refused(failure, "cast")

    async def _check_in(self, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        async with self._store.work() as work:
            state = await check_in(work, actor, _uuid(data.get("meeting")), remote=data.get("remote") is True)
        return {"state": state.value}

    async def _ask_to_speak(self, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        meeting = _uuid(data.get("meeting"))
        kind, stance, category = (data.get(name) or "" for name in ("kind", "stance", "category"))
        if not (isinstance(kind, str) and isinstance(stance, str) and isinstance(category, str)):
            raise Refused("malformed")
        async with self._store.work() as work:
            await open_to(work, actor, meeting)
            place = await ask_to_speak(work, actor, meeting, kind, stance=stance, category=category)
        return {"place": place.place, "wait": place.wait}

    async def _withdraw(self, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        meeting = _uuid(data.get("meeting"))
        async with self._store.work() as work:
            await open_to(work, actor, meeting)
            return {"withdrawn": await withdraw_own(work, actor, meeting)}


def _hears_internal(actor: Actor, meeting: Meeting) -> bool:
    """Ballots, with what is put to the vote, are handed to those who are let in for internal items too."""
    return audience_of(actor, meeting.body_id, meeting.id) is not Audience.ANYBODY


def _must(actor: Actor, event: SocketEvent) -> None:
    if actor.scopes is not None and event.scope not in actor.scopes:
        raise Refused("forbidden")
    actor.must(event.right)


def _counted(receipt: Receipt) -> dict[str, Any]:
    return {"counted": True, "at": receipt.at.isoformat(), "receipt": receipt.receipt}


def _refused(failure: Exception, event: str) -> dict[str, Any]:
    """What a client is told in the language at hand; what is not a refusal is logged."""
    if not isinstance(failure, Refused):
        log.error("socket event %s failed", event, exc_info=failure)
        failure = Refused("busy")
    text = language.text(REFUSALS.get(failure.code, failure.code), **failure.facts)
    return {"refused": failure.code, "reason": text}


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as wrong:
        raise Refused("malformed") from wrong


def _sign_in_room(cookie: str) -> str:
    return f"sign-in:{digest(cookie)}"
