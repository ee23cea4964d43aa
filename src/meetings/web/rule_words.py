"""The voting rules in words, as a secretary chooses among them."""

from meetings import language
from meetings.language import N_
from meetings.rules.ballot_forms import Kind
from meetings.rules.majority import PRESETS
from meetings.rules.poll_kinds import fits, may_be_usual

RULES = {
    "hdnd-resolution": N_("Council resolution: more than half of all seats"),
    "hdnd-removal": N_("Removal of a delegate: at least two thirds of all seats"),
    "hdnd-short": N_("Shrunken council: more than two thirds of the members in office"),
    "ubnd": N_("Committee: more than half of all members, in a tie the side of the chair"),
    "ubnd-written": N_("Committee, written opinions: more than half of all members"),
    "absolute_majority": N_("Absolute majority: more than half of all seats"),
    "two_thirds": N_("Two thirds of the votes cast"),
    "election-list": N_("Election: more than half of all seats, in the order of votes"),
    "confidence-96": N_("Confidence rating after Resolution 96/2023: shares of the ballots returned"),
    "ranked": N_("Ranked votes: single transferable vote"),
    "plurality": N_("Procedure: more in favour than against, in a tie the chair decides"),
}
"""Every preset by its code."""


def rule_words(code: str) -> str:
    """A rule in the reader's language; one that is no preset says so."""
    return language.gettext(RULES.get(code, N_("A rule of its own")))


def usual_rule_options() -> list[tuple[str, str]]:
    """The presets that may be a body's usual rule: code and words."""
    return [entry for entry in rule_options() if may_be_usual(entry[0])]


def rule_options() -> list[tuple[str, str]]:
    """The presets that decide motions: code and words."""
    return [(code, rule_words(code)) for code in RULES if code in PRESETS and fits(Kind.MOTION, code)]
