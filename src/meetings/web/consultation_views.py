"""A consultation in words: its state, its numbers as they stand, the opinions, and what this reader can do now."""

from collections.abc import Sequence
from dataclasses import dataclass

from meetings import language
from meetings.before.consultation_reading import OpenedConsultation
from meetings.before.opinions import Answer, aside_among, count_of, missing_among
from meetings.before.paper_opinions import EnteredWaiting
from meetings.language import N_
from meetings.rules.consultations import CONSULTATION, ConsultationState
from meetings.rules.lifecycle import acts
from meetings.rules.majority import needed, stored_rule
from meetings.rules.outcome import REASONS
from meetings.rules.permissions import Actor, Right
from meetings.web.stage import rule_sentence

STATES: dict[str, tuple[str, str, str]] = {
    ConsultationState.DRAFT: (N_("Draft"), "neutral", "pencil"),
    ConsultationState.OPEN: (N_("Open"), "accent", "hourglass"),
    ConsultationState.CLOSED: (N_("Closed"), "warn", "lock"),
    ConsultationState.ANNOUNCED: (N_("Announced"), "good", "check"),
    ConsultationState.CONVERTED: (N_("Taken to a meeting"), "neutral", "calendar-days"),
    ConsultationState.WITHDRAWN: (N_("Withdrawn"), "neutral", "undo-2"),
}
"""Word, tone and drawing of each state."""
HINTS = {
    "agree-comments": N_("It counts as agreement; your comments go to the chair and the secretariat."),
    "other": N_(
        "It counts for neither side; say what you propose, for example to deal with it at a meeting."
    ),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ballots as they stand, or the outcome they came to. `counts` are rows of (code, label, number)."""

    counts: Sequence[tuple[str, str, int]]
    yes: int
    no: int
    abstain: int
    base: int
    needed: int
    cast: int
    asked: int
    rule: str
    code: str
    """Empty until it is closed."""
    sentence: str
    aside: Sequence[str]
    """The names of those who stand aside and so have no ballot."""


def choices_of(opened: OpenedConsultation) -> list[tuple[str, str, str]]:
    """The lines of the ballot in the reader's language: code, label, hint."""
    rule = stored_rule(opened.consultation.rule)
    return [
        (one.code, language.gettext(one.label), language.gettext(HINTS.get(one.code, "")))
        for one in rule.choices
    ]


def numbers_of(opened: OpenedConsultation) -> Numbers | None:
    """For the chair and the secretaries as they stand; for members once the outcome is theirs to know."""
    kept = opened.consultation
    labels = [(code, label) for code, label, _ in choices_of(opened)]
    base = kept.seats or 0
    rule = stored_rule(kept.rule)
    least = needed(rule, base)
    words = rule_sentence(rule, least, base)
    if opened.told and kept.tally and kept.outcome:
        tally, outcome = kept.tally, kept.outcome
        counts = [(code, label, tally["weights"].get(code, 0)) for code, label in labels]
        missing = language.gettext(N_("Did not answer"))
        return Numbers(
            [*counts, ("not_cast", missing, tally["not_cast_weight"])], tally["yes"], tally["no"], tally["abstain"],
            base, least, tally["cast"], tally["cast"] + tally["not_cast"], words, outcome["code"],
            language.text(REASONS[outcome["reason"]], **outcome["facts"]), tally.get("aside", ()),
        )  # fmt: skip
    if not opened.insider or kept.state != ConsultationState.OPEN:
        return None
    count = count_of(kept, opened.answers)
    return Numbers(
        [(code, label, count.weights[code]) for code, label in labels], count.count("yes"), count.count("no"),
        count.count("abstain"), base, least, count.cast, count.eligible, words, "", "",
        [one.name for one in aside_among(opened.answers)],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voices:
    """Who said what, who said nothing, and who stands aside."""

    given: Sequence[tuple[Answer, str]]
    missing: Sequence[Answer]
    aside: Sequence[Answer]


def voices_of(opened: OpenedConsultation) -> Voices:
    """The opinions with the words of their choices, in the order names are read."""
    labels = {code: label for code, label, _ in choices_of(opened)}
    return Voices(
        [(one, labels.get(one.choice, one.choice)) for one in opened.answers if one.choice],
        missing_among(opened.answers),
        aside_among(opened.answers),
    )


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """What was entered from paper, in words; `confirms` says whether this reader may be the second person."""

    entered: EnteredWaiting
    label: str
    confirms: bool


def entered_of(opened: OpenedConsultation, actor: Actor) -> Sequence[EnteredLine]:
    """What waits for a second person."""
    labels = {code: label for code, label, _ in choices_of(opened)}
    return [
        EnteredLine(one, labels.get(one.choice, one.choice), actor.person not in (one.entered_by, one.person))
        for one in opened.entered
    ]


def acts_for(actor: Actor, opened: OpenedConsultation) -> frozenset[str]:
    """What this reader can do now, by the names of the acts."""
    kept = opened.consultation
    prepares = actor.may(Right.PREPARE, body=kept.body_id)
    chairs = actor.may(Right.RUN_ROOM, body=kept.body_id)
    draft, running = kept.state == ConsultationState.DRAFT, kept.state == ConsultationState.OPEN
    possible = set(acts(CONSULTATION, kept.state))
    missing = bool(missing_among(opened.answers))
    timely = running and not opened.over
    allowed = {
        "change": prepares,
        "hand": prepares and draft and not chairs,
        "open": chairs,
        "give": opened.asked and not opened.aside and timely,
        "recuse": opened.asked and not opened.aside,
        "set-aside": opened.insider and running,
        "enter": opened.insider and timely,
        "remind": opened.insider and timely and missing,
        "extend": chairs,
        "close": chairs and not missing and not opened.entered,
        "withdraw": opened.insider if draft else chairs,
        "put-on-agenda": prepares and kept.item_id is None,
        "convert": prepares and kept.item_id is None,
    }
    possible |= {"hand", "remind", "set-aside", "enter"}
    return frozenset(act for act, may in allowed.items() if may and act in possible)


def number_of(opened: OpenedConsultation) -> str:
    """`Consultation 03/2026`; without a number while it is a draft."""
    kept = opened.consultation
    if kept.number is None:
        return language.gettext(N_("Draft consultation"))
    return language.text(N_("Consultation {number}/{year}"), number=f"{kept.number:02d}", year=kept.year)
