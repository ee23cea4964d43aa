"""Opinions that are signed or come on paper, and members who stand aside from a consultation."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody, MultipartBody
from litestar.response import Stream

from meetings.api.consultation_shapes import Aside, Consultation, OnPaper, SignedOpinion, told
from meetings.api.consultations import INSIDERS, TAG, act_on
from meetings.api.contract import ApiRequest, reads, writes
from meetings.api.repeats import written_elsewhere
from meetings.before.consultation_reading import opinion_file
from meetings.before.consultation_recusals import end_standing_aside, stand_aside
from meetings.before.paper_opinions import confirm_opinion, drop_opinion, enter_opinion, may_enter
from meetings.before.paper_reading import CHECKED
from meetings.before.signed_opinions import blank_form, give_signed_opinion
from meetings.before.uploads import REQUEST_LIMIT, take_in
from meetings.exchange.file_answer import document
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused


@writes(
    "/consultations/{consultation_id:uuid}/signed-opinion",
    Right.TAKE_PART,
    N_("Sign one’s opinion and give it"),
    TAG,
)
async def post_signed_opinion(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[SignedOpinion]
) -> Response[Consultation]:
    """Where only signed opinions count."""
    house, actor = request.house, request.actor

    async def act() -> Consultation:
        await give_signed_opinion(
            house.store, actor, consultation_id, choice=data.choice, comment=data.comment, key=data.key,
            passphrase=data.passphrase, keys_dir=house.settings.keys_dir, timestamp_url=house.settings.timestamp_url,
        )  # fmt: skip
        async with house.store.reading() as reading:
            return await told(reading, actor, consultation_id)

    return await written_elsewhere(request, act)


@reads(
    "/consultations/{consultation_id:uuid}/form.pdf",
    Right.TAKE_PART,
    N_("Read one’s own form, to be filled in by hand"),
    TAG,
    media_type="application/pdf",
)
async def get_form(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[bytes]:
    """Until the deadline."""
    content, name = await blank_form(request.house.store, request.actor, consultation_id)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@reads(
    "/consultations/{consultation_id:uuid}/opinions/{opinion:uuid}/file",
    Right.ATTEND,
    N_("Read a signed ballot, or the scan of one on paper"),
    TAG,
    media_type="application/pdf",
)
async def get_opinion_file(
    request: ApiRequest, consultation_id: FromPath[UUID], opinion: FromPath[UUID]
) -> Response[Any]:
    """For its member, the chair and the secretaries."""
    store = request.house.store
    async with store.reading() as reading:
        sha256, name = await opinion_file(reading, request.actor, consultation_id, opinion)
    answer = await document(store.files, sha256, request.headers, filename=name, headers=CHECKED)
    more: Any = {"status_code": answer.status, "headers": answer.headers, "media_type": answer.media_type}
    return Response(answer.body, **more) if isinstance(answer.body, bytes) else Stream(answer.body, **more)


@writes(
    "/consultations/{consultation_id:uuid}/paper-opinions",
    Right.ENTER_BALLOTS,
    N_("Write down what a member answered on paper"),
    TAG,
    request_max_body_size=REQUEST_LIMIT,
)
async def post_paper_opinion(
    request: ApiRequest, consultation_id: FromPath[UUID], data: MultipartBody[OnPaper]
) -> Response[Consultation]:
    """It counts once a second person confirms it."""
    async with request.house.store.reading() as reading:
        await may_enter(reading, request.actor, consultation_id)
    for field in ("choice", "comment"):
        if "\0" in getattr(data, field):
            raise Refused("wrong-input", field=field)
    content = await data.scan.read() if data.scan else b""
    scan: str | None = None
    if data.scan:
        scan = (await take_in(request.house.store, data.scan.filename, content)).sha256
    sent = f"{data.person}\0{data.choice}\0{data.comment}\0{hashlib.sha256(content).hexdigest()}".encode()
    return await act_on(
        request, consultation_id,
        lambda work: enter_opinion(
            work, request.actor, consultation_id, person=data.person, choice=data.choice, comment=data.comment,
            scan=scan,
        ),
        sent,
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/paper-opinions/{entered:uuid}/confirm",
    Right.ENTER_BALLOTS,
    N_("Confirm, as the second person, what was entered from paper"),
    TAG,
)
async def post_confirmation(
    request: ApiRequest, consultation_id: FromPath[UUID], entered: FromPath[UUID]
) -> Response[Consultation]:
    """From then on it counts."""
    return await act_on(
        request, consultation_id, lambda work: confirm_opinion(work, request.actor, consultation_id, entered)
    )


@writes(
    "/consultations/{consultation_id:uuid}/paper-opinions/{entered:uuid}/drop",
    Right.ENTER_BALLOTS,
    N_("Take back what was entered from paper"),
    TAG,
)
async def post_drop(
    request: ApiRequest, consultation_id: FromPath[UUID], entered: FromPath[UUID]
) -> Response[Consultation]:
    """Before it counts."""
    return await act_on(
        request, consultation_id, lambda work: drop_opinion(work, request.actor, consultation_id, entered)
    )


@writes(
    "/consultations/{consultation_id:uuid}/aside",
    Right.ATTEND,
    N_("Stand aside, or have a member stand aside"),
    TAG,
    who=N_("For the members who are asked, for themselves; for the secretaries and the chair of the body."),
)
async def post_aside(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[Aside]
) -> Response[Consultation]:
    """No ballot, no papers; what was answered before counts for nothing."""
    return await act_on(
        request, consultation_id,
        lambda work: stand_aside(work, request.actor, consultation_id, person=data.person, reason=data.reason),
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/aside/{person:uuid}/end",
    Right.ATTEND,
    N_("Ask a member who stands aside after all"),
    TAG,
    who=INSIDERS,
)
async def post_aside_end(
    request: ApiRequest, consultation_id: FromPath[UUID], person: FromPath[UUID]
) -> Response[Consultation]:
    """Until the opinions are counted."""
    return await act_on(
        request,
        consultation_id,
        lambda work: end_standing_aside(work, request.actor, consultation_id, person),
    )


handlers = [
    post_signed_opinion, get_form, get_opinion_file, post_paper_opinion, post_confirmation, post_drop, post_aside,
    post_aside_end,
]  # fmt: skip
