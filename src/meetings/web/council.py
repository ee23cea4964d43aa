"""Who is who: bodies with their members and offices, and the agencies; administrators keep all of it."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.council_terms import bodies_with_terms
from meetings.council.bodies import (
    Member,
    agencies,
    begin_membership,
    found_agency,
    found_body,
    members_in_office,
)
from meetings.council.persons import disable_account, enter_person, grant_role, hash_password, open_account
from meetings.during.seating import may_draw
from meetings.language import LANGUAGES, N_, gettext
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account, Body, Person, RoleGrant
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, chosen_id, day, needed_id, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.rule_words import usual_rule_options

ROLES = {
    Role.CHAIR: N_("Chair"),
    Role.SECRETARY: N_("Secretary"),
    Role.OBSERVER: N_("Observer"),
    Role.AGENCY: N_("Agency officer"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
"""The roles that are granted, as message ids; the delegate's comes with the seat."""
KINDS = {"council": N_("Council"), "committee": N_("Committee"), "board": N_("Board")}
"""Kinds of a body, as message ids."""
LABELS = {
    "name": ("name", N_("Name")),
    "login": ("login", N_("Sign-in name")),
    "person": ("person", N_("Person")),
    "body": ("body", N_("Body")),
    "since": ("since", N_("Since")),
    "until": ("until", N_("Until")),
    "role": ("role", N_("Role")),
    "agency": ("agency", N_("Agency")),
    "symbol": ("symbol", N_("Symbol on documents")),
    "seats": ("seats", N_("Seats")),
    "weight": ("weight", N_("Weight of the vote")),
    "kind": ("kind", N_("Kind")),
    "default_rule": ("default_rule", N_("Voting rule")),
}


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body with who sits in it today and who holds an office there."""

    body: Body
    members: Sequence[Member]
    offices: Sequence[tuple[str, Sequence[str]]]


@get("/council", opt={"permission": Right.SIGNED_IN})
async def council(request: MeetingsRequest) -> Response[str]:
    """Every body with its members in office, in the order names are read, and every agency."""
    async with request.house.store.reading() as reading:
        bodies = await _bodies(reading)
        offices = await _offices(reading)
        views = [
            BodyView(body, await members_in_office(reading, body.id, reading.today), offices.get(body.id, []))
            for body in bodies
        ]
        officers = await _officers(reading)
        found = [(agency, officers.get(agency.id, [])) for agency in await agencies(reading)]
        with_terms = await bodies_with_terms(reading)
    return page(
        request, "council/council.html", bodies=views, agencies=found, kinds=KINDS,
        may_administer=request.actor.may(Right.ADMINISTER),
        drawable={view.body.id for view in views if may_draw(request.actor, view.body.id)},
        in_sessions={one for one in with_terms if request.actor.may(Right.ATTEND, body=one)},
    )  # fmt: skip


@get("/council/manage", opt={"permission": Right.ADMINISTER})
async def manage(request: MeetingsRequest) -> Response[str]:
    """The administrator's forms."""
    return await _manage(request)


async def _manage(
    request: MeetingsRequest, which: str = "", form: Form = BLANK, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        people = (await reading.session.scalars(select(Person).order_by(Person.sort_key, Person.id))).all()
        accounts = (
            await reading.session.execute(
                select(Account, Person.name)
                .join(Person, Person.id == Account.person_id)
                .order_by(Person.sort_key, Person.id)
            )
        ).all()
        bodies = await _bodies(reading)
        found = await agencies(reading)
        today = reading.today
    return page(
        request, "council/manage.html", status_code=status_code, people=people, accounts=accounts, bodies=bodies,
        agencies=found, roles=ROLES, kinds=KINDS, languages=LANGUAGES, rules=usual_rule_options(),
        today=today.isoformat(), forms={which: form}, blank=BLANK, own=request.actor.account,
    )  # fmt: skip


async def _keep(
    request: MeetingsRequest, which: str, act: Callable[[Work, Actor, Mapping[str, str]], Awaitable[object]]
) -> Response[str] | Redirect:
    """Do what a form asks, or show it again with the refusal beside it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await act(work, request.actor, sent)
    except Refused as refusal:
        shown = {name: value for name, value in sent.items() if name != "password"}
        form = sent_back(shown, refusal, LABELS)
        return await _manage(request, which, form, STATUS.get(refusal.code, 409))
    return done(f"/council/manage#{which}", "saved")


@post("/council/persons", opt={"permission": Right.ADMINISTER}, status_code=200)
async def add_person(request: MeetingsRequest) -> Response[str] | Redirect:
    """Enter a person, with an account where a sign-in name is given."""
    sent = await request.fields()
    login, hashed = sent.get("login", "").strip(), ""
    if login:
        try:
            hashed = await asyncio.to_thread(hash_password, sent.get("password", ""))
        except Refused as refusal:
            shown = {name: value for name, value in sent.items() if name != "password"}
            form = Form(shown, {"password": sent_back({}, refusal, {}).error()})
            return await _manage(request, "person", form, STATUS.get(refusal.code, 409))

    async def enter(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        person = await enter_person(
            work, actor, name=sent.get("name", ""), email=sent.get("email", "").strip(),
            title=sent.get("title", "").strip(),
        )  # fmt: skip
        if hashed:
            language = sent.get("language", "")
            await open_account(
                work, actor, person=person.id, login=login, password_hash=hashed,
                language=language if language in LANGUAGES else LANGUAGES[0],
            )  # fmt: skip

    return await _keep(request, "person", enter)


@post("/council/memberships", opt={"permission": Right.ADMINISTER}, status_code=200)
async def add_membership(request: MeetingsRequest) -> Response[str] | Redirect:
    """Give a person a seat in a body for a time."""

    async def begin(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        since = day(sent.get("since", ""), "since")
        if since is None:
            raise Refused("field-missing", field="since")
        weight = whole_number(sent.get("weight", ""), "weight")
        if weight == 0:
            raise Refused("wrong-input", field="weight")
        await begin_membership(
            work, actor, body=(await work.get(Body, needed_id(sent.get("body", ""), "body"))).id,
            person=(await work.get(Person, needed_id(sent.get("person", ""), "person"))).id, since=since,
            until=day(sent.get("until", ""), "until"), weight=weight or 1, group=sent.get("group", "").strip(),
            area=sent.get("area", "").strip(),
        )  # fmt: skip

    return await _keep(request, "membership", begin)


@post("/council/roles", opt={"permission": Right.ADMINISTER}, status_code=200)
async def add_role(request: MeetingsRequest) -> Response[str] | Redirect:
    """Grant a role: in a body, for an agency, or in the whole house."""

    async def grant(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        role = next((one for one in ROLES if one == sent.get("role", "")), None)
        if role is None:
            raise Refused("field-missing", field="role")
        body, agency = chosen_id(sent.get("body", "")), chosen_id(sent.get("agency", ""))
        person = await work.get(Person, needed_id(sent.get("person", ""), "person"))
        await grant_role(work, actor, person=person.id, role=role, body=body, agency=agency)

    return await _keep(request, "role", grant)


@post("/council/accounts/disable", opt={"permission": Right.ADMINISTER}, status_code=200)
async def disable_account_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """End an account's sign-ins and tokens at once."""

    async def disable(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        await disable_account(work, actor, login=sent.get("login", ""))

    response = await _keep(request, "accounts", disable)
    await request.house.realtime.recheck()
    return response


@post("/council/agencies", opt={"permission": Right.ADMINISTER}, status_code=200)
async def add_agency(request: MeetingsRequest) -> Response[str] | Redirect:
    """Enter an agency that will carry out tasks."""

    async def found(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        name = " ".join(sent.get("name", "").split())
        if not name:
            raise Refused("field-missing", field="name")
        await found_agency(work, actor, name=name, short_name=sent.get("short_name", "").strip())

    return await _keep(request, "agency", found)


@post("/council/bodies", opt={"permission": Right.ADMINISTER}, status_code=200)
async def add_body(request: MeetingsRequest) -> Response[str] | Redirect:
    """Enter a council, committee or board."""

    async def found(work: Work, actor: Actor, sent: Mapping[str, str]) -> None:
        if sent.get("kind", "") not in KINDS:
            raise Refused("wrong-input", field="kind")
        rule = sent.get("default_rule", "")
        if rule not in dict(usual_rule_options()):
            raise Refused("wrong-input", field="default_rule")
        seats = whole_number(sent.get("seats", ""), "seats")
        if seats is None:
            raise Refused("field-missing", field="seats")
        parent = chosen_id(sent.get("parent", ""))
        await found_body(
            work, actor, name=" ".join(sent.get("name", "").split()), seats=seats, kind=sent["kind"],
            parent=(await work.get(Body, parent)).id if parent else None, symbol=sent.get("symbol", "").strip(),
            superior=sent.get("superior", "").strip(), town=sent.get("town", "").strip(), default_rule=rule,
        )  # fmt: skip

    return await _keep(request, "body", found)


async def _bodies(reading: Reading) -> Sequence[Body]:
    """Councils first, each followed by what belongs to it, by name."""
    bodies = (await reading.session.scalars(select(Body).order_by(Body.name))).all()
    tops = [body for body in bodies if body.parent_id is None]
    known = {body.id: body for body in bodies}

    def root(body: Body) -> UUID:
        seen = {body.id}
        while body.parent_id and body.parent_id not in seen:
            body = known[body.parent_id]
            seen.add(body.id)
        return body.id

    return [one for top in tops for one in [top, *(b for b in bodies if b.parent_id and root(b) == top.id)]]


async def _offices(reading: Reading) -> dict[UUID, list[tuple[str, Sequence[str]]]]:
    """The names of chair, secretaries and observers by body, chairs first."""
    rows = await reading.session.execute(
        select(RoleGrant.body_id, RoleGrant.role, Person.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.body_id.is_not(None))
        .order_by(Person.sort_key, Person.id)
    )
    held: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for body, role, name in rows:
        if body:
            held[body, role].append(name)
    return {
        body: [(gettext(word), held[body, role]) for role, word in ROLES.items() if (body, role) in held]
        for body in {body for body, _ in held}
    }


async def _officers(reading: Reading) -> dict[UUID, list[str]]:
    """Who acts for each agency."""
    rows = await reading.session.execute(
        select(RoleGrant.agency_id, Person.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.agency_id.is_not(None))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for agency, name in rows:
        if agency:
            found[agency].append(name)
    return found


handlers = [
    council, manage, add_person, add_membership, add_role, disable_account_submit, add_agency, add_body,
]  # fmt: skip
