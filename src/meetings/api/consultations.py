"""Consultations: asked in writing, answered, extended, counted, announced on an agenda or taken to a meeting."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody, MultipartBody

from meetings.api.consultation_shapes import (
    Consultation,
    ConsultationChange,
    ConsultationLine,
    ConsultationList,
    Conversion,
    Extension,
    GivenOpinion,
    Laid,
    NewConsultation,
    OntoAgenda,
    number_of,
    told,
)
from meetings.api.contract import SECRETARY_OR_CHAIR, WHO, ApiRequest, Reason, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, OfBody, cut_whole, place_of
from meetings.api.papers import sent as answered
from meetings.api.repeats import written
from meetings.before.consultation_agenda import convert_consultation, put_on_agenda
from meetings.before.consultation_drafts import (
    change_consultation,
    draft_consultation,
    drafted,
    hand_to_chair,
    lay_consultation_paper,
    remove_consultation_paper,
)
from meetings.before.consultation_reading import consultation_paper, consultations_for
from meetings.before.consultations import (
    close_consultation,
    extend_consultation,
    open_consultation,
    remind_missing,
    withdraw_consultation,
)
from meetings.before.opinions import give_opinion
from meetings.before.paper_reading import CHECKED
from meetings.before.uploads import REQUEST_LIMIT, take_in
from meetings.exchange.file_answer import document
from meetings.language import N_
from meetings.rules.consultations import ConsultationState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Work

TAG = N_("Consultations")
CHAIR = WHO[Right.RUN_ROOM]
INSIDERS = SECRETARY_OR_CHAIR


@reads("/consultations", Right.ATTEND, N_("List the consultations that the reader may see"), TAG)
async def get_consultations(
    request: ApiRequest, held_by: OfBody = None, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response[ConsultationList]:
    """The earliest deadline first."""
    place = place_of(cursor, str, str)
    async with request.house.store.reading() as reading:
        found = await consultations_for(reading, request.actor, body=held_by)
    lines = [
        ConsultationLine(
            id=one.consultation.id, body=one.body.id, number=number_of(one.consultation.number, one.consultation.year),
            title=one.consultation.title, state=ConsultationState(one.consultation.state),
            closes=one.consultation.closes_local, closes_at=one.consultation.closes_at, waits=one.waits,
        )
        for one in found
    ]  # fmt: skip
    shown, following = cut_whole(lines, limit, lambda one: (one.closes_at.isoformat(), str(one.id)), place)
    return Response(ConsultationList(items=list(shown), next=following))


@writes("/consultations", Right.PREPARE, N_("Prepare a consultation"), TAG, status=201)
async def post_consultation(request: ApiRequest, data: JSONBody[NewConsultation]) -> Response[Consultation]:
    """Seen by the secretaries and the chair until the chair opens it."""

    async def act(work: Work) -> Consultation:
        kept = await draft_consultation(
            work, request.actor, body=data.body, title=data.title, closes=data.closes, text=data.text,
            signed=data.signed,
        )  # fmt: skip
        return await told(work, request.actor, kept.id)

    return await written(request, act, status=201)


@reads("/consultations/{consultation_id:uuid}", Right.ATTEND, N_("Read a consultation"), TAG)
async def get_consultation(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[Consultation]:
    """With the reader's own opinion, and what else is the reader's to know."""
    async with request.house.store.reading() as reading:
        return Response(await told(reading, request.actor, consultation_id))


@writes("/consultations/{consultation_id:uuid}", Right.PREPARE, N_("Change a draft"), TAG, method="patch")
async def patch_consultation(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[ConsultationChange]
) -> Response[Consultation]:
    """What is left out stays."""

    async def act(work: Work) -> Consultation:
        await change_consultation(
            work, request.actor, consultation_id, title=data.title, closes=data.closes, text=data.text,
            signed=data.signed,
        )  # fmt: skip
        return await told(work, request.actor, consultation_id)

    return await written(request, act)


@writes(
    "/consultations/{consultation_id:uuid}/papers",
    Right.PREPARE,
    N_("Lay a paper before those who will be asked"),
    TAG,
    status=201,
    request_max_body_size=REQUEST_LIMIT,
)
async def post_consultation_paper(
    request: ApiRequest, consultation_id: FromPath[UUID], data: MultipartBody[Laid]
) -> Response[Consultation]:
    """Until it is opened."""
    async with request.house.store.work() as work:
        await drafted(work, request.actor, consultation_id)
    if "\0" in data.title:
        raise Refused("wrong-input", field="title")
    content = await data.file.read()
    checked = await take_in(request.house.store, data.file.filename, content)

    async def act(work: Work) -> Consultation:
        await lay_consultation_paper(work, request.actor, consultation_id, checked, title=data.title)
        return await told(work, request.actor, consultation_id)

    sent = f"{data.title}\0{checked.filename}\0{hashlib.sha256(content).hexdigest()}".encode()
    return await written(request, act, status=201, content=sent)


@reads(
    "/consultations/{consultation_id:uuid}/papers/{paper:uuid}/file",
    Right.ATTEND,
    N_("Read a paper’s file"),
    TAG,
    media_type="application/pdf",
)
async def get_consultation_file(
    request: ApiRequest, consultation_id: FromPath[UUID], paper: FromPath[UUID]
) -> Response[Any]:
    """For whoever sees the consultation."""
    store = request.house.store
    async with store.reading() as reading:
        _, found = await consultation_paper(reading, request.actor, consultation_id, paper)
    return answered(
        await document(store.files, found.sha256, request.headers, filename=found.filename, headers=CHECKED)
    )


@writes(
    "/consultations/{consultation_id:uuid}/papers/{paper:uuid}/remove",
    Right.PREPARE,
    N_("Take a paper away from a draft"),
    TAG,
)
async def post_paper_removal(
    request: ApiRequest, consultation_id: FromPath[UUID], paper: FromPath[UUID]
) -> Response[Consultation]:
    """Until it is opened."""
    return await act_on(
        request, consultation_id,
        lambda work: remove_consultation_paper(work, request.actor, consultation_id, paper),
    )  # fmt: skip


@writes("/consultations/{consultation_id:uuid}/hand", Right.PREPARE, N_("Hand a draft to the chair"), TAG)
async def post_hand(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[Consultation]:
    """The chair is told."""
    return await act_on(
        request, consultation_id, lambda work: hand_to_chair(work, request.actor, consultation_id)
    )


@writes("/consultations/{consultation_id:uuid}/open", Right.RUN_ROOM, N_("Ask the members"), TAG, who=CHAIR)
async def post_open(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[Consultation]:
    """The roll, the question and the papers are fixed."""
    return await act_on(
        request, consultation_id, lambda work: open_consultation(work, request.actor, consultation_id)
    )


@writes("/consultations/{consultation_id:uuid}/opinion", Right.TAKE_PART, N_("Give one’s opinion"), TAG)
async def post_opinion(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[GivenOpinion]
) -> Response[Consultation]:
    """Another key gives another opinion in the place of the first, until the deadline."""
    return await act_on(
        request, consultation_id,
        lambda work: give_opinion(
            work, request.actor, consultation_id, choice=data.choice, comment=data.comment, key=data.key
        ),
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/remind",
    Right.ATTEND,
    N_("Remind those whose opinion is missing"),
    TAG,
    who=INSIDERS,
)
async def post_remind(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[Consultation]:
    """The program does it by itself a day before the deadline."""
    return await act_on(
        request, consultation_id, lambda work: remind_missing(work, request.actor, consultation_id)
    )


@writes("/consultations/{consultation_id:uuid}/extend", Right.RUN_ROOM, N_("Give more time"), TAG, who=CHAIR)
async def post_extension(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[Extension]
) -> Response[Consultation]:
    """Those who were asked are told."""
    return await act_on(
        request, consultation_id,
        lambda work: extend_consultation(
            work, request.actor, consultation_id, closes=data.closes, reason=data.reason
        ),
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/close",
    Right.RUN_ROOM,
    N_("Count before the deadline, once everybody has answered"),
    TAG,
    who=CHAIR,
)
async def post_close(request: ApiRequest, consultation_id: FromPath[UUID]) -> Response[Consultation]:
    """At the deadline the program does it by itself."""
    return await act_on(
        request, consultation_id, lambda work: close_consultation(work, request.actor, consultation_id)
    )


@writes(
    "/consultations/{consultation_id:uuid}/withdraw",
    Right.ATTEND,
    N_("Give a consultation up"),
    TAG,
    who=INSIDERS,
)
async def post_withdrawal(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Consultation]:
    """A draft by a secretary or the chair, an open one by the chair."""
    return await act_on(
        request, consultation_id,
        lambda work: withdraw_consultation(work, request.actor, consultation_id, reason=data.reason),
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/agenda",
    Right.PREPARE,
    N_("Put the announcement of the outcome on an agenda"),
    TAG,
)
async def post_onto_agenda(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[OntoAgenda]
) -> Response[Consultation]:
    """Otherwise it comes there by itself when the body's next meeting is published."""
    return await act_on(
        request, consultation_id,
        lambda work: put_on_agenda(work, request.actor, consultation_id, data.meeting),
    )  # fmt: skip


@writes(
    "/consultations/{consultation_id:uuid}/convert",
    Right.PREPARE,
    N_("Deal with the matter at a meeting instead"),
    TAG,
)
async def post_conversion(
    request: ApiRequest, consultation_id: FromPath[UUID], data: JSONBody[Conversion]
) -> Response[Consultation]:
    """Question, text and papers become an agenda item."""
    return await act_on(
        request, consultation_id,
        lambda work: convert_consultation(
            work, request.actor, consultation_id, data.meeting, reason=data.reason
        ),
    )  # fmt: skip


async def act_on(
    request: ApiRequest,
    consultation: UUID,
    do: Callable[[Work], Awaitable[object]],
    content: bytes | None = None,
) -> Response[Any]:
    """Do it and tell the consultation as it is then."""

    async def act(work: Work) -> Consultation:
        await do(work)
        return await told(work, request.actor, consultation)

    return await written(request, act, content=content)


handlers = [
    get_consultations, post_consultation, get_consultation, patch_consultation, post_consultation_paper,
    get_consultation_file, post_paper_removal, post_hand, post_open, post_opinion, post_remind, post_extension,
    post_close, post_withdrawal, post_onto_agenda, post_conversion,
]  # fmt: skip
