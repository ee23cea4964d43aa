"""How a poll is held: what the forms of the cockpit offer and ask for, and what is seen of it while it is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from meetings import language
from meetings.during.chairs_acts import late_arrivals
from meetings.during.entered_ballots import Waiting, waiting_for
from meetings.during.roll_calls import Called, names_told_now, roll_call_of, told_calls
from meetings.during.stage import Stage, StagePoll
from meetings.language import N_
from meetings.rules.ballot_forms import ONE_CHOICE, poll_form
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Disclosure, Method, asks_chair, may_repeat
from meetings.rules.rule import Rule
from meetings.storage.tables import Person, Poll
from meetings.storage.unit_of_work import Reading
from meetings.web.ballot_views import marks_in_words

METHODS: Mapping[str, str] = {
    Method.ELECTRONIC: N_("On the members’ devices"),
    Method.HANDS: N_("By show of hands or voice: the counts are entered"),
    Method.ROLL_CALL: N_("By roll call: names are called one by one"),
}
DISCLOSURES: Mapping[str, str] = {
    Disclosure.ANNOUNCED: N_("With the announcement"),
    Disclosure.CLOSED: N_("As soon as the vote is closed"),
    Disclosure.LIVE: N_("While votes come in"),
}
SECONDS = (30, 60, 120, 180, 300)
"""Times to vote that the chair can choose with one touch."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A name of a roll call with its answer in words; both empty until then."""

    person: UUID
    name: str
    called: bool
    answered: bool
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class CountsView:
    """Counts of a show of hands that wait for a second person, or are confirmed."""

    numbers: tuple[tuple[str, str, int], ...]
    entered_name: str
    confirmed_name: str
    own: bool
    """This reader entered them, and so cannot confirm them."""


def procedure_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """What the form says about how the poll is held, as `draft_poll` takes it."""
    return {
        "method": fields.get("method") or Method.ELECTRONIC,
        "disclosure": fields.get("disclosure") or Disclosure.ANNOUNCED,
        "names": fields.get("nameless") != "yes",
        "changeable": fields.get("changeable") == "yes",
    }


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """What the cockpit offers for the poll in hand, and what of it waits for the chair."""
    part = {
        "poll_methods": words_of(METHODS),
        "poll_disclosures": words_of(DISCLOSURES),
        "poll_seconds": seconds_of(),
        "repeatable": repeatable(stage),
    }
    unfinished = (PollState.OPEN, PollState.CLOSED)
    running = next((poll for poll in stage.polls if poll.state in unfinished), None)
    return part | {"polling": await polling(reading, actor, running) if running else None}


def words_of(table: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, language.gettext(words)) for code, words in table.items()]


def seconds_of() -> list[tuple[str, str]]:
    """How long a vote is open by the clock."""
    return [(str(seconds), time_to_vote(seconds)) for seconds in SECONDS]


def time_to_vote(seconds: int) -> str:
    """`30 seconds`, `2 minutes`."""
    if seconds % 60:
        return language.plural("{count} second", "{count} seconds", seconds)
    return language.plural("{count} minute", "{count} minutes", seconds // 60)


async def polling(reading: Reading, actor: Actor, poll: StagePoll) -> dict[str, Any]:
    """An unfinished poll for those who run it or write for others: counts, names, entered ballots, who came late."""
    kept = await reading.get(Poll, poll.id)
    opened = poll.state == PollState.OPEN
    named = opened and not poll.secret and poll.method != Method.HANDS
    late: Sequence[Person] = await late_arrivals(reading, kept) if opened else ()
    asked = poll.state == PollState.CLOSED and asks_chair(kept.outcome)
    return {
        "id": poll.id,
        "counts": counts_view(kept, poll.rule, actor),
        "answers": await roll_of_answers(reading, kept, poll.rule) if poll.method == Method.ROLL_CALL else [],
        "calling": kept.calling_id,
        "waiting": await waiting_view(reading, kept, poll.rule, actor) if named else [],
        "late": late,
        "casts": asked and actor.person == kept.chair_id,
        "sides": [
            (one.code, language.gettext(one.label)) for one in poll.rule.choices if one.counts_as != "abstain"
        ],
        "asks_other": (await reading.get(Person, kept.chair_id)).name
        if asked and kept.chair_id and actor.person != kept.chair_id
        else "",
        "called_missing": opened and kept.missing_called_at is not None,
    }


def counts_view(poll: Poll, rule: Rule, actor: Actor) -> CountsView | None:
    """What was entered, if anything was."""
    counts = poll.counts
    if not counts:
        return None
    numbers: Mapping[str, int] = counts["numbers"]
    return CountsView(
        tuple((one.code, language.gettext(one.label), numbers.get(one.code, 0)) for one in rule.choices),
        counts["entered_name"],
        counts.get("confirmed_name", ""),
        counts["entered_by"] == str(actor.person),
    )


async def roll_of_answers(reading: Reading, poll: Poll, rule: Rule) -> list[Answer]:
    """Names of a roll call in order; the answers only where they may be told."""
    return answers_in_words(await roll_call_of(reading, poll), rule, tells=names_told_now(poll))


def answers_in_words(called: Iterable[Called], rule: Rule, *, tells: bool = True) -> list[Answer]:
    """The same names with their answers in the reader's language."""
    labels = {one.code: language.gettext(one.label) for one in rule.choices}

    def answer(one: Called) -> Answer:
        code = one.choice if tells else ""
        return Answer(one.person, one.name, one.called, one.answered, code, labels.get(code, ""))

    return [answer(one) for one in called]


async def told_answers(reading: Reading, poll: StagePoll | None) -> list[Answer]:
    """Answers of a roll call that everybody may see now, those given so far."""
    if poll is None or poll.method != Method.ROLL_CALL:
        return []
    return answers_in_words(await told_calls(reading, await reading.get(Poll, poll.id)), poll.rule)


async def waiting_view(
    reading: Reading, poll: Poll, rule: Rule, actor: Actor
) -> list[tuple[Waiting, str, bool]]:
    """Entered ballots that wait: each with the choice in words, and whether this reader may be the second person."""
    form = poll_form(poll.kind, poll.form, rule.choices)

    def words(choice: str) -> str:
        if form.kind in ONE_CHOICE:
            return language.gettext(form.label(choice))
        return marks_in_words(form, choice)

    return [
        (one, words(one.choice), actor.person not in (one.entered_by, one.person))
        for one in await waiting_for(reading, poll.id)
    ]


def repeatable(stage: Stage) -> StagePoll | None:
    """The last poll of the item in hand, if it was annulled or decided nothing and is not being held again yet."""
    held = [poll for poll in stage.item_polls if poll.state != PollState.DRAFT]
    last = held[-1] if held else None
    if last is None or not may_repeat(last.state, last.outcome):
        return None
    motions = {motion.id for motion in stage.motions if motion.state in ("moved", "undecided")}
    if last.motion is not None and last.motion not in motions:
        return None
    return None if any(poll.repeats == last.number for poll in stage.polls) else last


def may_enter(actor: Actor, body: UUID) -> bool:
    """Whether the actor may write down ballots and counts of others."""
    return actor.may(Right.ENTER_BALLOTS, body=body)
