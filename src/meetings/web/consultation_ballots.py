"""Opinions that are signed or come on paper, and members who stand aside from a consultation."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.consultation_reading import opinion_file
from meetings.before.consultation_recusals import end_standing_aside, stand_aside
from meetings.before.paper_opinions import confirm_opinion, drop_opinion, enter_opinion, may_enter
from meetings.before.paper_reading import CHECKED
from meetings.before.signed_opinions import blank_form, give_signed_opinion
from meetings.before.uploads import REQUEST_LIMIT, take_in
from meetings.exchange.file_answer import document
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.web.consultation_acts import act_on, ballot_in
from meetings.web.consultations import consultation_page
from meetings.web.forms import needed_id
from meetings.web.paper_files import sent as answered
from meetings.web.render import done
from meetings.web.request import MeetingsRequest

ATTEND = {"permission": Right.ATTEND}
ENTERS = {"permission": Right.ENTER_BALLOTS}


@post("/consultations/{consultation:uuid}/sign", opt={"permission": Right.TAKE_PART}, status_code=200)
async def sign_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Sign one's opinion and give it; the passphrase is used once and kept nowhere."""
    sent, settings = await request.fields(), request.house.settings
    try:
        choice, comment, key = ballot_in(sent)
        await give_signed_opinion(
            request.house.store, request.actor, consultation, choice=choice, comment=comment, key=key,
            passphrase=sent.get("passphrase", ""), keys_dir=settings.keys_dir, timestamp_url=settings.timestamp_url,
        )  # fmt: skip
    except Refused as refusal:
        if refusal.code == "signature-passphrase":
            refusal.facts.setdefault("field", "passphrase")
        return await consultation_page(request, consultation, refusal, "opinion", sent)
    return done(f"/consultations/{consultation}", "opinion-given")


@get("/consultations/{consultation:uuid}/form.pdf", opt={"permission": Right.TAKE_PART})
async def form_file(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[bytes]:
    """One's own form, to be printed and filled in by hand."""
    content, name = await blank_form(request.house.store, request.actor, consultation)
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/consultations/{consultation:uuid}/opinions/{opinion:uuid}/file", opt=ATTEND)
async def ballot_file(
    request: MeetingsRequest, consultation: FromPath[UUID], opinion: FromPath[UUID]
) -> Response[Any]:
    """A signed ballot, or the scan of one on paper: for its member, the chair and the secretaries."""
    store = request.house.store
    async with store.reading() as reading:
        sha256, name = await opinion_file(reading, request.actor, consultation, opinion)
    return answered(await document(store.files, sha256, request.headers, filename=name, headers=CHECKED))


@post(
    "/consultations/{consultation:uuid}/paper-opinions",
    opt=ENTERS,
    status_code=200,
    request_max_body_size=REQUEST_LIMIT,
)
async def enter_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """Write down what a member answered on paper; the right is asked before any byte of a scan is looked at."""
    sent = await request.fields()
    try:
        async with request.house.store.reading() as reading:
            await may_enter(reading, request.actor, consultation)
        member = needed_id(sent.get("person", ""), "person")
        if not sent.get("choice"):
            raise Refused("field-missing", field="choice")
        scan = await _scan(request, (await request.form()).get("scan"))
        async with request.house.store.work() as work:
            await enter_opinion(
                work, request.actor, consultation, person=member, choice=sent["choice"],
                comment=sent.get("comment", ""), scan=scan,
            )  # fmt: skip
    except Refused as refusal:
        return await consultation_page(request, consultation, refusal, "paper", sent)
    return done(f"/consultations/{consultation}#on-paper", "entered")


@post("/consultations/{consultation:uuid}/paper-opinions/{entered:uuid}/confirm", opt=ENTERS, status_code=200)
async def confirm_submit(
    request: MeetingsRequest, consultation: FromPath[UUID], entered: FromPath[UUID]
) -> Response[Any] | Redirect:
    """The second person confirms it."""
    return await act_on(
        request, consultation, "paper", "entered-confirmed",
        lambda work, actor, one, _: confirm_opinion(work, actor, one, entered),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/paper-opinions/{entered:uuid}/drop", opt=ENTERS, status_code=200)
async def drop_submit(
    request: MeetingsRequest, consultation: FromPath[UUID], entered: FromPath[UUID]
) -> Response[Any] | Redirect:
    """Take it back."""
    return await act_on(
        request, consultation, "paper", "removed",
        lambda work, actor, one, _: drop_opinion(work, actor, one, entered),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/aside", opt=ATTEND, status_code=200)
async def aside_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[Any] | Redirect:
    """A member stands aside; a secretary or the chair has a member stand aside."""
    return await act_on(
        request, consultation, "aside", "stood-aside",
        lambda work, actor, one, sent: stand_aside(
            work, actor, one, reason=sent.get("reason", ""),
            person=needed_id(sent["person"], "person") if "person" in sent else None,
        ),
    )  # fmt: skip


@post("/consultations/{consultation:uuid}/aside/{person:uuid}/end", opt=ATTEND, status_code=200)
async def aside_end_submit(
    request: MeetingsRequest, consultation: FromPath[UUID], person: FromPath[UUID]
) -> Response[Any] | Redirect:
    """The member is asked after all."""
    return await act_on(
        request, consultation, "aside", "saved",
        lambda work, actor, one, _: end_standing_aside(work, actor, one, person),
    )  # fmt: skip


async def _scan(request: MeetingsRequest, sent: object) -> str | None:
    """The kept scan's SHA-256; None where none was attached."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    try:
        return (await take_in(request.house.store, sent.filename, await sent.read())).sha256
    except Refused as refusal:
        refusal.facts.setdefault("field", "scan")
        raise


handlers = [
    sign_submit, form_file, ballot_file, enter_submit, confirm_submit, drop_submit, aside_submit, aside_end_submit,
]  # fmt: skip
