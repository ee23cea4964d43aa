"""Polls: drafted, opened, voted in, closed, announced. Numbers are told only as far as a poll's disclosure allows."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from meetings import language
from meetings.api.agenda import item_open_to
from meetings.api.contract import (
    SECRETARY_OR_CHAIR,
    Answer,
    ApiRequest,
    Asked,
    Line,
    Reason,
    Short,
    reads,
    writes,
)
from meetings.api.repeats import written, written_elsewhere
from meetings.during import voting
from meetings.during.counting import by_choice
from meetings.during.poll_record import open_poll_to, record_of_poll
from meetings.during.stage import StagePoll, own_line
from meetings.language import N_
from meetings.rules.ballot_forms import ONE_CHOICE, Form, Kind
from meetings.rules.lifecycle import PollState
from meetings.rules.outcome import ANNULLED, REASONS
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Disclosure, Method
from meetings.rules.recount import quorum_of
from meetings.rules.rule import CUSTOM, Rule
from meetings.rules.rule_data import rule_as_data
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Voting")
PRESET_OR_RULE = N_("A preset’s code, or a rule as an object.")
BALLOT_FORM = N_(
    "Of a kind with several marks: options (words, or objects with id, label and note), places, at_most, by, ties."
)
BALLOT = N_(
    "A choice’s code; a list of options’ ids, ranked in order; or an object from persons’ ids to levels."
)


class Choice(Answer):
    """A line on the ballot, and the side it counts for: yes, no or abstain."""

    code: str
    label: str
    counts_as: str


class Roll(Answer):
    """All seats, who was present, who has a ballot, and how many in office were absent. Null until the poll opens.

    `not_cast` of the poll are those with a ballot who gave none: neither absent, nor abstaining.
    """

    seats: int | None
    present: int | None
    eligible: int | None
    absent: int | None


class QuorumTold(Answer):
    """The rule's own quorum: heads needed, and present when the poll opened and closed."""

    met: bool
    needed: int
    base: int
    open: int
    close: int


class OptionTold(Answer):
    """A line of a ballot with several marks: a candidate, a person to rate, something to choose."""

    id: str
    label: str
    note: str


class FormTold(Answer):
    """The ballot of an `election`, `confidence`, `options` or `ranked` poll; `by` and `ties` as they were asked for."""

    options: list[OptionTold]
    places: int
    at_most: int
    by: str
    ties: str


class Outcome(Answer):
    """What the numbers mean; `reason` is a sentence in the reader's language.

    Polls with several marks have a line for each option: `id`, `label`, `note`, `votes`, `percent`, and `elected` and
    `tied`, or `high`, `medium`, `low`, `unmarked` and `consequence`. A ranked poll tells the `rounds` of its count.
    """

    adopted: bool
    code: str
    reason: str
    quorum: QuorumTold | None
    lines: list[dict[str, Any]]
    rounds: list[dict[str, Any]]


class OwnBallot(Answer):
    at: datetime
    receipt: str


class Poll(Answer):
    """An act of voting. `tally` and `not_cast` are null until the poll’s `disclosure` lets them be told, `outcome` and
    `percent` until the announcement; the chair and the secretaries see all of it from the closing. `grace`: seconds
    after `closes_at` in which ballots on their way are taken. `repeats`: the poll that is held again. `calling`: the
    member whose name was called last."""

    id: UUID
    meeting: UUID
    item: UUID
    motion: UUID | None
    number: int
    title: str
    state: str
    secret: bool
    rule: Annotated[str | dict[str, Any], msgspec.Meta(description=PRESET_OR_RULE)]
    kind: str
    form: FormTold | None
    round: int
    method: str
    disclosure: str
    names: bool
    changeable: bool
    opens_at: datetime | None
    closes_at: datetime | None
    grace: int
    repeats: UUID | None
    calling: UUID | None
    choices: list[Choice]
    roll: Roll
    cast: int
    tally: dict[str, int] | None
    not_cast: int | None
    outcome: Outcome | None
    percent: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    announced_at: datetime | None
    ballot: Annotated[OwnBallot | None, msgspec.Meta(description=N_("The reader’s own, once it is counted."))]


class NewPoll(Asked):
    """What is left out comes from the motion, the item and the body's usual rule.

    `kind` is `motion`, `election`, `confidence`, `options` or `ranked`; all but the first bring their `form`. `method`
    is `electronic`, `hands` or `roll_call`, `disclosure` `live`, `closed` or `announced`. The chair alone sets times.
    """

    title: Line = ""
    motion: UUID | None = None
    rule: Annotated[str | dict[str, Any] | None, msgspec.Meta(description=PRESET_OR_RULE)] = None
    choices: list[str | dict[str, Any]] | None = None
    secret: bool = False
    kind: Short = Kind.MOTION.value
    form: Annotated[dict[str, Any] | None, msgspec.Meta(description=BALLOT_FORM)] = None
    method: Short = Method.ELECTRONIC.value
    disclosure: Short = Disclosure.ANNOUNCED.value
    names: bool = True
    changeable: bool = False
    opens_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    closes_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class NewBallot(Asked):
    """`key` is a UUID that the client makes once and sends with every retry; `for` is the person represented."""

    choice: Annotated[str | list[str] | dict[str, str], msgspec.Meta(description=BALLOT)]
    key: UUID
    represented: UUID | None = msgspec.field(default=None, name="for")


class Counted(Answer):
    """The ballot is on record."""

    counted: bool
    at: datetime
    receipt: str


@writes(
    "/items/{item_id:uuid}/polls",
    Right.ATTEND,
    N_("Prepare a poll on an item"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def post_poll(request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[NewPoll]) -> Response[Poll]:
    """Usually on its motion."""

    async def act(work: Work) -> Poll:
        await item_open_to(work, request.actor, item_id)
        drafted = await voting.draft_poll(work, request.actor, item_id, **msgspec.structs.asdict(data))
        return await told_poll(work, request.actor, drafted.id)

    return await written(request, act, status=201)


@reads("/polls/{poll_id:uuid}", Right.ATTEND, N_("Read a poll"), TAG)
async def get_poll(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
    """As far as it is disclosed."""
    async with request.house.store.reading() as reading:
        return Response(await told_poll(reading, request.actor, poll_id))


@reads(
    "/polls/{poll_id:uuid}/record",
    Right.ATTEND,
    N_("Read an announced poll’s record, to be counted again offline"),
    TAG,
)
async def get_record(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[dict[str, Any]]:
    """`meetings poll verify RECORD.json` counts it."""
    async with request.house.store.reading() as reading:
        return Response(await record_of_poll(reading, request.actor, poll_id))


Act = Callable[[Work, Actor, UUID], Awaitable[tables.Poll]]


def _act(name: str, summary: str, use_case: Act) -> HTTPRouteHandler:
    @writes(f"/polls/{{poll_id:uuid}}/{name}", Right.RUN_ROOM, summary, TAG)
    async def handler(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
        async def act(work: Work) -> Poll:
            await open_poll_to(work, request.actor, poll_id)
            await use_case(work, request.actor, poll_id)
            return await told_poll(work, request.actor, poll_id)

        return await written(request, act)

    return handler


ACTS = [
    _act("open", N_("Freeze the roll and open the poll"), voting.open_poll),
    _act("close", N_("Close a poll for good and count it"), voting.close_poll),
    _act("announce", N_("Announce the outcome; what follows from it follows now"), voting.announce_outcome),
]


@writes("/polls/{poll_id:uuid}/annul", Right.RUN_ROOM, N_("Declare a poll void, announced or not"), TAG)
async def annul(request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Reason]) -> Response[Poll]:
    """Its ballots stay on record and count for nothing."""

    async def act(work: Work) -> Poll:
        await open_poll_to(work, request.actor, poll_id)
        await voting.annul_poll(work, request.actor, poll_id, reason=data.reason)
        return await told_poll(work, request.actor, poll_id)

    return await written(request, act)


@writes("/polls/{poll_id:uuid}/ballots", Right.TAKE_PART, N_("Cast a ballot"), TAG, status=201)
async def post_ballot(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[NewBallot]
) -> Response[Counted]:
    """Answered after the commit. The same key again gives the same receipt.

    Of a secret ballot no Idempotency-Key is kept: the hash of what was sent would tell the choice to whoever tries all.
    """
    async with request.house.store.reading() as reading:
        kept, _, _ = await open_poll_to(reading, request.actor, poll_id)

    async def act() -> Counted:
        box = request.house.box
        receipt = await box.cast(request.actor, poll_id, data.choice, str(data.key), data.represented)
        return Counted(counted=True, at=receipt.at, receipt=receipt.receipt)

    if kept.secret:
        return Response(await act(), status_code=201)
    return await written_elsewhere(request, act, status=201)


async def told_poll(reading: Reading, actor: Actor, poll: UUID) -> Poll:
    """A poll as far as the reader may know it."""
    kept, _, shown = await open_poll_to(reading, actor, poll)
    own = await own_line(reading, poll, actor.person)
    tally, outcome = shown.tally, shown.outcome
    void = shown.state == PollState.ANNULLED
    return Poll(
        id=shown.id, meeting=kept.meeting_id, item=shown.item, motion=shown.motion, number=shown.number,
        title=shown.title, state=shown.state, secret=shown.secret, rule=_rule(shown.rule),
        kind=shown.kind, form=_form(shown.form), round=shown.round, method=kept.method, disclosure=kept.disclosure,
        names=kept.names, changeable=kept.changeable, opens_at=kept.opens_at, closes_at=kept.closes_at,
        grace=kept.grace, repeats=kept.repeats_id, calling=kept.calling_id,
        choices=_choices(shown),
        roll=Roll(
            seats=shown.seats, present=shown.present, eligible=shown.eligible,
            absent=None if shown.present is None else (shown.in_office or 0) - shown.present,
        ),
        cast=shown.cast,
        tally=by_choice(tally) if tally else None, not_cast=tally["not_cast"] if tally else None,
        outcome=_annulled() if void else _outcome(kept, shown),
        percent=None if void or outcome is None else outcome["percent"],
        opened_at=shown.opened_at, closed_at=shown.closed_at, announced_at=shown.announced_at,
        ballot=OwnBallot(at=own.cast_at, receipt=own.receipt) if own and own.receipt and own.cast_at else None,
    )  # fmt: skip


def _choices(shown: StagePoll) -> list[Choice]:
    """None where a ballot has several marks: its lines stand in the form."""
    if shown.form.kind not in ONE_CHOICE:
        return []
    return [
        Choice(code=one.code, label=language.gettext(one.label), counts_as=one.counts_as)
        for one in shown.rule.choices
    ]


def _form(form: Form) -> FormTold | None:
    if form.kind in ONE_CHOICE:
        return None
    return FormTold(
        options=[OptionTold(id=one.id, label=one.label, note=one.note) for one in form.options],
        places=form.places, at_most=form.at_most, by=form.by, ties=form.ties,
    )  # fmt: skip


def _rule(rule: Rule) -> str | dict[str, Any]:
    """A preset by its code, as it was given; another rule in full."""
    return rule_as_data(rule) if rule.code == CUSTOM else rule.code


def _outcome(kept: tables.Poll, shown: StagePoll) -> Outcome | None:
    told = shown.outcome
    if told is None:
        return None
    seats, in_office = kept.seats or 0, kept.in_office or 0
    opened, closed = kept.present_open or 0, kept.present_close or 0
    at_open = quorum_of(shown.rule, seats, in_office, opened)
    at_close = quorum_of(shown.rule, seats, in_office, closed)
    quorum = QuorumTold(
        met=at_open.met and at_close.met, needed=at_open.needed, base=at_open.base, open=opened, close=closed
    )
    reason = language.text(REASONS[told["reason"]], **told["facts"])
    return Outcome(
        adopted=told["adopted"], code=told["code"], reason=reason, quorum=quorum,
        lines=told.get("lines", []), rounds=told.get("rounds", []),
    )  # fmt: skip


def _annulled() -> Outcome:
    reason = language.gettext(REASONS[ANNULLED.reason])
    return Outcome(adopted=False, code=ANNULLED.code.value, reason=reason, quorum=None, lines=[], rounds=[])


handlers = [post_poll, get_poll, get_record, *ACTS, annul, post_ballot]
