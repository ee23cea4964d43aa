"""Who is elected, what is chosen, how somebody is rated: the outcome of polls with several marks on a ballot.

A candidate is elected with the rule's majority of its base (more than half of all seats in a council), in the order of
votes up to the number of places. A tie for the last place elects none of those tied: another round is held among them,
or lots are drawn and the chair records which. Confidence ratings follow `confidence`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from meetings.rules.ballot_forms import LEVELS, Form, Kind, Option, form_as_data
from meetings.rules.confidence import Consequence, rate
from meetings.rules.majority import needed
from meetings.rules.marks import Marks
from meetings.rules.outcome import Figures, Line, Outcome, OutcomeCode, no_quorum, percent, share_base
from meetings.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class _Standing:
    """Candidates at the end of a count: those with a place, those tied for the last ones, the places still open."""

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    open_places: int


def base_for(rule: Rule, figures: Figures, marks: Marks) -> int:
    """What the rule's majority is a share of; a blank ballot is cast but decides nothing."""
    return share_base(rule, figures, marks.cast_weight, marks.cast_weight - marks.blank_weight)


def decide_marks(form: Form, rule: Rule, figures: Figures, marks: Marks, lots: Sequence[str] = ()) -> Outcome:
    """The outcome of an `election`, `confidence` or `options` poll. `lots`: who was drawn after a tie."""
    short = no_quorum(figures)
    if short is not None:
        return short
    if form.kind is Kind.CONFIDENCE:
        return _rated(form, marks)
    if form.kind is Kind.ELECTION:
        return _elected(form, rule, figures, marks, lots)
    return _chosen(form, rule, figures, marks)


def standing(form: Form, votes: Mapping[str, int], threshold: int, lots: Collection[str] = ()) -> _Standing:
    """Give the places in the order of votes; a tie that reaches beyond the last place is left open."""
    good = sorted(
        (option.id for option in form.options if votes[option.id] >= threshold), key=lambda one: -votes[one]
    )
    if len(good) <= form.places:
        return _Standing(tuple(good), (), form.places - len(good))
    edge = votes[good[form.places - 1]]
    if votes[good[form.places]] < edge:
        return _Standing(tuple(good[: form.places]), (), 0)
    above = tuple(one for one in good if votes[one] > edge)
    tied = tuple(one for one in good if votes[one] == edge)
    left = form.places - len(above)
    drawn = tuple(one for one in tied if one in lots)
    if len(drawn) == left:
        return _Standing((*above, *drawn), (), 0)
    return _Standing(above, tied, left)


def next_round(form: Form, found: _Standing) -> Form | None:
    """The ballot of the round that follows: the tied, or all who have no place yet. None when nobody is left."""
    left = found.tied or tuple(option.id for option in form.options if option.id not in found.elected)
    if not found.open_places or not left:
        return None
    options = tuple(option for option in form.options if option.id in left)
    places = min(found.open_places, len(options))
    return replace(
        form, options=options, places=places, at_most=min(form.at_most, places),
        ids=frozenset(option.id for option in options),
    )  # fmt: skip


def _elected(form: Form, rule: Rule, figures: Figures, marks: Marks, lots: Sequence[str]) -> Outcome:
    base = base_for(rule, figures, marks)
    threshold = needed(rule, base)
    found = standing(form, marks.weights, threshold, lots)
    by_lot = [one for one in found.elected if one in lots]
    following = next_round(form, found)
    facts = _facts(form, found.elected, base, threshold, marks) | {
        "open": found.open_places,
        "tied": _names(form, found.tied),
        "votes": marks.weights[found.tied[0]] if found.tied else 0,
        "lots": _names(form, by_lot),
        "majority": f"{rule.majority.numerator}/{rule.majority.denominator}",
    }
    some = "" if found.elected else "-none"
    if not found.open_places:
        code, reason = OutcomeCode.ELECTED, "elected-lots" if by_lot else "elected"
    elif following is None:
        code, reason = OutcomeCode.ELECTED, "elected-short"
    elif found.tied and form.ties == "lots":
        code, reason = OutcomeCode.TIED, f"election-lots{some}"
    else:
        code, reason = (
            OutcomeCode.ANOTHER_ROUND,
            f"another-round-tie{some}" if found.tied else f"another-round{some}",
        )
    best = max(marks.weights.values(), default=0)
    return Outcome(
        code, bool(found.elected), reason, facts, percent(best, base), base,
        lines=_lines(form, marks, base, found.elected, found.tied),
        next_form=form_as_data(following) if following else None,
    )  # fmt: skip


def _chosen(form: Form, rule: Rule, figures: Figures, marks: Marks) -> Outcome:
    by_rule = form.by == "majority"
    base = base_for(rule, figures, marks) if by_rule else marks.cast_weight
    threshold = needed(rule, base) if by_rule else 1
    found = standing(form, marks.weights, threshold)
    facts = _facts(form, found.elected, base, threshold, marks) | {"tied": _names(form, found.tied)}
    best = max(marks.weights.values(), default=0)
    facts |= {"votes": best, "percent": percent(best, base)}
    if found.tied:
        code, reason = OutcomeCode.TIED, "chosen-tie" if not found.elected else "chosen-tie-some"
        facts["votes"] = marks.weights[found.tied[0]]
    elif found.elected:
        one = "one" if len(found.elected) == 1 else "many"
        code, reason = OutcomeCode.CHOSEN, f"chosen-{'majority' if by_rule else 'most'}-{one}"
    else:
        code, reason = OutcomeCode.NOT_ADOPTED, "chosen-none" if best else "chosen-nobody"
    return Outcome(
        code, code is OutcomeCode.CHOSEN, reason, facts, percent(best, base), base,
        lines=_lines(form, marks, base, found.elected, found.tied),
    )  # fmt: skip


def _rated(form: Form, marks: Marks) -> Outcome:
    ratings = {
        option.id: rate(marks.cast, *(marks.heads[f"{option.id}:{level}"] for level in LEVELS))
        for option in form.options
    }
    lines: list[Line] = []
    for option in form.options:
        rating = ratings[option.id]
        shares = {
            f"{level}_percent": percent(marks.heads[f"{option.id}:{level}"], marks.cast) for level in LEVELS
        }
        lines.append(
            _line(option, rating.high, rating.high_percent)
            | {level: marks.heads[f"{option.id}:{level}"] for level in LEVELS}
            | shares
            | {"unmarked": rating.unmarked, "consequence": rating.consequence.value}
        )
    resign = [one for one, rating in ratings.items() if rating.consequence is Consequence.MAY_RESIGN]
    dismissal = [one for one, rating in ratings.items() if rating.consequence is Consequence.DISMISSAL]
    reason = {
        (False, False): "rated-none",
        (True, False): "rated-resign",
        (False, True): "rated-dismissal",
    }.get((bool(resign), bool(dismissal)), "rated-both")
    facts: dict[str, int | str] = {
        "returned": marks.cast, "cast": marks.cast, "not_cast": marks.not_cast, "base": marks.cast,
        "may_resign": _names(form, resign), "dismissal": _names(form, dismissal),
    }  # fmt: skip
    if not marks.cast:
        return Outcome(OutcomeCode.NOT_ADOPTED, False, "rated-nobody", facts, "—", 0, lines=tuple(lines))
    return Outcome(OutcomeCode.RATED, False, reason, facts, "—", marks.cast, lines=tuple(lines))


def _facts(
    form: Form, chosen: Sequence[str], base: int, threshold: int, marks: Marks
) -> dict[str, int | str]:
    return {
        "names": _names(form, chosen),
        "base": base,
        "needed": threshold,
        "places": form.places,
        "cast": marks.cast,
        "not_cast": marks.not_cast,
        "blank": marks.blank,
        "abstain": marks.blank_weight,
    }


def _lines(
    form: Form, marks: Marks, base: int, elected: Collection[str], tied: Collection[str]
) -> tuple[Line, ...]:
    """Every option with its votes: those with a place first, then by votes, then as on the ballot."""
    order = sorted(form.options, key=lambda option: (option.id not in elected, -marks.weights[option.id]))
    return tuple(
        _line(option, marks.weights[option.id], percent(marks.weights[option.id], base))
        | {"elected": option.id in elected, "tied": option.id in tied}
        for option in order
    )


def _line(option: Option, votes: int, share: str) -> dict[str, object]:
    return {"id": option.id, "label": option.label, "note": option.note, "votes": votes, "percent": share}


def _names(form: Form, ids: Sequence[str]) -> str:
    return ", ".join(form.label(one) for one in ids)
