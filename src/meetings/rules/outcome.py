"""What the numbers mean: adopted or not, and the one sentence that says why.

The sentence goes on the screen and into the minutes, so it states the base and the number that was needed.
A tie is settled after article 117(3) of the Law on the Organisation of Local Government 77/2015/QH13: the
side on which the chair voted wins. By its literal wording that holds for every tie, also for one below half
of all members; a rule may ask for the strict reading (`tie_requires_all_voted`). What the law leaves open
is not invented here: when the chair took no side the poll stays undecided, and after a tie in a secret poll
an open vote has to be taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from meetings.rules.majority import needed
from meetings.rules.quorum import Quorum
from meetings.rules.rule import Base, Rule, Tie
from meetings.rules.tally import Tally


class OutcomeCode(StrEnum):
    """How a poll ends."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    TIED = "tied"
    """A tie in a secret poll: an open vote is asked for."""
    NO_QUORUM = "no_quorum"
    UNDECIDED = "undecided"
    """A tie, and the chair took no side: the chair is asked."""
    ANNULLED = "annulled"
    ELECTED = "elected"
    ANOTHER_ROUND = "another_round"
    """An election that leaves places open, by too few votes or by a tie."""
    RATED = "rated"
    CHOSEN = "chosen"


Line = Mapping[str, object]
"""A candidate, person rated or option in numbers: `id`, `label`, `note`, `votes`, `percent`, and more by kind."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The bases in weights, for bodies whose members' ballots do not all count the same."""

    seats: int
    in_office: int
    present: int
    recused: int = 0
    recused_present: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The body in numbers when the poll was held: heads, and weights where they differ.

    `present` is counted at the time the rule says, members admitted later included; `recused` are all
    members who stood aside, `recused_present` those of them who were present.
    """

    seats: int
    in_office: int
    present: int
    quorum_open: Quorum
    quorum_close: Quorum
    recused: int = 0
    remote: int = 0
    recused_present: int = 0
    weights: Weights | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The meaning of a tally. `reason` is a key of REASONS, and `facts` fill its sentence."""

    code: OutcomeCode
    adopted: bool
    reason: str
    facts: Mapping[str, int | str]
    percent: str
    """The share in favour of the rule's base: `94.74`, or `—` where the base is empty."""
    base: int
    lines: tuple[Line, ...] = ()
    """Polls with several marks: every option with its votes; a confidence rating level by level."""
    rounds: tuple[Line, ...] = ()
    """Ranked ballots: the stages of the count."""
    next_form: Mapping[str, object] | None = None
    """An election that goes on: the ballot of the next round."""


REASONS: Final[dict[str, str]] = {
    "adopted-seats-more": "Adopted: {yes} of {base} seats in favour ({percent}%); "
    "{needed} needed, more than {majority} of all seats.",
    "adopted-seats-least": "Adopted: {yes} of {base} seats in favour ({percent}%); "
    "{needed} needed, at least {majority} of all seats.",
    "adopted-in_office-more": "Adopted: {yes} of {base} members in office in favour ({percent}%); "
    "{needed} needed, more than {majority} of those in office.",
    "adopted-in_office-least": "Adopted: {yes} of {base} members in office in favour ({percent}%); "
    "{needed} needed, at least {majority} of those in office.",
    "adopted-present-more": "Adopted: {yes} of {base} present in favour ({percent}%); "
    "{needed} needed, more than {majority} of those present.",
    "adopted-present-least": "Adopted: {yes} of {base} present in favour ({percent}%); "
    "{needed} needed, at least {majority} of those present.",
    "adopted-cast-more": "Adopted: {yes} of {base} votes cast in favour ({percent}%); "
    "{needed} needed, more than {majority} of the votes cast.",
    "adopted-cast-least": "Adopted: {yes} of {base} votes cast in favour ({percent}%); "
    "{needed} needed, at least {majority} of the votes cast.",
    "adopted-decided-more": "Adopted: {yes} in favour and {no} against ({percent}%); "
    "{needed} needed, more than {majority} of the votes for and against.",
    "adopted-decided-least": "Adopted: {yes} in favour and {no} against ({percent}%); "
    "{needed} needed, at least {majority} of the votes for and against.",
    "not_adopted-seats-more": "Not adopted: {yes} of {base} seats in favour ({percent}%); "
    "{needed} needed, more than {majority} of all seats.",
    "not_adopted-seats-least": "Not adopted: {yes} of {base} seats in favour ({percent}%); "
    "{needed} needed, at least {majority} of all seats.",
    "not_adopted-in_office-more": "Not adopted: {yes} of {base} members in office in favour ({percent}%); "
    "{needed} needed, more than {majority} of those in office.",
    "not_adopted-in_office-least": "Not adopted: {yes} of {base} members in office in favour ({percent}%); "
    "{needed} needed, at least {majority} of those in office.",
    "not_adopted-present-more": "Not adopted: {yes} of {base} present in favour ({percent}%); "
    "{needed} needed, more than {majority} of those present.",
    "not_adopted-present-least": "Not adopted: {yes} of {base} present in favour ({percent}%); "
    "{needed} needed, at least {majority} of those present.",
    "not_adopted-cast-more": "Not adopted: {yes} of {base} votes cast in favour ({percent}%); "
    "{needed} needed, more than {majority} of the votes cast.",
    "not_adopted-cast-least": "Not adopted: {yes} of {base} votes cast in favour ({percent}%); "
    "{needed} needed, at least {majority} of the votes cast.",
    "not_adopted-decided-more": "Not adopted: {yes} in favour and {no} against ({percent}%); "
    "{needed} needed, more than {majority} of the votes for and against.",
    "not_adopted-decided-least": "Not adopted: {yes} in favour and {no} against ({percent}%); "
    "{needed} needed, at least {majority} of the votes for and against.",
    "tie-fails": "Not adopted: a tie, {yes} in favour and {no} against ({percent}%); "
    "{needed} of {base} needed.",
    "tie-chair-yes": "Adopted: a tie, {yes} in favour and {no} against; the chair voted in favour, "
    "and the chair’s side wins.",
    "tie-chair-no": "Not adopted: a tie, {yes} in favour and {no} against; the chair voted against, "
    "and the chair’s side wins.",
    "tie-not-all-voted": "Not adopted: a tie, {yes} in favour and {no} against; "
    "the chair’s side would win only if all {voters} had voted for or against.",
    "tie-chair-silent": "Undecided: a tie, {yes} in favour and {no} against, and the chair has not voted. "
    "The chair is asked to decide.",
    "tie-chair-abstained": "Undecided: a tie, {yes} in favour and {no} against, and the chair abstained. "
    "The chair is asked to decide.",
    "tie-secret": "Tied: {yes} in favour and {no} against. The chair’s ballot is secret, "
    "so an open vote is needed.",
    "no-quorum-open": "No quorum: {present} present when the poll opened, {quorum} needed.",
    "no-quorum-close": "No quorum: {present} present when the poll closed, {quorum} needed.",
    "nobody": "Not adopted: nobody voted in favour or against.",
    "annulled": "Annulled: this poll does not count.",
    "elected": "Elected: {names}. Each needed {needed} votes of {base}.",
    "elected-lots": "Elected: {names}. Each needed {needed} votes of {base}; a tie was settled by lot: {lots}.",
    "elected-short": "Elected: {names}. No candidates are left for the places still open: {open}.",
    "election-lots": "A tie for the last place between {tied} with {votes} votes each: lots are to be drawn. "
    "Elected so far: {names}.",
    "election-lots-none": "A tie between {tied} with {votes} votes each: lots are to be drawn.",
    "another-round": "Elected: {names}. Places still open: {open}; nobody else reached {needed} votes of {base}. "
    "Another round is needed.",
    "another-round-none": "Nobody reached {needed} votes of {base}. Another round is needed.",
    "another-round-tie": "Elected: {names}. A tie for the last place between {tied} with {votes} votes each; "
    "another round is needed.",
    "another-round-tie-none": "A tie between {tied} with {votes} votes each; another round is needed.",
    "rated-none": "Rated on {returned} ballots returned; there is no consequence for anybody.",
    "rated-resign": "Rated on {returned} ballots returned. More than half low confidence, so may resign: {may_resign}.",
    "rated-dismissal": "Rated on {returned} ballots returned. Two thirds or more low confidence, "
    "so dismissal is to be proposed: {dismissal}.",
    "rated-both": "Rated on {returned} ballots returned. More than half low confidence, so may resign: {may_resign}. "
    "Two thirds or more low confidence, so dismissal is to be proposed: {dismissal}.",
    "rated-nobody": "Nobody was rated: no ballot was returned.",
    "chosen-most-one": "Chosen: {names}, with {votes} of {base} ballots ({percent}%).",
    "chosen-most-many": "Chosen by the number of votes: {names}.",
    "chosen-majority-one": "Chosen: {names}, with {votes} votes of {base} ({percent}%); {needed} needed.",
    "chosen-majority-many": "Chosen: {names}. Each needed {needed} votes of {base}.",
    "chosen-none": "Nothing was chosen: no option reached {needed} votes of {base}.",
    "chosen-nobody": "Nothing was chosen: no option was marked.",
    "chosen-tie": "A tie between {tied} with {votes} votes each; nothing was chosen.",
    "chosen-tie-some": "Chosen: {names}. A tie for the last place between {tied} with {votes} votes each.",
    "ranked-elected": "Elected by ranked votes: {names}. The quota was {quota} votes; counts: {rounds}.",
    "ranked-elected-order": "Elected by ranked votes: {names}. The quota was {quota} votes; counts: {rounds}. "
    "A tie was broken by the order on the ballot.",
    "ranked-nobody": "Nobody was elected: no ballot was given.",
    # imported records whose published result is not what the rule makes of the ballots
    "published-adopted": "Adopted as published: {yes} in favour and {no} against. "
    "The rule alone would not say so.",
    "published-not_adopted": "Not adopted as published: {yes} in favour and {no} against. "
    "The rule alone would say adopted.",
}

ANNULLED: Final = Outcome(
    OutcomeCode.ANNULLED, adopted=False, reason="annulled", facts={}, percent="—", base=0
)


def percent(part: int, base: int) -> str:
    """The share with two decimals, rounded half up: `94.74`; `—` where the base is 0."""
    if base <= 0:
        return "—"
    hundredths = (2 * part * 10_000 + base) // (2 * base)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def base_of(rule: Rule, figures: Figures, counted: Tally) -> int:
    """The number that the majority is a share of, in weights."""
    return share_base(rule, figures, counted.cast_weight, counted.count("yes") + counted.count("no"))


def share_base(rule: Rule, figures: Figures, cast: int, decided: int) -> int:
    """The same from the two numbers that ballots decide."""
    if rule.base is Base.CAST:
        return cast
    if rule.base is Base.DECIDED:
        return decided
    return _standing_base(rule, figures)


def no_quorum(figures: Figures) -> Outcome | None:
    """The outcome of a poll without quorum, whatever its kind; None where there was one."""
    short = figures.quorum_close if figures.quorum_open.met else figures.quorum_open
    if short.met:
        return None
    reason = "no-quorum-close" if figures.quorum_open.met else "no-quorum-open"
    facts: dict[str, int | str] = {"present": short.present, "quorum": short.needed}
    return Outcome(OutcomeCode.NO_QUORUM, False, reason, facts, "—", 0)


def decide(
    rule: Rule, figures: Figures, counted: Tally, chair_choice: str | None = None, secret: bool = False
) -> Outcome:
    """What a closed poll's tally means; `chair_choice` is the code on the chair's ballot, if there is one.

    The tie rule is asked only when the majority was not reached; none in favour and none against is no tie.
    """
    yes, no = counted.count("yes"), counted.count("no")
    base = base_of(rule, figures, counted)
    code, reason = _settle(rule, figures, counted, None if secret else chair_choice, secret)
    facts: dict[str, int | str] = {
        "yes": yes,
        "no": no,
        "abstain": counted.count("abstain"),
        "cast": counted.cast,
        "not_cast": counted.not_cast,
        "base": base,
        "needed": needed(rule, base),
        "percent": percent(yes, base),
        "majority": f"{rule.majority.numerator}/{rule.majority.denominator}",
        "present": figures.present,
        "voters": _everybody(rule, figures, counted),
        "quorum": figures.quorum_open.needed,
    }
    if code is OutcomeCode.NO_QUORUM:
        short = figures.quorum_close if figures.quorum_open.met else figures.quorum_open
        facts |= {"present": short.present, "quorum": short.needed}
    return Outcome(code, code is OutcomeCode.ADOPTED, reason, facts, percent(yes, base), base)


def _settle(
    rule: Rule, figures: Figures, counted: Tally, chair_choice: str | None, secret: bool
) -> tuple[OutcomeCode, str]:
    yes, no = counted.count("yes"), counted.count("no")
    base = base_of(rule, figures, counted)
    bound = f"{rule.base.value}-{'more' if rule.strict else 'least'}"
    if not figures.quorum_open.met:
        return OutcomeCode.NO_QUORUM, "no-quorum-open"
    if not figures.quorum_close.met:
        return OutcomeCode.NO_QUORUM, "no-quorum-close"
    if yes >= needed(rule, base):
        return OutcomeCode.ADOPTED, f"adopted-{bound}"
    if yes == no == 0:
        return OutcomeCode.NOT_ADOPTED, "nobody"
    if yes != no:
        return OutcomeCode.NOT_ADOPTED, f"not_adopted-{bound}"
    if rule.tie is Tie.FAILS:
        return OutcomeCode.NOT_ADOPTED, "tie-fails"
    if rule.tie_requires_all_voted and yes + no < _everybody(rule, figures, counted):
        return OutcomeCode.NOT_ADOPTED, "tie-not-all-voted"
    return _chair_settles(rule, chair_choice, secret)


def _chair_settles(rule: Rule, chair_choice: str | None, secret: bool) -> tuple[OutcomeCode, str]:
    if secret:
        return OutcomeCode.TIED, "tie-secret"
    if chair_choice is None:
        return OutcomeCode.UNDECIDED, "tie-chair-silent"
    side = rule.side(chair_choice)
    if side == "yes":
        return OutcomeCode.ADOPTED, "tie-chair-yes"
    if side == "no":
        return OutcomeCode.NOT_ADOPTED, "tie-chair-no"
    return OutcomeCode.UNDECIDED, "tie-chair-abstained"


def _standing_base(rule: Rule, figures: Figures) -> int:
    of = figures.weights or figures
    if rule.base is Base.PRESENT:
        return max(0, of.present - (of.recused_present if rule.recused_shrink_base else 0))
    whole = of.seats if rule.base is Base.SEATS else of.in_office
    return max(0, whole - (of.recused if rule.recused_shrink_base else 0))


def _everybody(rule: Rule, figures: Figures, counted: Tally) -> int:
    """Who has to take a side before a tie counts as one under the strict reading."""
    if rule.base in (Base.CAST, Base.DECIDED):
        return counted.eligible_weight
    return _standing_base(rule, figures)


# Before the poll opens: what the chair reads


@dataclass(frozen=True, slots=True)
class Plan:
    """What a poll will need, in plain words: `code` is a key of PLANS."""

    code: str
    facts: Mapping[str, int | str]


PLANS: Final[dict[str, str]] = {
    "plan-seats": "{eligible} members get a ballot; {needed} votes in favour are needed of {base} seats.",
    "plan-in_office": "{eligible} members get a ballot; {needed} votes in favour are needed "
    "of {base} in office.",
    "plan-present": "{eligible} members get a ballot; {needed} votes in favour are needed of {base} present.",
    "plan-cast": "{eligible} members get a ballot; if all vote, {needed} votes in favour are needed "
    "of {base} cast.",
    "plan-decided": "{eligible} members get a ballot; if all vote and none abstains, "
    "{needed} votes in favour are needed of {base}.",
    "plan-election": "{eligible} members get a ballot with {options} candidates for {places} places "
    "and may mark {at_most}; {needed} votes of {base} elect.",
    "plan-options-majority": "{eligible} members get a ballot with {options} options and may mark {at_most}; "
    "{needed} votes of {base} choose.",
    "plan-options-most": "{eligible} members get a ballot with {options} options and may mark {at_most}; "
    "most votes choose.",
    "plan-ranked": "{eligible} members rank {options} candidates for {places} places; "
    "if all vote, {needed} votes elect.",
    "plan-confidence": "{eligible} members rate {options} people; shares are of the ballots returned.",
}


def plan(
    rule: Rule, figures: Figures, eligible: int | None = None, eligible_weight: int | None = None
) -> Plan:
    """Say who gets a ballot and what will be needed; without a roll everybody present and not recused counts.

    Where the base depends on the ballots (`cast`, `decided`) the numbers are those of a full vote.
    """
    heads = figures.present - figures.recused_present if eligible is None else eligible
    if rule.base in (Base.CAST, Base.DECIDED):
        base = heads if eligible_weight is None else eligible_weight
    else:
        base = _standing_base(rule, figures)
    return Plan(
        f"plan-{rule.base.value}",
        {
            "eligible": heads,
            "needed": needed(rule, base),
            "base": base,
            "present": figures.present,
            "remote": figures.remote,
            "quorum": figures.quorum_open.needed,
        },
    )
