"""The deadlines of a body, by kind of meeting, as a form for administrators; working days, 0 for none."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.deadlines import set_deadlines
from meetings.language import N_
from meetings.rules.deadlines import all_periods
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, sent_back, whole_number
from meetings.web.meetings import KINDS
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

ADMINISTER = {"permission": Right.ADMINISTER}
PERIODS = {
    "notice_days": N_("Notice, days before the meeting"),
    "papers_days": N_("Papers, days before the meeting"),
    "conclusions_days": N_("Conclusions, days after the meeting"),
}


@get("/council/bodies/{body_id:uuid}/deadlines", opt=ADMINISTER)
async def deadlines_form(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str]:
    """The form with what is in force."""
    return await _form(request, body_id, BLANK)


@post("/council/bodies/{body_id:uuid}/deadlines", opt=ADMINISTER, status_code=200)
async def deadlines_submit(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str] | Redirect:
    """Set them; warnings go by them from now on, for meetings that are planned already too."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await set_deadlines(work, request.actor, body_id, _sent(sent))
    except Refused as refusal:
        field = str(refusal.facts.get("field", ""))
        labels = {field: (field, PERIODS.get(field.partition("-")[2], N_("Days")))}
        return await _form(request, body_id, sent_back(sent, refusal, labels), STATUS.get(refusal.code, 409))
    return done(f"/council/bodies/{body_id}/deadlines", "saved")


async def _form(request: MeetingsRequest, body: UUID, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await reading.get(Body, body)
    return page(
        request, "council/deadlines.html", status_code=status_code, body=kept, periods=PERIODS, form=form,
        kinds=KINDS, shown=all_periods(kept.deadlines),
    )  # fmt: skip


def _sent(sent: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Inputs are named `KIND-notice_days`; an empty one means no period."""
    found: dict[str, dict[str, int]] = {}
    for name, value in sent.items():
        kind, _, period = name.rpartition("-")
        if kind and period in PERIODS:
            found.setdefault(kind, {})[period] = whole_number(value, name) or 0
    return found


handlers = [deadlines_form, deadlines_submit]
