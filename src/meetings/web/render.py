"""Templates into pages. The shell around a page is personal and rendered for each request; its middle may be shared
bytes, rendered once per stage number, audience and language (see `Kept`).
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.response import Redirect

from meetings import language, resources
from meetings.language import N_
from meetings.rules.permissions import Actor, Right, Role
from meetings.storage.tables import Notification
from meetings.web.request import TYPE_COOKIE, MeetingsRequest

KEPT_BYTES = 64 * 1024 * 1024

DONE = {
    "saved": N_("Saved."),
    "replied": N_("Your reply is recorded."),
    "asked-again": N_("Everybody who has not replied was asked again."),
    "invited": N_("The guests are invited."),
    "written": N_("A new letter is on its way."),
    "published": N_("Published. The members have been notified."),
    "scheduled": N_("The meeting is scheduled. Write its agenda next."),
    "drafted": N_("The draft is made, with its agenda. Check it, then publish."),
    "template-written": N_("The template is kept. Its agenda stands below."),
    "series-begun": N_("The drafts are made. Each one is published by itself."),
    "series-changed": N_("The drafts are changed. Published meetings stay as they are."),
    "series-ended": N_("The drafts are cancelled. Published meetings stay as they are."),
    "opened-to-public": N_("Anybody may follow the meeting now."),
    "closed-to-public": N_("The meeting is no longer open to the public."),
    "cancelled": N_("The meeting is cancelled. The members have been told."),
    "laid": N_("The paper is laid."),
    "withdrawn": N_("Withdrawn."),
    "removed": N_("Removed."),
    "postponed": N_("Postponed."),
    "supplement-issued": N_("The supplement is issued. Everybody concerned has been told what changed."),
    "agenda-read": N_("Your reading is confirmed."),
    "agenda-frozen": N_("The agenda is frozen."),
    "agenda-released": N_("The agenda can be changed again."),
    "handed-in": N_("Your question is handed in."),
    "listed": N_("Listed. Everybody who attends can read it now."),
    "checked-in": N_("You are recorded as present."),
    "counted": N_("Your ballot is counted."),
    "signed": N_("Signed."),
    "issued": N_("The resolution is issued."),
    "assigned": N_("The task is assigned."),
    "reported": N_("The report is sent."),
    "verified": N_("The task is verified."),
    "returned": N_("The report is returned."),
    "accepted": N_("The task is accepted."),
    "task-cancelled": N_("The task is cancelled. The agencies have been told."),
    "refreshed": N_("Figures and names are taken anew from the journal. Your words are kept."),
    "minutes-published": N_("The minutes are published."),
    "consultation-drafted": N_("The draft is saved. Lay its papers, then hand it to the chair."),
    "handed-to-chair": N_("The chair has been told."),
    "opinions-asked": N_("The members are asked. They have been notified."),
    "opinion-given": N_("Your opinion is recorded."),
    "entered": N_("It is written down. It counts once a second person confirms it."),
    "entered-confirmed": N_("Confirmed. The opinion counts, marked as entered from paper."),
    "stood-aside": N_("This is recorded. Who stands aside has no ballot and no papers here."),
    "reminded": N_("Those whose opinion is missing have been reminded."),
    "extended": N_("The members have more time, and have been told."),
    "opinions-counted": N_("The opinions are counted."),
    "put-on-agenda": N_("It stands on the agenda."),
    "convened": N_("The session is convened. The members have been told."),
    "session-planned": N_("The session is planned. Plan its sittings next."),
    "sittings-planned": N_("The drafts are made. Write their agendas next."),
    "signed-out": N_("You are signed out."),
    "programme-begun": N_("The programme is begun. Write its entries, or take them from a table file."),
    "programme-approved": N_("The programme is approved. Its agencies have been told."),
    "dossier-begun": N_("The draft is kept. Lay its documents, then submit it."),
    "dossier-submitted": N_("The dossier is submitted. Whoever takes its next step has been told."),
    "step-passed": N_("The step is done."),
    "dossier-returned": N_("The dossier is returned. The agency has been told why."),
    "dossier-opinion": N_("The opinion is given."),
    "dossier-admitted": N_("The dossier is an item of the agenda now."),
}
"""What a page says after an act; the address carries only the code."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person as the shell shows them."""

    name: str
    initials: str
    language: str
    roles: frozenset[str]
    csrf: str
    person: str


class Kept:
    """Shared bytes by what they show, the least used thrown away first. They never hold anything personal."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._bytes: OrderedDict[tuple[object, ...], str] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> str | None:
        """The kept page part, if it is there."""
        found = self._bytes.get(key)
        if found is not None:
            self._bytes.move_to_end(key)
        return found

    def put(self, key: tuple[object, ...], html: str) -> str:
        """Keep a page part and give it back."""
        old = self._bytes.pop(key, None)
        self._size += len(html) - (len(old) if old else 0)
        self._bytes[key] = html
        while self._size > self._limit and len(self._bytes) > 1:
            _, dropped = self._bytes.popitem(last=False)
            self._size -= len(dropped)
        return html


class Renderer:
    """The template environment: strict about unknown names, escaping everything, in the language of the moment."""

    def __init__(self) -> None:
        self.env = Environment(
            loader=FileSystemLoader(resources.TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        install: Callable[..., None] = self.env.install_gettext_callables  # type: ignore[attr-defined]
        install(language.gettext, language.ngettext, newstyle=True)
        shared: dict[str, Any] = self.env.globals
        shared["asset"] = cache(resources.asset)
        self.env.filters.update(
            date=language.date_text,
            longdate=language.long_date_text,
            time=language.time_text,
            datetime=language.datetime_text,
            longdatetime=language.long_datetime_text,
            number=language.number_text,
            percent=language.percent_text,
            local=local_text,
            daybefore=day_before,
            notice_text=notice_text,
        )
        self.kept = Kept()

    def warm(self, *templates: str) -> None:
        """Read these templates and the languages, so that nobody waits for it later."""
        for spoken in language.LANGUAGES:
            language.catalog(spoken)
        for template in templates:
            self.env.get_template(template)

    def text(self, template: str, **context: Any) -> str:
        """A template's text."""
        return self.env.get_template(template).render(context)


def local_text(starts_local: str) -> str:
    """A meeting's kept local start, written in full: `Thứ Ba, 24/11/2026, 08:30`.

    A council book knows only the day of a meeting; such a start is midnight, and no time is shown.
    """
    start = datetime.fromisoformat(starts_local)
    return language.long_datetime_text(start) if start.time() else language.long_date_text(start)


def day_before(moment: datetime) -> str:
    """Where a countdown of a day that ends at `moment` begins, for the clocks of the page."""
    return (moment - timedelta(days=1)).isoformat()


def notice_text(notification: Notification) -> str:
    """A notification in the reader's language; its local start is written out."""
    facts = dict(notification.facts)
    if "starts" in facts:
        facts["starts"] = local_text(facts["starts"])
    return language.text(notification.message, **facts)


def viewer_of(request: MeetingsRequest) -> Viewer | None:
    """The person for the shell; None for a stranger."""
    actor: Actor | None = request.scope.get("user")  # an unknown address never meets the sign-in check
    if actor is None:
        return None
    words = actor.name.split()
    initials = (words[0][0] + words[-1][0]).upper() if len(words) > 1 else actor.name[:2].upper()
    roles = frozenset(role.value for role in actor.roles())
    return Viewer(actor.name, initials, language.current(), roles, request.csrf, str(actor.person))


def navigation(actor: Actor | None, path: str) -> list[tuple[str, str, str, bool]]:
    """The rail: address, icon, label, and whether it is where one is."""
    if actor is None:
        return []
    entries = [
        ("/", "house", N_("Home"), True),
        ("/meetings", "calendar-days", N_("Meetings"), actor.may(Right.ATTEND)),
        ("/papers", "files", N_("Papers"), actor.may(Right.ATTEND)),
        ("/tasks", "list-checks", N_("Tasks"), True),
        ("/calendar", "calendar", N_("Calendar"), actor.may(Right.ATTEND) or actor.may(Right.ADMINISTER)),
        ("/dossiers", "folder-open", N_("Dossiers"), _handles_dossiers(actor)),
        ("/consultations", "mail", N_("Consultations"), actor.may(Right.ATTEND)),
        ("/resolutions", "stamp", N_("Resolutions"), actor.may(Right.ATTEND) or Role.AGENCY in actor.roles()),
        ("/council", "users", N_("Council"), True),
    ]
    return [
        (
            address,
            icon,
            language.gettext(label),
            path == address or (address != "/" and path.startswith(address + "/")),
        )
        for address, icon, label, shown in entries
        if shown
    ]


def _handles_dossiers(actor: Actor) -> bool:
    """Agencies submit dossiers; a body's secretariat and chair take steps of them."""
    return any(actor.may(right) for right in (Right.CARRY_OUT, Right.PREPARE, Right.RUN_ROOM))


def context_of(request: MeetingsRequest, **context: Any) -> dict[str, Any]:
    """What every page gets, beside its own."""
    done = DONE.get(request.query_params.get("done", ""))
    return {
        "viewer": viewer_of(request),
        "nav": navigation(request.scope.get("user"), request.url.path),
        "language": language.current(),
        "large_type": request.cookies.get(TYPE_COOKIE) == "large",
        "now": request.house.store.clock().isoformat(),
        "flashes": [("good", language.gettext(done))] if done else [],
    } | context


def page(request: MeetingsRequest, template: str, *, status_code: int = 200, **context: Any) -> Response[str]:
    """A whole page, for this reader only."""
    html = request.house.renderer.text(template, **context_of(request, **context))
    return Response(
        html, media_type=MediaType.HTML, status_code=status_code, headers={"cache-control": "no-store"}
    )


def shared_page(
    request: MeetingsRequest, template: str, key: Sequence[object], shared: dict[str, Any], **context: Any
) -> Response[str]:
    """A page whose middle is the same for its whole audience: rendered once per `key`, kept, and put into the shell.

    `template` reads only `shared`, which must hold nothing personal; the shell reads `context`.
    """
    renderer = request.house.renderer
    middle = shared_bytes(request, template, key, shared)
    around = context_of(request, **context)
    html = (
        renderer.text("parts/shell_top.html", **around)
        + middle
        + renderer.text("parts/shell_bottom.html", **around)
    )
    return Response(html, media_type=MediaType.HTML, headers={"cache-control": "no-store"})


def shared_bytes(
    request: MeetingsRequest, template: str, key: Sequence[object], shared: dict[str, Any]
) -> str:
    """The kept text of a shared part, rendered if it is not kept yet."""
    renderer = request.house.renderer
    name = (template, language.current(), *key)
    return renderer.kept.get(name) or renderer.kept.put(name, renderer.text(template, **shared))


def fragment(request: MeetingsRequest, template: str, **context: Any) -> Response[str]:
    """A part of a page, answered to htmx; personal, never kept."""
    html = request.house.renderer.text(template, **context_of(request, **context))
    return Response(html, media_type=MediaType.HTML, headers={"cache-control": "no-store"})


def shared_fragment(
    request: MeetingsRequest, template: str, key: Sequence[object], shared: dict[str, Any]
) -> Response[str]:
    """A part of a page that is the same for its whole audience, with its version as ETag."""
    etag = '"' + "-".join(str(part) for part in (language.current(), *key)) + '"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "cookie"}
    if request.headers.get("if-none-match") == etag:
        return Response("", status_code=304, headers=headers)
    return Response(shared_bytes(request, template, key, shared), media_type=MediaType.HTML, headers=headers)


def done(address: str, code: str = "") -> Redirect:
    """After an act: go to a page, which says what was done (a code of DONE)."""
    joint = "&" if "?" in address else "?"
    path, _, anchor = address.partition("#")
    target = f"{path}{joint}done={code}" if code else path
    return Redirect(target + (f"#{anchor}" if anchor else ""), status_code=303)
