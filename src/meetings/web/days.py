"""The administrator's page of days: what is off, what is worked, what is only proposed, year by year."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from meetings.before.days import confirm_year, fill_year, mark_day, marks_of, unmark_day
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.working_days import YEARS, DayKind
from meetings.web.calendar_tabs import calendar_tabs
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, day, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

ADMINISTER = {"permission": Right.ADMINISTER}
KINDS = {
    DayKind.OFF: N_("Off"),
    DayKind.WORKED: N_("Worked"),
    DayKind.PROPOSED: N_("Proposed"),
}
LABELS = {"day": ("day", N_("Day")), "name": ("name", N_("Name")), "kind": ("kind", N_("Kind"))}


@get("/calendar/days", opt=ADMINISTER)
async def days_page(
    request: MeetingsRequest,
    year: Annotated[int | None, QueryParameter(name="year", ge=YEARS.start, le=YEARS.stop - 1)] = None,
    changed: Annotated[str, QueryParameter(name="day")] = "",
) -> Response[str]:
    """A year's marks, and the form for one day."""
    return await _page(request, year, BLANK, changed)


@post("/calendar/days", opt=ADMINISTER, status_code=200)
async def days_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Mark a day, take a mark away, take over or confirm a year."""
    sent = await request.fields()
    year = whole_number(sent.get("year", ""), "year")
    try:
        async with request.house.store.work() as work:
            match sent.get("act", "mark"):
                case "fill":
                    await fill_year(work, request.actor, year or 0)
                case "confirm":
                    await confirm_year(work, request.actor, year or 0)
                case "remove":
                    await unmark_day(work, request.actor, _day(sent))
                case _:
                    marked = await mark_day(
                        work, request.actor, _day(sent), kind=sent.get("kind", ""), name=sent.get("name", ""),
                        confirmed=sent.get("confirmed") == "yes",
                    )  # fmt: skip
                    year = marked.day.year
    except Refused as refusal:
        form = sent_back(sent, refusal, LABELS)
        return await _page(request, year, form, "", STATUS.get(refusal.code, 409))
    return done(f"/calendar/days?year={year}", "saved")


async def _page(
    request: MeetingsRequest, year: int | None, form: Form, changed: str, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        shown = year if year is not None and year in YEARS else reading.today.year
        marks = await marks_of(reading, shown)
    return page(
        request, "before/days.html", status_code=status_code, year=shown, marks=marks, kinds=KINDS, form=form,
        changed=next((mark for mark in marks if mark.day.isoformat() == changed), None),
        unconfirmed=sum(not mark.confirmed and mark.kind != DayKind.PROPOSED for mark in marks),
        tabs=calendar_tabs(request.actor, "days"),
    )  # fmt: skip


def _day(sent: Mapping[str, str]) -> date:
    found = day(sent.get("day", ""), "day")
    if found is None or found.year not in YEARS:
        raise Refused("field-missing" if found is None else "date-wrong", field="day")
    return found


handlers = [days_page, days_submit]
