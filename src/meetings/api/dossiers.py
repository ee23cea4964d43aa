"""Dossiers: submitted by agencies, passed on step by step, put onto an agenda; and how they keep their time."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Prose, Reason, Short, reads, writes
from meetings.api.dossier_shapes import Dossier, DossierLine, Dossiers, dossier_in_full, dossier_line
from meetings.api.lists import LIMIT, Cursor, Limit, OfBody, cut_whole, place_of
from meetings.api.repeats import written
from meetings.before import dossier_agenda, dossier_returns, dossiers
from meetings.before.dossier_lists import dossiers_for, open_dossier, punctuality
from meetings.language import N_
from meetings.rules.dossiers import Figures
from meetings.rules.permissions import Right
from meetings.storage.tables import DossierOpinion
from meetings.storage.unit_of_work import Work

TAG = N_("Dossiers")
TAKER = N_("For whoever takes the step; the dossier has to be open to the reader.")


class NewDossier(Asked):
    """A draft of one of one's own agencies."""

    procedure: UUID
    agency: UUID
    title: Line
    text: Prose = ""
    presenter: Line = ""


class DossierChange(Asked):
    """What is left out stays."""

    title: Line | None = None
    text: Prose | None = None
    presenter: Line | None = None


class Passing(Asked):
    """May be left out."""

    note: Prose = ""


class Returning(Asked):
    """`to`: the number of an earlier step, 0 for the agency."""

    reason: Prose
    to: int = 0


class Opinion(Asked):
    """`agree`, `comments` (agrees, and says what should be taken up) or `disagree`."""

    verdict: Short
    text: Prose = ""


class OnAgenda(Asked):
    """`reason` is needed where the agenda stands or the last day for papers is over: then the chair decides."""

    meeting: UUID
    reason: Prose = ""


class Punctual(Answer):
    """How a step or a taker keeps its time. `share` is what ended in time, in percent of what ended."""

    procedure: str
    step: int | None
    name: str
    in_time: int
    late: int
    share: str | None
    open: int
    overdue: int
    mean_days: str | None
    worst_days: int


class Punctuality(Answer):
    """By step and by who takes it; opinions count with who gives them."""

    steps: list[Punctual]
    takers: list[Punctual]


@reads("/dossiers", Right.SIGNED_IN, N_("List the dossiers by the moment they were begun"), TAG)
async def list_dossiers(
    request: ApiRequest, of_body: OfBody = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Dossiers]:
    """Agencies see their own and those they are asked about; the secretariat and the chair what was submitted."""
    place = place_of(cursor, _moment, UUID)
    async with request.house.store.reading() as reading:
        lines = await dossiers_for(reading, request.actor, body=of_body)
    page, following = cut_whole(lines, limit, lambda line: (line.dossier.begun_at, line.dossier.id), place)
    return Response(Dossiers(items=[DossierLine(**dossier_line(line)) for line in page], next=following))


@reads("/dossiers/{dossier_id:uuid}", Right.SIGNED_IN, N_("Read a dossier with its course"), TAG)
async def get_dossier(request: ApiRequest, dossier_id: FromPath[UUID]) -> Response[Dossier]:
    """If it is open to the reader."""
    async with request.house.store.reading() as reading:
        return Response(await dossier_in_full(reading, request.actor, dossier_id))


@writes(
    "/dossiers",
    Right.CARRY_OUT,
    N_("Begin a dossier"),
    TAG,
    status=201,
    who=N_("For officers of the agency."),
)
async def post_dossier(request: ApiRequest, data: JSONBody[NewDossier]) -> Response[Dossier]:
    """A draft, seen by its agency alone."""

    async def act(work: Work) -> Dossier:
        kept = await dossiers.begin_dossier(work, request.actor, **msgspec.structs.asdict(data))
        return await dossier_in_full(work, request.actor, kept.id)

    return await written(request, act, status=201)


@writes(
    "/dossiers/{dossier_id:uuid}",
    Right.CARRY_OUT,
    N_("Change the words of a dossier"),
    TAG,
    method="patch",
    who=N_("For officers of the agency, while it has the dossier."),
)
async def patch_dossier(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[DossierChange]
) -> Response[Dossier]:
    """What is left out stays."""
    return await _written(request, dossier_id, dossiers.change_dossier, **msgspec.structs.asdict(data))


UseCase = Callable[..., Awaitable[object]]


def _act(name: str, right: Right, summary: str, use_case: UseCase, who: str = "") -> HTTPRouteHandler:
    @writes(f"/dossiers/{{dossier_id:uuid}}/{name}", right, summary, TAG, who=who)
    async def handler(request: ApiRequest, dossier_id: FromPath[UUID]) -> Response[Dossier]:
        return await _written(request, dossier_id, use_case)

    return handler


@writes("/dossiers/{dossier_id:uuid}/pass", Right.SIGNED_IN, N_("Say that the step is done"), TAG, who=TAKER)
async def post_pass(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[Passing | None] = None
) -> Response[Dossier]:
    """After the last one the dossier is accepted."""
    return await _written(request, dossier_id, dossiers.pass_step, note=data.note if data else "")


@writes(
    "/dossiers/{dossier_id:uuid}/return", Right.SIGNED_IN, N_("Return a dossier, and say why"), TAG, who=TAKER
)
async def post_return(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[Returning]
) -> Response[Dossier]:
    """To an earlier step or to the agency; the secretariat may, whoever takes the step."""
    return await _written(request, dossier_id, dossiers.return_dossier, to=data.to, reason=data.reason)


@writes(
    "/dossiers/{dossier_id:uuid}/withdraw",
    Right.CARRY_OUT,
    N_("Take a dossier back for good"),
    TAG,
    who=N_("For officers of the agency."),
)
async def post_withdraw(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Dossier]:
    """With a reason."""
    return await _written(request, dossier_id, dossiers.withdraw_dossier, reason=data.reason)


@writes("/dossiers/{dossier_id:uuid}/agenda", Right.PREPARE, N_("Put a dossier onto an agenda"), TAG)
async def post_agenda(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[OnAgenda]
) -> Response[Dossier]:
    """An item with its papers; a late one waits for the chair."""
    return await _written(
        request, dossier_id, dossier_agenda.put_on_agenda, meeting=data.meeting, reason=data.reason
    )


@writes("/dossiers/{dossier_id:uuid}/take-off", Right.PREPARE, N_("Take a dossier off a draft agenda"), TAG)
async def post_take_off(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Dossier]:
    """It is accepted as before; a published item is withdrawn instead."""
    return await _written(request, dossier_id, dossier_returns.take_off_agenda, reason=data.reason)


@writes("/dossiers/{dossier_id:uuid}/refuse-late", Right.RUN_ROOM, N_("Do not admit a late dossier"), TAG)
async def post_refuse_late(
    request: ApiRequest, dossier_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Dossier]:
    """It stays accepted."""
    return await _written(request, dossier_id, dossier_agenda.refuse_late, reason=data.reason)


@writes(
    "/dossier-opinions/{opinion_id:uuid}",
    Right.SIGNED_IN,
    N_("Give an opinion on a dossier"),
    TAG,
    who=N_("For whoever is asked."),
)
async def post_opinion(
    request: ApiRequest, opinion_id: FromPath[UUID], data: JSONBody[Opinion]
) -> Response[Dossier]:
    """Once; whoever does not simply agree says what should change."""

    async def act(work: Work) -> Dossier:
        dossier = (await work.get(DossierOpinion, opinion_id)).dossier_id
        await open_dossier(work, request.actor, dossier)
        await dossiers.give_opinion(work, request.actor, opinion_id, verdict=data.verdict, text=data.text)
        return await dossier_in_full(work, request.actor, dossier)

    return await written(request, act)


@reads("/dossier-figures", Right.SIGNED_IN, N_("How dossiers keep their time, by step and agency"), TAG)
async def get_figures(
    request: ApiRequest,
    since: Annotated[
        date | None, QueryParameter(description=N_("The first day; this year’s by itself."))
    ] = None,
    until: Annotated[date | None, QueryParameter(description=N_("The last day; today by itself."))] = None,
) -> Response[Punctuality]:
    """Of what began in the period, in the dossiers that the reader may see. Days are working days."""
    async with request.house.store.reading() as reading:
        first, last = since or reading.today.replace(month=1, day=1), until or reading.today
        found = await punctuality(reading, request.actor, since=first, until=last)
    return Response(
        Punctuality(
            steps=[_punctual(line, *line.key) for line in found.steps],
            takers=[_punctual(line, "", None, line.key[1] or line.key[0]) for line in found.takers],
        )
    )


def _punctual(line: Figures[Any], procedure: str, step: int | None, name: str) -> Punctual:
    return Punctual(
        procedure=procedure, step=step, name=name, in_time=line.in_time, late=line.late,
        share=_decimal(line.share * 100) if line.share is not None else None, open=line.open, overdue=line.overdue,
        mean_days=_decimal(line.mean) if line.mean is not None else None, worst_days=line.worst,
    )  # fmt: skip


def _decimal(value: Fraction) -> str:
    """Two decimals, half up."""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


async def _written(request: ApiRequest, dossier: UUID, use_case: UseCase, **facts: Any) -> Response[Any]:
    async def act(work: Work) -> Dossier:
        await open_dossier(work, request.actor, dossier)
        await use_case(work, request.actor, dossier, **facts)
        return await dossier_in_full(work, request.actor, dossier)

    return await written(request, act)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


handlers = [
    list_dossiers, get_dossier, post_dossier, patch_dossier,
    _act("submit", Right.CARRY_OUT, N_("Submit a dossier"), dossiers.submit_dossier, N_("For officers of the agency.")),
    post_pass, post_return, post_withdraw, post_agenda, post_take_off,
    _act("admit", Right.RUN_ROOM, N_("Admit a late dossier to the agenda"), dossier_agenda.admit_late),
    post_refuse_late, post_opinion, get_figures,
]  # fmt: skip
