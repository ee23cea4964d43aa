"""Forms of terms and sessions: opened, planned, filled with sittings in one act, divided into groups."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.council_sessions import Wanted, change_session, plan_session, plan_sittings
from meetings.before.council_terms import change_term, open_term
from meetings.before.discussion_groups import GroupFacts, change_group, form_groups
from meetings.before.session_facts import SessionFacts
from meetings.before.session_reading import read_session, sessions_of
from meetings.council.bodies import holders, members_in_office
from meetings.language import N_, gettext, long_date_text
from meetings.rules.council_sessions import HOURS, MOST_GROUPS, SittingKind, next_number
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import DayPart
from meetings.storage.tables import Body, CouncilTerm, DiscussionGroup
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.council_sessions import KINDS
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, chosen_id, day, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.weekly_schedule import PARTS

PREPARE, ADMINISTER = {"permission": Right.PREPARE}, {"permission": Right.ADMINISTER}
LABELS = {
    "name": ("name", N_("Name")),
    "since": ("since", N_("First day")),
    "until": ("until", N_("Last day")),
    "number": ("number", N_("Number")),
    "kind": ("kind", N_("Kind")),
    "place": ("place", N_("Place")),
    "note": ("note", N_("Note")),
    "members": ("members", N_("Members")),
}
Act = Callable[[Work, Actor, Mapping[str, str]], Awaitable[str]]
Show = Callable[[Form, int], Awaitable[Response[str]]]


async def _keep(request: MeetingsRequest, act: Act, show: Show, said: str) -> Response[str] | Redirect:
    """Do what the form asks and go where the act says, or show the form again with the refusal beside it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            there = await act(work, request.actor, sent)
    except Refused as refusal:
        if refusal.code in ("forbidden", "not-found"):
            raise
        return await show(sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(there, said)


@get(["/bodies/{body_id:uuid}/terms/new", "/bodies/{body_id:uuid}/terms/{term:uuid}"], opt=ADMINISTER)
async def term_form(
    request: MeetingsRequest, body_id: FromPath[UUID], term: FromPath[UUID | None] = None
) -> Response[str]:
    """The form of a term."""
    return await _term_form(request, body_id, term, BLANK, 200)


@post(
    ["/bodies/{body_id:uuid}/terms/new", "/bodies/{body_id:uuid}/terms/{term:uuid}"], opt=ADMINISTER,
    status_code=200,
)  # fmt: skip
async def term_submit(
    request: MeetingsRequest, body_id: FromPath[UUID], term: FromPath[UUID | None] = None
) -> Response[str] | Redirect:
    """Open it, or correct it."""

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        since, until = _span(sent)
        if term is None:
            await open_term(work, actor, body_id, name=sent.get("name", ""), since=since, until=until)
        else:
            await change_term(work, actor, term, name=sent.get("name", ""), since=since, until=until)
        return f"/bodies/{body_id}/sessions"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _term_form(request, body_id, term, form, status_code)

    return await _keep(request, act, show, "saved")


async def _term_form(
    request: MeetingsRequest, body_id: UUID, term: UUID | None, form: Form, status_code: int
) -> Response[str]:
    async with request.house.store.reading() as reading:
        body = await reading.get(Body, body_id)
        kept = await reading.get(CouncilTerm, term) if term else None
    return page(request, "council/term_form.html", status_code=status_code, body=body, kept=kept, form=form)


@get("/bodies/{body_id:uuid}/sessions/new", opt=PREPARE)
async def session_new(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str]:
    """The form of a new session."""
    return await _new_form(request, body_id, BLANK, 200)


@post("/bodies/{body_id:uuid}/sessions/new", opt=PREPARE, status_code=200)
async def session_new_submit(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str] | Redirect:
    """Plan it, then go on to its sittings."""

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        return f"/council-sessions/{(await plan_session(work, actor, body_id, _facts(sent))).id}"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _new_form(request, body_id, form, status_code)

    return await _keep(request, act, show, "session-planned")


async def _new_form(request: MeetingsRequest, body_id: UUID, form: Form, status_code: int) -> Response[str]:
    request.actor.must(Right.PREPARE, body=body_id)
    async with request.house.store.reading() as reading:
        body = await reading.get(Body, body_id)
        terms = await sessions_of(reading, request.actor, body_id)
    taken = [line.session.number for line in terms[0].sessions] if terms else []
    return page(
        request, "before/session_form.html", status_code=status_code, body=body, kept=None, form=form, kinds=KINDS,
        number=next_number(taken), missing=not terms,
    )  # fmt: skip


@get("/council-sessions/{session:uuid}/edit", opt=PREPARE)
async def session_edit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str]:
    """The form with what is known."""
    return await _edit_form(request, session, BLANK, 200)


@post("/council-sessions/{session:uuid}/edit", opt=PREPARE, status_code=200)
async def session_edit_submit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct it."""

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        await change_session(work, actor, session, _facts(sent))
        return f"/council-sessions/{session}"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _edit_form(request, session, form, status_code)

    return await _keep(request, act, show, "saved")


async def _edit_form(request: MeetingsRequest, session: UUID, form: Form, status_code: int) -> Response[str]:
    async with request.house.store.reading() as reading:
        view = await read_session(reading, request.actor, session)
    request.actor.must(Right.PREPARE, body=view.body.id)
    return page(
        request, "before/session_form.html", status_code=status_code, body=view.body, kept=view.session, form=form,
        kinds=KINDS, number=view.session.number, missing=False, name=view.name,
    )  # fmt: skip


@get("/council-sessions/{session:uuid}/plan", opt=PREPARE)
async def plan_form(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str]:
    """Days by parts of the day: what is wanted where."""
    return await _plan_form(request, session, BLANK, 200)


@post("/council-sessions/{session:uuid}/plan", opt=PREPARE, status_code=200)
async def plan_submit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str] | Redirect:
    """Drafts for all of it in one act."""

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        await plan_sittings(work, actor, session, _wanted(sent))
        return f"/council-sessions/{session}"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _plan_form(request, session, form, status_code)

    return await _keep(request, act, show, "sittings-planned")


async def _plan_form(request: MeetingsRequest, session: UUID, form: Form, status_code: int) -> Response[str]:
    async with request.house.store.reading() as reading:
        view = await read_session(reading, request.actor, session)
    request.actor.must(Right.PREPARE, body=view.body.id)
    first, count = view.session.since, (view.session.until - view.session.since).days + 1
    starts = {one.meeting.starts_local for one in view.sittings if one.meeting.state != "cancelled"}
    days = [
        (on, long_date_text(on), {part for part in PARTS if f"{on}T{HOURS[DayPart(part)][0]}" in starts})
        for on in (first + timedelta(days=ahead) for ahead in range(count))
    ]
    choices = [("", gettext(N_("None"))), (SittingKind.PLENARY.value, gettext(N_("Plenary sitting")))]
    if view.groups:
        choices.append((SittingKind.GROUP.value, gettext(N_("Discussion in groups"))))
    return page(
        request, "before/session_plan.html", status_code=status_code, view=view, form=form, days=days, parts=PARTS,
        hours=HOURS, choices=choices,
    )  # fmt: skip


@post("/council-sessions/{session:uuid}/groups", opt=PREPARE, status_code=200)
async def groups_submit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str] | Redirect:
    """Divide the members among so many groups."""

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        await form_groups(work, actor, session, whole_number(sent.get("count", ""), "number") or 0)
        return f"/council-sessions/{session}#groups"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _groups_form(request, session, form, status_code)

    return await _keep(request, act, show, "saved")


@get("/council-sessions/{session:uuid}/groups", opt=PREPARE)
async def groups_form(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str]:
    """Into how many groups the members are divided."""
    return await _groups_form(request, session, BLANK, 200)


async def _groups_form(
    request: MeetingsRequest, session: UUID, form: Form, status_code: int
) -> Response[str]:
    async with request.house.store.reading() as reading:
        view = await read_session(reading, request.actor, session)
        request.actor.must(Right.PREPARE, body=view.body.id)
        members = await members_in_office(reading, view.body.id, view.session.since)
    return page(
        request, "before/session_groups.html", status_code=status_code, view=view, form=form,
        members=len(members), most=min(MOST_GROUPS, len(members)),
    )  # fmt: skip


@get("/discussion-groups/{group:uuid}", opt=PREPARE)
async def group_form(request: MeetingsRequest, group: FromPath[UUID]) -> Response[str]:
    """The form of one group."""
    return await _group_form(request, group, BLANK, 200)


@post("/discussion-groups/{group:uuid}", opt=PREPARE, status_code=200)
async def group_submit(request: MeetingsRequest, group: FromPath[UUID]) -> Response[str] | Redirect:
    """Set its people and place."""
    named = [one for one in map(chosen_id, (await request.form()).getall("members", [])) if one]

    async def act(work: Work, actor: Actor, sent: Mapping[str, str]) -> str:
        facts = GroupFacts(
            place=sent.get("place", ""), chair=chosen_id(sent.get("chair", "")),
            secretary=chosen_id(sent.get("secretary", "")), members=named,
        )  # fmt: skip
        return f"/council-sessions/{(await change_group(work, actor, group, facts)).session_id}#groups"

    async def show(form: Form, status_code: int) -> Response[str]:
        return await _group_form(request, group, form, status_code, frozenset(named))

    return await _keep(request, act, show, "saved")


async def _group_form(
    request: MeetingsRequest, group: UUID, form: Form, status_code: int, named: frozenset[UUID] | None = None
) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await reading.get(DiscussionGroup, group)
        view = await read_session(reading, request.actor, kept.session_id)
        request.actor.must(Right.PREPARE, body=view.body.id)
        members = await members_in_office(reading, view.body.id, view.session.since)
        people = await _secretaries(reading, view.body.id, [(one.person, one.name) for one in members])
    where = {person: one.group for one in view.groups for person, _ in one.members}
    chosen = named if named is not None else {person for person, at in where.items() if at.id == group}
    return page(
        request, "before/session_group.html", status_code=status_code, view=view, kept=kept, form=form,
        members=[(one, where.get(one.person)) for one in members], chosen=chosen, people=people,
    )  # fmt: skip


async def _secretaries(
    reading: Reading, body: UUID, members: Sequence[tuple[UUID, str]]
) -> Sequence[tuple[UUID, str]]:
    """Who may keep the record of a group: the secretaries of the body first, then its members."""
    own = [(one.id, one.name) for one in await holders(reading, body, Role.SECRETARY)]
    return [*own, *(one for one in members if one not in own)]


def _span(sent: Mapping[str, str]) -> tuple[date, date]:
    since, until = day(sent.get("since", ""), "since"), day(sent.get("until", ""), "until")
    if since is None or until is None:
        raise Refused("field-missing", field="until" if since else "since")
    return since, until


def _facts(sent: Mapping[str, str]) -> SessionFacts:
    since, until = _span(sent)
    return SessionFacts(
        kind=sent.get("kind", ""), since=since, until=until, number=whole_number(sent.get("number", ""), "number"),
        place=sent.get("place", ""), note=sent.get("note", ""),
    )  # fmt: skip


def _wanted(sent: Mapping[str, str]) -> list[Wanted]:
    """Inputs are named `DAY-PART`; an empty one means nothing there."""
    found: list[Wanted] = []
    for name, kind in sent.items():
        on, _, part = name.rpartition("-")
        if kind and part in PARTS:
            if kind not in tuple(SittingKind):
                raise Refused("wrong-input", field="sitting")
            wanted = day(on, "day")
            if wanted:
                found.append(Wanted(day=wanted, part=DayPart(part), kind=SittingKind(kind)))
    return found


handlers = [
    term_form, term_submit, session_new, session_new_submit, session_edit, session_edit_submit, plan_form, plan_submit,
    groups_form, groups_submit, group_form, group_submit,
]  # fmt: skip
