"""Signing in and out, the reader's language, and the static assets."""

from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from meetings import resources
from meetings.council.sign_in import LASTS, sign_in, sign_out
from meetings.language import LANGUAGES
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.web.errors import sentence
from meetings.web.render import page
from meetings.web.request import COOKIE, LANGUAGE_COOKIE, TYPE_COOKIE, MeetingsRequest

TYPE_SIZES = ("usual", "large")


@get("/sign-in", opt={"permission": Right.ANYONE})
async def sign_in_page(request: MeetingsRequest) -> Response[str]:
    """The form."""
    return page(request, "council/sign_in.html", csrf=request.csrf, login="", reason="", next=_next(request))


@post("/sign-in", opt={"permission": Right.ANYONE}, status_code=200)
async def sign_in_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Check the password; a fresh cookie at every sign-in, and the one before it is worthless from then on."""
    fields = await request.fields()
    login = fields.get("login", "").strip().lower()
    house = request.house
    address = request.client.host if request.client else ""
    now = house.store.clock()
    try:
        house.attempts.begin(login, address, now)
        secret = await sign_in(house.store, login, fields.get("password", ""))
    except Refused as refusal:
        return page(
            request,
            "council/sign_in.html",
            status_code=401,
            csrf=request.csrf,
            login=login,
            reason=sentence(refusal),
            next=_safe(fields.get("next", "")),
        )
    house.attempts.right(login, address)
    await _end_sign_in(request)
    cookie = Cookie(
        key=COOKIE,
        value=secret,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        path="/",
        secure=house.settings.secure_cookies,
    )
    return Redirect(_safe(fields.get("next", "")), status_code=303, cookies=[cookie])


@post("/sign-out", opt={"permission": Right.ANYONE}, status_code=200)
async def sign_out_submit(request: MeetingsRequest) -> Redirect:
    """End this sign-in; its open sockets are closed."""
    await _end_sign_in(request)
    response = Redirect("/sign-in?done=signed-out", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


@get("/language/{code:str}", opt={"permission": Right.ANYONE})
async def choose_language(request: MeetingsRequest, code: FromPath[str]) -> Redirect:
    """Keep the reader's language in a cookie and go back."""
    if code not in LANGUAGES:
        raise Refused("not-found")
    return _chosen(request, LANGUAGE_COOKIE, code)


@get("/type/{size:str}", opt={"permission": Right.ANYONE})
async def choose_type(request: MeetingsRequest, size: FromPath[str]) -> Redirect:
    """Keep in a cookie of this browser whether its type is large, and go back."""
    if size not in TYPE_SIZES:
        raise Refused("not-found")
    return _chosen(request, TYPE_COOKIE, size)


def _chosen(request: MeetingsRequest, key: str, value: str) -> Redirect:
    """Kept for a year, then back to where the choice was made."""
    back = request.headers.get("referer", "/")
    host = f"{request.url.scheme}://{request.url.netloc}"
    cookie = Cookie(key=key, value=value, max_age=365 * 86400, samesite="lax", path="/")
    return Redirect(_safe(back.removeprefix(host)), status_code=303, cookies=[cookie])


@get("/static/{path:path}", opt={"permission": Right.ANYONE}, include_in_schema=False)
async def static(
    request: MeetingsRequest,
    path: FromPath[str],
    version: Annotated[str | None, QueryParameter(name="v")] = None,
) -> Response[bytes]:
    """Assets by their hashed address, kept by browsers for a year."""
    try:
        asset = resources.read_asset(path.lstrip("/"), version, request.headers.get("accept-encoding", ""))
    except resources.AssetMissing as missing:
        raise Refused("not-found") from missing
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=asset.headers())
    return Response(asset.body, media_type=asset.media_type, headers=asset.headers())


async def _end_sign_in(request: MeetingsRequest) -> None:
    secret = request.cookies.get(COOKIE)
    if secret:
        async with request.house.store.work() as work:
            await sign_out(work, secret)
        request.house.doorkeeper.forget()
        await request.house.realtime.sign_out(secret)


def _next(request: MeetingsRequest) -> str:
    return _safe(request.query_params.get("next", ""))


def _safe(address: str) -> str:
    """Only an address of this house may be gone to after signing in."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else "/"


handlers = [sign_in_page, sign_in_submit, sign_out_submit, choose_language, choose_type, static]
