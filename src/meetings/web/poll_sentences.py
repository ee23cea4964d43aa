"""The journal's words about polls beyond opening, closing and announcing."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from meetings.language import N_, gettext, text, time_text
from meetings.rules.refusals import REFUSALS
from meetings.web.ballot_views import LEVEL_WORDS

POLL_SENTENCES = {
    "PollTimesSet": N_("Times of the poll “{title}”: {times}"),
    "PollNotOpened": N_("The poll “{title}” did not open at its time. {refusal}"),
    "CountsEntered": N_("{entered_name} entered the counts of “{title}”. {counts}"),
    "CountsConfirmed": N_(
        "{confirmed_name} confirmed the counts of “{title}” that {entered_name} had entered."
    ),
    "CountsSentBack": N_("{sent_back_name} sent the counts of “{title}” back to {entered_name}."),
    "NameCalled": N_("Called: {person_name} ({place} of {voters})."),
    "RollCallAnswered": N_("{voter} answered “{choice}”. Receipt {receipt}."),
    "CastingVoteGiven": N_("{chair_name} gave the casting vote on “{title}”. {choice}"),
    "MemberAdmitted": N_(
        "{person_name} arrived after the opening and was admitted: {present} present, {eligible} with a ballot."
    ),
    "BallotEntered": N_("{entered_name} entered the ballot of {person_name}; it waits for a second person."),
    "EnteredBallotDropped": N_("The ballot entered for {person_name} was dropped. {dropped_name}"),
    "MissingCalled": N_("{missing} members who had not voted on “{title}” were called."),
    "TestPollBegun": N_("A test of the devices began, with {members} members."),
    "TestPollEnded": N_("The test of the devices ended: {answered} of {members} answered."),
}
"""Event → its sentence."""

BY_CLOCK = {
    "PollOpened": N_("Poll opened at its time: {title}. {present} present, {eligible} with a ballot."),
    "PollClosed": N_("Poll closed at its time: {cast} ballots cast, {not_cast} not cast."),
}
"""What happened by itself, at the moment the chair had set."""
CHANGED = N_("{voter} changed the ballot to “{choice}”. Receipt {receipt}.")
HIDDEN_CHANGE = N_("{voter} has changed the ballot. Receipt {receipt}.")
ENTERED = N_("Entered by {entered_by}, confirmed by {confirmed_by}.")
ANNULLED = N_("The vote on “{title}” was annulled: {reason}")
ANNULLED_AFTER = N_("The vote on “{title}” was annulled after its announcement: {reason}")
BLANK = N_("blank")
OPENS = N_("opens at {time}")
CLOSES = N_("closes at {time}, ballots on their way are taken for {grace} seconds more")
BY_HAND = N_("opened and closed by hand")


def annulled_sentence(payload: Mapping[str, Any]) -> str:
    """Which vote was annulled, and whether its outcome had been announced; empty where the event does not say."""
    if not payload.get("title"):
        return ""
    return ANNULLED_AFTER if payload.get("announced") else ANNULLED


def ballot_text(choice: str, labels: Mapping[str, str]) -> str:
    """A ballot as it is stored in words: its choice, the options marked in their order, or a level for each person."""
    if choice in labels or choice[:1] not in ("[", "{"):
        return gettext(labels.get(choice, choice))
    marks = json.loads(choice)
    if isinstance(marks, dict):
        levels = cast("dict[str, str]", marks)
        told = [f"{labels.get(one, one)}: {gettext(LEVEL_WORDS[level])}" for one, level in levels.items()]
    else:
        told = [labels.get(one, one) for one in cast("list[str]", marks)]
    return ", ".join(told) or gettext(BLANK)


def poll_facts(event: str, payload: Mapping[str, Any], choices: Mapping[str, str]) -> dict[str, str]:
    """Facts that a reader would not understand as they are kept; `choices`: code → label of this poll."""
    match event:
        case "PollTimesSet":
            return {"times": _times(payload)}
        case "PollNotOpened":
            return {"refusal": text(REFUSALS.get(payload["refusal"], ""), **payload["facts"])}
        case "CountsEntered":
            told = (
                f"{gettext(choices.get(code, code))} {count}" for code, count in payload["counts"].items()
            )
            return {"counts": ", ".join(told)}
        case "CastingVoteGiven":
            choice = str(payload["choice"])
            return {"choice": gettext(choices.get(choice, choice)) if choice else ""}
        case _:
            return {}


def ballot_sentence(event: str, payload: Mapping[str, Any], *, voter: str, label: str) -> str:
    """A named ballot; `label` is empty while it is withheld."""
    changed = payload.get("revision", 1) > 1
    if not label:
        sentence = HIDDEN_CHANGE if changed else N_("{voter} has voted. Receipt {receipt}.")
    elif changed:
        sentence = CHANGED
    else:
        sentence = POLL_SENTENCES.get(event, N_("{voter} voted “{choice}”. Receipt {receipt}."))
    told = text(sentence, voter=voter, choice=label, receipt=payload["receipt"])
    if payload.get("entered_by"):
        told += " " + text(ENTERED, entered_by=payload["entered_by"], confirmed_by=payload["confirmed_by"])
    return told


def _times(payload: Mapping[str, Any]) -> str:
    parts: list[str] = []
    if payload["opens_at"]:
        parts.append(text(OPENS, time=time_text(datetime.fromisoformat(payload["opens_at"]))))
    if payload["closes_at"]:
        closing = time_text(datetime.fromisoformat(payload["closes_at"]))
        parts.append(text(CLOSES, time=closing, grace=payload["grace"]))
    return ", ".join(parts) or gettext(BY_HAND)
