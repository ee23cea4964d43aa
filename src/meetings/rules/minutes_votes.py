"""How a vote is told in the minutes: how it was held, by which rule, its numbers, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from meetings.rules.minutes_blocks import Block, Fact, Row, bound
from meetings.rules.minutes_sentences import METHODS
from meetings.rules.outcome import ANNULLED
from meetings.rules.record import PollRecord

_OF_ITS_OWN: Final = frozenset({"election", "confidence", "options", "ranked"})
"""Kinds of polls with a sentence of their own; the others are told by their method."""


def vote_blocks(poll: PollRecord, item: str) -> list[Block]:
    """A poll from how it was held to its outcome."""
    return [
        bound(_code(poll), _facts(poll), f"poll:{poll.id}", item, _rows(poll)),
        *_around(poll, item),
        bound(f"outcome-{poll.reason}", poll.facts, f"outcome:{poll.id}", item),
        *_afterwards(poll, item),
    ]


def _code(poll: PollRecord) -> str:
    if poll.reason == ANNULLED.reason:
        return "vote-annulled"
    if poll.kind in _OF_ITS_OWN:
        return f"vote-{poll.kind}" + ("-secret" if poll.secret else "")
    if poll.secret:
        return "vote-secret"
    return {"hands": "vote-hands", "roll_call": "vote-roll-call"}.get(poll.method, "vote-electronic")


def _facts(poll: PollRecord) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "number": poll.number,
        "title": poll.title,
        "eligible": poll.eligible,
        "cast": poll.cast,
        "not_cast": poll.not_cast,
    }
    code = _code(poll)
    if code == "vote-annulled":
        facts["word_method"] = METHODS["secret" if poll.secret else poll.method]
    elif code == "vote-hands":
        facts |= {"counted_by": poll.counted_by, "confirmed_by": poll.counts_confirmed_by}
    elif poll.kind in _OF_ITS_OWN:
        facts |= {"places": poll.places, "at_most": poll.at_most, "options": poll.options}
    return facts


def _rows(poll: PollRecord) -> tuple[Row, ...]:
    # a secret poll has no names to give; should a caller pass some, they stay out of the minutes all the same
    return tuple(
        Row(one.label, one.count, "" if poll.secret else ", ".join(one.names), one.share, one.marks)
        for one in poll.choices
    )


def _around(poll: PollRecord, item: str) -> Iterator[Block]:
    def told(code: str, name: str, facts: Mapping[str, Fact]) -> Block:
        return bound(code, facts, f"poll:{poll.id}:{name}", item)

    if poll.motions:
        yield told("vote-motions", "motions", {"titles": "; ".join(poll.motions)})
    if poll.repeats and poll.round > 1:
        yield told("vote-round", "repeats", {"round": poll.round, "number": poll.repeats})
    elif poll.repeats:
        yield told("vote-repeats", "repeats", {"number": poll.repeats})
    # the sentence on a motion states the rule itself
    if poll.rule and not poll.reason.startswith(("adopted-", "not_adopted-")):
        yield told(f"rule-{poll.rule}", "rule", poll.rule_facts)
    for code, names in (
        ("admitted", poll.admitted),
        ("by-proxy", poll.by_proxy),
    ):
        if names:
            yield told(f"vote-{code}", code, {"names": _listed(names)})
    for count, entered in enumerate(poll.entered):
        facts = {"names": _listed(entered.names), "entered_by": entered.entered_by}
        yield told("vote-entered", f"entered:{count}", facts | {"confirmed_by": entered.confirmed_by})
    for count, stage in enumerate(poll.stages, start=1):
        happened = {"elected": stage.elected, "excluded": stage.excluded}
        code = "".join(f"-{name}" for name, who in happened.items() if who)
        yield told(f"stage{code}", f"stage:{count}", {"number": count, "votes": stage.votes} | happened)
    if poll.casting:
        yield told("vote-casting", "casting", {"chair": poll.casting_by, "word_choice": poll.casting})


def _afterwards(poll: PollRecord, item: str) -> Iterator[Block]:
    at = f"outcome:{poll.id}"
    if poll.annulled_at:
        facts: dict[str, Fact] = {"time": f"{poll.annulled_at:%H:%M}", "reason": poll.annulled_reason}
        code = "vote-annulled-after" if poll.annulled_after else "vote-annulled-before"
        yield bound(code, facts, f"{at}:annulled", item)
    if poll.repeated_by:
        numbers = ", ".join(map(str, poll.repeated_by))
        yield bound("vote-repeated", {"numbers": numbers}, f"{at}:repeated", item)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
