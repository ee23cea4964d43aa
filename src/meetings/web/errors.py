"""Refusals and failures as answers: a page for people, a toast for htmx, a problem document (RFC 9457) for programs."""

import json
import logging
import re
from typing import Any, cast
from uuid import uuid4

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, NotFoundException, PermissionDeniedException
from litestar.response import Redirect

from meetings import language
from meetings.rules.refusals import REFUSALS, Refused
from meetings.web.render import page
from meetings.web.request import MeetingsRequest, speak_to

log = logging.getLogger(__name__)

STATUS = {
    "sign-in-needed": 401,
    "sign-in-wrong": 401,
    "sign-in-slow": 429,
    "forbidden": 403,
    "form-expired": 403,
    "not-found": 404,
    "item-unknown": 404,
    "minutes-none": 404,
    "motion-unknown": 404,
    "too-large": 413,
    "paper-large": 413,
    "upload-long": 413,
    "upload-protocol": 412,
    "busy": 503,
    "failed": 500,
    "malformed": 400,
    "wrong-input": 422,
    "field-missing": 422,
    "field-long": 422,
    "date-wrong": 422,
    "key-wrong": 422,
    "choice-unknown": 422,
    "rule-unknown": 422,
    "rule-invalid": 422,
    "password-short": 422,
    "paper-not-pdf": 422,
    "paper-broken": 422,
    "paper-encrypted": 422,
    "paper-active-content": 422,
    "reason-missing": 422,
    "task-percent": 422,
    "report-empty": 422,
    "task-lead-missing": 422,
    "signature-passphrase": 422,
    "minutes-bound": 422,
    "opinion-scan": 422,
    "opinion-words": 422,
    "deadline-past": 422,
    "deadline-not-later": 422,
}
"""HTTP status by refusal code; what is not named is 409: the state does not allow it."""


def sentence(refusal: Refused) -> str:
    """The refusal in the reader's language."""
    return language.text(REFUSALS.get(refusal.code, refusal.code), **refusal.facts)


def problem(refusal: Refused) -> Response[dict[str, Any]]:
    """A refusal as RFC 9457 document with the stable `code`."""
    status = STATUS.get(refusal.code, 409)
    content = {
        "type": f"urn:meetings:refusal:{refusal.code}",
        "title": sentence(refusal),
        "status": status,
        "code": refusal.code,
    }
    facts = {name: str(value) for name, value in refusal.facts.items()}
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return Response(
        content | ({"facts": facts} if facts else {}),
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def answer(request: MeetingsRequest, refusal: Refused) -> Response[Any]:
    """A refusal in the form the asker understands."""
    path = request.url.path
    accepts = request.headers.get("accept", "")
    if path.startswith(("/api/", "/oparl/")):
        return problem(refusal)
    status = STATUS.get(refusal.code, 409)
    text = sentence(refusal)
    if accepts.startswith("application/json"):
        return Response({"refused": refusal.code, "reason": text}, status_code=status)
    if request.partial:
        toast = json.dumps({"toast": {"kind": "bad", "text": text}})
        return Response(
            text,
            status_code=status,
            media_type=MediaType.TEXT,
            headers={"hx-trigger": toast, "hx-reswap": "none"},
        )
    if refusal.code == "sign-in-needed" and request.method == "GET":
        return Redirect(f"/sign-in?next={path}", status_code=303)
    return page(request, "errors/error.html", status_code=status, status=status, reason=text, title=text)


def on_refused(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
    """Exception handler for refusals."""
    return answer(MeetingsRequest(request.scope), refusal)


def on_http_exception(request: Request[Any, Any, Any], exception: HTTPException) -> Response[Any]:
    """The framework's own refusals, said in our words."""
    if "user" not in request.scope:  # no route matched, so nobody has asked yet which language is read
        speak_to(request, None)
    if isinstance(exception, PermissionDeniedException):
        refusal = Refused("form-expired")
    elif isinstance(exception, NotFoundException) or exception.status_code == 405:
        refusal = Refused("not-found")
    elif exception.status_code == 413:
        refusal = Refused("too-large")
    elif exception.status_code == 400 and not exception.extra:
        refusal = Refused("malformed")
    elif exception.status_code < 500:
        refusal = _wrong_field(exception)
    else:
        return on_failure(request, exception)
    return answer(MeetingsRequest(request.scope), refusal)


_NAMED = re.compile(r"Object (contains unknown|missing required) field `([^`]*)`")


def _wrong_field(exception: HTTPException) -> Refused:
    """Names the field that is wrong, unknown or missing."""
    extra: Any = exception.extra
    if not (isinstance(extra, list) and extra and isinstance(extra[0], dict)):
        return Refused("wrong-input", field=str(exception.detail))
    first = cast("dict[str, object]", extra[0])
    key, message = str(first.get("key") or ""), str(first.get("message") or "")
    named = _NAMED.match(message)
    if named is None:
        return Refused("wrong-input", field=key or message)
    inside = key if key != "data" else ""
    field = f"{inside}.{named[2]}" if inside else named[2]
    return Refused("wrong-input" if named[1] == "contains unknown" else "field-missing", field=field)


def on_failure(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
    """A fault of ours: logged under a reference that the reader can pass on."""
    reference = uuid4().hex[:8]
    log.error("failure %s on %s %s", reference, request.method, request.url.path, exc_info=failure)
    return answer(MeetingsRequest(request.scope), Refused("failed", reference=reference))
