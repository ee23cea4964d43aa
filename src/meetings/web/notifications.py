"""What is new for oneself, and how one wants to be told."""

from collections.abc import Mapping
from uuid import UUID

from litestar import MediaType, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import resources
from meetings.council.telling_choices import (
    add_push_address,
    choice_of,
    choose_telling,
    mark_read,
    news_of,
    remove_push_address,
)
from meetings.exchange.push import public_push_key
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, sent_back
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

LABELS = {"time": ("quiet_from", N_("The time"))}


@get("/notifications", opt={"permission": Right.SIGNED_IN})
async def notifications(request: MeetingsRequest) -> Response[str]:
    """One's messages, the newest first, and the choices below."""
    return await _page(request, BLANK)


@post("/notifications/choices", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def choose(request: MeetingsRequest) -> Response[str] | Redirect:
    """Quiet hours and the daily letter."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await choose_telling(
                work, request.actor, quiet_from=sent.get("quiet_from", ""), quiet_until=sent.get("quiet_until", ""),
                digest=sent.get("digest") == "yes", digest_at=sent.get("digest_at") or "07:00",
            )  # fmt: skip
    except Refused as refusal:
        return await _page(request, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done("/notifications", "saved")


@post("/notifications/{one:uuid}/open", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def open_notification(request: MeetingsRequest, one: FromPath[UUID]) -> Redirect:
    """Mark a message as read and go where it leads."""
    async with request.house.store.work() as work:
        link = next((row.link for row in await news_of(work, request.actor.person) if row.id == one), None)
        if link is None:
            raise Refused("not-found")
        await mark_read(work, request.actor, only=one)
    return Redirect(link, status_code=303)


@post("/notifications/push", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def take_push(request: MeetingsRequest) -> Response[str]:
    """This browser takes messages from now on; sent by its script."""
    hosts = request.house.settings.push_hosts
    if not hosts:
        raise Refused("push-off")
    async with request.house.store.work() as work:
        await add_push_address(work, request.actor, hosts=hosts, **_address(await request.fields()))
    return Response("", media_type=MediaType.TEXT)


@post("/notifications/push/end", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def end_push(request: MeetingsRequest) -> Response[str]:
    """This browser takes no messages any more."""
    sent = await request.fields()
    async with request.house.store.work() as work:
        await remove_push_address(work, request.actor, endpoint=sent.get("endpoint", ""))
    return Response("", media_type=MediaType.TEXT)


@get("/push-worker.js", opt={"permission": Right.ANYONE}, include_in_schema=False)
async def push_worker() -> Response[str]:
    """The script that shows messages while no page is open; its address never changes, because browsers keep it."""
    script = (resources.STATIC / "js" / "push-worker.js").read_text("utf-8")
    return Response(script, media_type="text/javascript", headers={"cache-control": "no-cache"})


async def _page(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    settings = request.house.settings
    async with request.house.store.reading() as reading:
        news = await news_of(reading, request.actor.person)
        choice = await choice_of(reading, request.actor.person)
    key = public_push_key(settings.data_dir) if settings.push_hosts else ""
    return page(
        request, "council/notifications.html", status_code=status_code, news=news, choice=choice, form=form,
        push_key=key,
    )  # fmt: skip


def _address(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent.get(name, "") for name in ("endpoint", "p256dh", "auth")}


handlers = [notifications, choose, open_notification, take_push, end_push, push_worker]
