"""The stage in words: what the pages of a running meeting show of a snapshot. Nothing in here is personal."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from sqlalchemy import func, select

from meetings import language
from meetings.before.scheduling import open_to
from meetings.during.elections import TIED
from meetings.during.stage import Stage, StagePoll, stage_number
from meetings.language import N_
from meetings.rules.ballot_forms import ONE_CHOICE, Form, Kind
from meetings.rules.lifecycle import MeetingState, PollState
from meetings.rules.outcome import REASONS, percent
from meetings.rules.polls import TEST
from meetings.rules.rule import Base, Rule
from meetings.storage.tables import Ballot, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Reading
from meetings.web.ballot_views import LineView, StageView, line_views, marks_in_words, stage_views
from meetings.web.render import shared_fragment
from meetings.web.request import MeetingsRequest

STATES: Mapping[str, str] = {
    MeetingState.DRAFT: N_("Not published"),
    MeetingState.PUBLISHED: N_("Not opened yet"),
    MeetingState.RECESS: N_("In recess"),
    MeetingState.ADJOURNED: N_("Adjourned"),
    MeetingState.CANCELLED: N_("Cancelled"),
}
"""What the strip says about a meeting that is not in session."""

PASSES: Mapping[str, str] = {
    "seats": N_("{needed} of {base} seats in favour needed"),
    "in_office": N_("{needed} of {base} members in office in favour needed"),
    "present": N_("{needed} of {base} present in favour needed"),
    "cast-more": N_("more than {majority} of the votes cast needed"),
    "cast-least": N_("at least {majority} of the votes cast needed"),
    "decided-more": N_("more than {majority} of the votes for and against needed"),
    "decided-least": N_("at least {majority} of the votes for and against needed"),
}
"""The rule under a question, short enough to be read from the last row."""
BY_PROXY = N_("{present} are present; {proxies} vote by proxy.")
"""Why there are more ballots than heads."""
ELECTS = N_("{needed} votes of {base} elect")
MARKS: Mapping[str, str] = {
    Kind.CONFIDENCE: N_("One level for each person; a person may be left unmarked"),
    Kind.OPTIONS: N_("Places: {places}"),
    Kind.RANKED: N_("Number the candidates in your order; places: {places}"),
}
"""The same for ballots with several marks."""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A line of the ballot with its word in the reader's language."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An outcome as screens show it; `counts` are rows of (code, label, number, share).

    Polls with several marks on a ballot have `lines` instead, a ranked one its `rounds` as well.
    """

    code: str
    sentence: str
    yes: int
    no: int
    abstain: int
    base: int
    needed: int
    counts: tuple[tuple[str, str, int, str], ...]
    lines: tuple[LineView, ...] = ()
    rounds: tuple[StageView, ...] = ()
    goes_on: bool = False
    """An election that leaves places open: another round can be prepared."""
    lots: int = 0
    """How many places lots can settle after a tie."""


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as the macros of the voting desk read it."""

    id: UUID
    number: int
    title: str
    state: str
    secret: bool
    choices: tuple[ChoiceView, ...]
    rule_sentence: str
    opened_at: str
    cast: int
    eligible: int
    outcome: OutcomeView | None
    kind: str
    form: Form
    round: int
    method: str = "electronic"
    """`electronic`, `hands` (counted in the room), `roll_call`."""
    changeable: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace: int = 0
    repeats: int = 0
    """The number of the vote that is held again."""
    calling: str = ""
    """Roll call: the name that was called last."""
    counts: tuple[tuple[str, str, int, str], ...] = ()
    """Numbers by choice that may be told although the outcome is not announced."""
    by_proxy: str = ""
    """Why there are more ballots than members present, in a sentence."""

    @property
    def test(self) -> bool:
        """Only to try the devices: it has no number and no outcome."""
        return self.kind == TEST

    def label(self, code: str) -> str:
        """A choice's word; of a ballot with several marks, all of them."""
        if self.form.kind not in ONE_CHOICE:
            return marks_in_words(self.form, code)
        return next((choice.label for choice in self.choices if choice.code == code), code)


def poll_view(poll: StagePoll, proxies: int = 0) -> PollView:
    """The poll in the language of the moment; `proxies` as `votes_by_proxy` counts them."""
    choices = tuple(ChoiceView(choice.code, language.gettext(choice.label)) for choice in poll.rule.choices)
    bases = {Base.SEATS: poll.seats, Base.IN_OFFICE: poll.in_office, Base.PRESENT: poll.present}
    return PollView(
        id=poll.id,
        number=poll.number,
        title=language.gettext(poll.title) if poll.kind == TEST else poll.title,
        state=poll.state,
        secret=poll.secret,
        choices=choices,
        rule_sentence=_sentence(poll, bases.get(poll.rule.base)),
        opened_at=poll.opened_at.isoformat() if poll.opened_at else "",
        cast=poll.cast,
        eligible=poll.eligible or 0,
        outcome=_outcome_view(poll, choices),
        kind=poll.kind,
        form=poll.form,
        round=poll.round,
        method=poll.method,
        changeable=poll.changeable,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        grace=poll.grace,
        repeats=poll.repeats,
        calling=poll.calling,
        counts=_counts(poll, choices) if poll.tally and poll.outcome is None else (),
        by_proxy=language.text(BY_PROXY, present=poll.present, proxies=proxies) if proxies else "",
    )


def _counts(poll: StagePoll, choices: Sequence[ChoiceView]) -> tuple[tuple[str, str, int, str], ...]:
    weights: Mapping[str, int] = poll.tally["weights"] if poll.tally else {}
    return tuple((choice.code, choice.label, weights.get(choice.code, 0), "") for choice in choices)


def _sentence(poll: StagePoll, base: int | None) -> str:
    """What elects or chooses, in one line; a rating has no threshold of its own."""
    form = poll.form
    if form.kind in ONE_CHOICE:
        return rule_sentence(poll.rule, poll.needed, base)
    if form.kind is Kind.ELECTION:
        places = language.plural("{count} place", "{count} places", form.places)
        passes = language.text(ELECTS, needed=poll.needed, base=base) if poll.needed and base else ""
        return " · ".join(part for part in (places, passes) if part)
    return language.text(MARKS[form.kind], places=form.places)


def rule_sentence(rule: Rule, needed: int | None, base: int | None) -> str:
    """What it takes to pass, in one line; empty before the base is known."""
    if rule.base in (Base.CAST, Base.DECIDED):
        sentence = PASSES[f"{rule.base.value}-{'more' if rule.strict else 'least'}"]
        return language.text(sentence, majority=f"{rule.majority.numerator}/{rule.majority.denominator}")
    return language.text(PASSES[rule.base.value], needed=needed, base=base) if needed and base else ""


def _outcome_view(poll: StagePoll, choices: Sequence[ChoiceView]) -> OutcomeView | None:
    if poll.outcome is None or poll.tally is None:
        return None
    facts, counted = poll.outcome["facts"], poll.tally
    base: int = poll.outcome["base"]
    if poll.form.kind not in ONE_CHOICE:
        tied = poll.outcome["reason"] in TIED
        return OutcomeView(
            code=poll.outcome["code"], sentence=language.text(REASONS[poll.outcome["reason"]], **facts),
            yes=0, no=0, abstain=0, base=base, needed=facts.get("needed", 0), counts=(),
            lines=line_views(poll.outcome), rounds=stage_views(poll.outcome), goes_on="next_form" in poll.outcome,
            lots=facts["open"] if tied else 0,
        )  # fmt: skip
    counts = [
        (choice.code, choice.label, counted["weights"].get(choice.code, 0), _share(poll, choice.code, base))
        for choice in choices
    ]
    counts.append(("not_cast", language.gettext(N_("Did not vote")), counted["not_cast_weight"], ""))
    return OutcomeView(
        code=poll.outcome["code"],
        sentence=language.text(REASONS[poll.outcome["reason"]], **facts),
        yes=counted["yes"],
        no=counted["no"],
        abstain=counted["abstain"],
        base=base,
        needed=facts.get("needed", 0),
        counts=tuple(counts),
    )


def _share(poll: StagePoll, code: str, base: int) -> str:
    """The share of a choice in favour; the others' share of that base would say nothing."""
    if poll.rule.side(code) != "yes" or poll.tally is None or not base:
        return ""
    return language.percent_text(percent(poll.tally["weights"].get(code, 0), base)) + "%"


def live_of(stage: Stage) -> dict[str, Any]:
    """The strip under the header."""
    strip: dict[str, Any] = {
        "address": f"/meetings/{stage.meeting.id}/live",
        "state": language.gettext(STATES.get(stage.meeting.state, "")),
        "present": stage.room.present,
        "needed": stage.room.quorum.needed,
    }
    if stage.meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        strip["over"] = True
    if stage.meeting.recess_until:
        strip["until"] = stage.meeting.recess_until
    if stage.item:
        strip["item"] = language.text(N_("Item {number}"), number=stage.item.number)
        strip["title"] = stage.item.title
    if stage.floor.speaking:
        strip["speaker"] = stage.floor.speaking.name
    return strip


Show = Callable[[Reading, Meeting], Awaitable[dict[str, Any]]]
"""Loads what a shared part shows, when its bytes are not kept yet."""


Audience = Callable[[Reading, Meeting], Awaitable[str]]
"""Names the circle this reader belongs to, where not everybody who attends sees the same."""


async def shared_part(
    request: MeetingsRequest,
    meeting: UUID,
    template: str,
    show: Show,
    *more: str,
    counting: bool = False,
    audience: Audience | None = None,
) -> Response[str]:
    """A part that is the same for everybody who attends, at this stage number.

    `counting` parts show ballots cast so far, which do not advance the stage: their number names the bytes as well.
    """
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        circle = (await audience(reading, found),) if audience else ()
        key = await shared_key(reading, found, *more, *circle, counting=counting)
        kept = request.house.renderer.kept.get((template, language.current(), *key))
        shared = {} if kept is not None else await show(reading, found)
    return shared_fragment(request, template, key, shared)


async def shared_key(reading: Reading, meeting: Meeting, *more: str, counting: bool = False) -> list[object]:
    """What names a shared part. The number is read first: the content is at least as new as its name."""
    key: list[object] = [str(meeting.id), await stage_number(reading, meeting.id), *more]
    if counting:
        cast = select(func.count()).select_from(RollEntry).join(Poll, Poll.id == RollEntry.poll_id)
        open_now = cast.where(
            Poll.meeting_id == meeting.id, Poll.state == PollState.OPEN, RollEntry.receipt.is_not(None)
        )
        key.append(await reading.session.scalar(open_now) or 0)
        replaced = select(func.count()).select_from(Ballot).join(Poll, Poll.id == Ballot.poll_id)
        changed = replaced.where(
            Poll.meeting_id == meeting.id, Poll.state == PollState.OPEN, Ballot.replaced_at.is_not(None)
        )
        key.append(await reading.session.scalar(changed) or 0)
    return key
