"""Drawing a seating plan: one form, which also works as a table; the drawing in the browser fills the same fields."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import select

from meetings.council.bodies import Member, members_in_office
from meetings.during.seating import arranged, may_draw, plans_of, ready_made, save_plan, saved_plan
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.seating import Piece, Plan, as_data, laid_out, seating, with_one_more
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.errors import STATUS, sentence
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest, written

LAYOUT_WORDS = {
    "hemicycle": N_("Half circles"),
    "rows": N_("Rows with an aisle"),
    "u": N_("Tables in a U"),
}
ORDER_WORDS = {
    "names": N_("In the order of names"),
    "groups": N_("Groups together"),
    "keep": N_("Leave the names as they are"),
}
PIECE_WORDS = {Piece.PODIUM: N_("Podium"), Piece.TABLE: N_("Table"), Piece.DOOR: N_("Door")}
PLACE_FIELDS = ("id", "label", "who", "x", "y")
PIECE_FIELDS = ("kind", "label", "x", "y", "w", "h")
SAID = {"x": "from_the_left", "y": "from_the_front", "w": "width", "h": "depth", "height": "depth"}
"""What a refused number is called."""

Rows = list[dict[str, str]]
Columns = Mapping[str, list[str]]


@get("/bodies/{body_id:uuid}/seating", opt={"permission": Right.SIGNED_IN})
async def seating_page(
    request: MeetingsRequest, body_id: FromPath[UUID], room: Annotated[str, QueryParameter(name="place")] = ""
) -> Response[str]:
    """The plan of one room; where none was drawn yet, a proposal for the members in office."""
    async with request.house.store.reading() as reading:
        held_by = await _drawn_by(request, reading, body_id)
        place = " ".join(room.split()) or await _likely_place(reading, body_id)
        kept = await saved_plan(reading, body_id, place)
        plan = kept.plan if kept else as_data(await ready_made(reading, body_id, layout="hemicycle"))
        form = await _fields_of(reading, body_id, place, plan)
        return await _editor(request, reading, held_by, form, saved=kept is not None)


@post("/bodies/{body_id:uuid}/seating", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def seating_submit(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str] | Redirect:
    """Save the plan; or arrange it anew, or add a place, and show the form again without saving."""
    sent = await _sent(request)
    form = _as_sent(sent)
    act = (sent.get("act") or ["save"])[0]
    async with request.house.store.work() as work:
        held_by = await _drawn_by(request, work, body_id)
        try:
            if act == "save":
                plan = await _data(work, body_id, form)
                kept = await save_plan(work, request.actor, body_id, place=form["place"], plan=plan)
                return done(f"/bodies/{body_id}/seating?place={quote(kept.place)}", "saved")
            changed = await _changed(work, body_id, form, act)
        except Refused as refusal:
            return await _editor(request, work, held_by, form, refusal=refusal)
        form |= await _fields_of(work, body_id, form["place"], as_data(changed))
        return await _editor(request, work, held_by, form)


async def _changed(reading: Reading, body: UUID, form: Mapping[str, Any], act: str) -> Plan:
    """The plan with a place more, in another layout, or with the members put on its places."""
    if act == "add":
        return with_one_more(seating(await _data(reading, body, form)))
    members = await members_in_office(reading, body, reading.today)
    if form["layout"]:
        plan = laid_out(form["layout"], _number(form["count"] or str(max(1, len(members))), "places"))
        return arranged(plan, members, form["order"])
    return arranged(seating(await _data(reading, body, form)), members, form["order"])


async def _drawn_by(request: MeetingsRequest, reading: Reading, body: UUID) -> Body:
    found = await reading.get(Body, body)
    if not may_draw(request.actor, body):
        raise Refused("forbidden")
    return found


async def _likely_place(reading: Reading, body: UUID) -> str:
    """Where the body's latest meeting is held."""
    latest = select(Meeting.place).where(Meeting.body_id == body).order_by(Meeting.starts_at.desc()).limit(1)
    return " ".join((await reading.session.scalar(latest) or "").split())


async def _editor(
    request: MeetingsRequest,
    reading: Reading,
    held_by: Body,
    form: Mapping[str, Any],
    *,
    saved: bool = False,
    refusal: Refused | None = None,
) -> Response[str]:
    members = await members_in_office(reading, held_by.id, reading.today)
    rooms = select(Meeting.place).where(Meeting.body_id == held_by.id, Meeting.place != "").distinct()
    places = {plan.place for plan in await plans_of(reading, held_by.id)}
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "during/seating.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        body=held_by, form=form, saved=saved, names=list(labels_of(members).values()), drawn=sorted(places),
        rooms=sorted(places | set((await reading.session.scalars(rooms)).all())), layouts=LAYOUT_WORDS,
        orders=ORDER_WORDS, pieces=PIECE_WORDS, members=len(members), **flashes,
    )  # fmt: skip


def labels_of(members: Sequence[Member]) -> dict[UUID, str]:
    """What to type for each member: the name, and where two have the same one what tells them apart."""
    same = Counter(member.name for member in members)
    labels: dict[UUID, str] = {}
    for member in members:
        more = " · ".join(part for part in (member.group, member.area) if part)
        label = f"{member.name} ({more or 1})" if same[member.name] > 1 else member.name
        number = 2
        while label in labels.values():
            label, number = f"{member.name} ({more + ' ' if more else ''}{number})", number + 1
        labels[member.person] = label
    return labels


async def _fields_of(reading: Reading, body: UUID, place: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    """A kept plan as the form's fields, persons by their names; whoever has left the body leaves the place free."""
    labels = labels_of(await members_in_office(reading, body, reading.today))
    places = cast("list[dict[str, Any]]", plan["places"])
    return {
        "place": place, "width": str(plan["width"]), "height": str(plan["height"]), "layout": "", "count": "",
        "order": "names",
        "places": [
            {name: str(one.get(name, "")) for name in PLACE_FIELDS}
            | {"who": labels.get(UUID(one["person"]), "") if one.get("person") else ""}
            for one in places
        ],
        "furniture": [
            {name: str(one[name]) for name in PIECE_FIELDS}
            for one in cast("list[dict[str, Any]]", plan["furniture"])
        ],
    }  # fmt: skip


async def _sent(request: MeetingsRequest) -> dict[str, list[str]]:
    """Every value of every text field, in the order of the form."""
    sent: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            sent.setdefault(name, []).append(written(value))
    return sent


def _as_sent(sent: Columns) -> dict[str, Any]:
    """The fields as they were typed; rows that were ticked to be removed are left out."""
    single = {name: (sent.get(name) or [""])[0] for name in ("width", "height", "layout", "count", "order")}
    removed, cleared = set(sent.get("remove", ())), set(sent.get("remove-piece", ()))
    return single | {
        "place": " ".join((sent.get("place") or [""])[0].split()),
        "places": [row for row in _rows(sent, "seat", PLACE_FIELDS) if row["id"] not in removed],
        "furniture": [
            row for number, row in enumerate(_rows(sent, "piece", PIECE_FIELDS)) if str(number) not in cleared
        ],
    }


def _rows(sent: Columns, prefix: str, names: Sequence[str]) -> Rows:
    columns = [sent.get(f"{prefix}-{name}", []) for name in names]
    if len({len(column) for column in columns}) != 1:
        raise Refused("malformed")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


async def _data(reading: Reading, body: UUID, form: Mapping[str, Any]) -> dict[str, Any]:
    """The form as a plan's data; refuses a number that is none and a name that nobody here has."""
    labels = labels_of(await members_in_office(reading, body, reading.today))
    people = {label: str(person) for person, label in labels.items()}
    places: list[dict[str, Any]] = []
    for row in cast("Rows", form["places"]):
        who = " ".join(row["who"].split())
        if who and who not in people:
            raise Refused("seat-person-unknown", name=who)
        numbers = {name: _number(row[name], name) for name in ("x", "y")}
        places.append({"id": row["id"], "label": row["label"], "person": people.get(who, "")} | numbers)
    furniture = [
        {"kind": row["kind"], "label": row["label"]}
        | {name: _number(row[name], name) for name in ("x", "y", "w", "h")}
        for row in cast("Rows", form["furniture"])
    ]
    size = {name: _number(form[name], name) for name in ("width", "height")}
    return size | {"places": places, "furniture": furniture}


def _number(text: str, name: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refused("wrong-input", field=SAID.get(name, name))
    return int(text)


handlers = [seating_page, seating_submit]
