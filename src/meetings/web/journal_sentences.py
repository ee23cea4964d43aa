"""The journal in words: one sentence for each kind of event, filled from its payload."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from meetings.after.journal import JournalLine, JournalPart
from meetings.language import N_, gettext, long_datetime_text, text, time_text
from meetings.rules.minutes import STATES
from meetings.rules.outcome import REASONS
from meetings.web.agenda_sentences import AGENDA_SENTENCES, agenda_facts
from meetings.web.consultation_sentences import CONSULTATION_SENTENCES
from meetings.web.council_session_sentences import COUNCIL_SESSION_SENTENCES
from meetings.web.dossier_sentences import DOSSIER_SENTENCES, dossier_facts
from meetings.web.floor_views import floor_facts
from meetings.web.journal_calendar import CALENDAR_SENTENCES
from meetings.web.notice_sentences import NOTICE_SENTENCES, notice_facts
from meetings.web.paper_words import PAPER_SENTENCES, paper_facts
from meetings.web.poll_sentences import (
    BY_CLOCK,
    POLL_SENTENCES,
    annulled_sentence,
    ballot_sentence,
    ballot_text,
    poll_facts,
)
from meetings.web.programme_sentences import PROGRAMME_SENTENCES
from meetings.web.template_sentences import TEMPLATE_SENTENCES
from meetings.web.work_programme_sentences import WORK_PROGRAMME_SENTENCES

SENTENCES = {
    **CALENDAR_SENTENCES,
    **PAPER_SENTENCES,
    **WORK_PROGRAMME_SENTENCES,
    "MeetingScheduled": N_("Meeting scheduled for {starts}: {title}"),
    "MeetingChanged": N_("Meeting changed: {changes}"),
    "MeetingPublished": N_("Meeting published with {items} items on its agenda."),
    "PackAsked": N_("The meeting pack was asked for ({papers} papers)"),
    "MeetingCancelled": N_("Meeting cancelled: {reason}"),
    "MeetingOpenedToPublic": N_("The meeting was opened to the public."),
    "MeetingClosedToPublic": N_("The meeting was closed to the public."),
    "SeatingPlanSaved": N_("Seating plan saved: {places} places, {assigned} of them assigned."),
    "ItemAdded": N_("Item {number} added: {title}"),
    "ItemChanged": N_("Item changed: {title}"),
    "ItemMoved": N_("An item was moved and is now number {number}."),
    "ItemRemoved": N_("Item removed: {title}"),
    "PaperLaid": N_("Paper laid, version {version}: {title}"),
    "PaperWithdrawn": N_("Paper withdrawn: {title}"),
    "AttendanceRecorded": N_("{person_name}: {state} {why}"),
    "AttendanceCorrected": N_("Attendance of {person_name} corrected: {change} {reason}"),
    "SubstituteApproved": N_("{substitute_name} sits in the seat of {member_name}."),
    "SubstituteEnded": N_("{substitute_name} no longer sits in the seat of {member_name}."),
    "ProxyGiven": N_("{giver_name} gave a proxy to {holder_name}."),
    "ProxyEnded": N_("The proxy of {giver_name} to {holder_name} ended."),
    "RecusalDeclared": N_("{person_name} stands aside from item {number}. {reason}"),
    "RecusalLifted": N_("{person_name} takes part in item {number} again."),
    "MeetingCalledToOrder": N_(
        "Called to order: {present} of {quorum_base} present, {quorum_needed} needed."
    ),
    "MeetingRecessed": N_("Recess. {until}"),
    "RecessExtended": N_("The recess is extended. {until}"),
    "MeetingResumed": N_("Resumed with {present} present."),
    "MeetingAdjourned": N_("Adjourned with {present} present."),
    "ItemTakenUp": N_("Item {number} taken up: {title}"),
    "ItemConcluded": N_("Item {number} concluded."),
    "ItemPostponed": N_("Item {number} postponed. {where} {reason} {motions}"),
    "ItemReferred": N_("Item {number} referred to {to}. {reason} {motions}"),
    "ItemContinued": N_("Item {number} comes from item {from_number} of “{from_title}”: {title}"),
    "UrgentItemAdded": N_("Urgent item {number} added: {title}. {reason}"),
    "ItemWithdrawn": N_("Item {number} withdrawn. {reason}"),
    "FloorRequested": N_("{speaker} asks for the floor on item {number}: {kind}."),
    "RequestWithdrawn": N_("{speaker} no longer asks for the floor."),
    "RequestMoved": N_("{speaker} was moved to place {place} of the list of speakers."),
    "SpeakerCalled": N_("{speaker} has the floor on item {number}: {kind}."),
    "SpeakerPassedOver": N_("{speaker} was called, but was not there."),
    "SpeechPaused": N_("{speaker} was interrupted after {seconds}."),
    "SpeechResumed": N_("{speaker} goes on after {seconds}."),
    "SpeechEnded": N_("{speaker} spoke for {seconds}."),
    "SpeakingTimeAdded": N_("{speaker} was given {added} more in all."),
    "RequestsLapsed": N_("No longer on the list of item {number}: {speakers}."),
    "GroupTimeSet": N_("Speaking time of {group} on item {number}: {initial} and {added} added."),
    "LastCallMade": N_("Last call for speakers on item {number}."),
    "SpeakersListClosed": N_("The list of speakers on item {number} was closed."),
    "SpeakersListReopened": N_("The list of speakers on item {number} was opened again."),
    "QuestionSubmitted": N_("A question slip was handed in."),
    "QuestionChanged": N_("A question slip was changed. {addressee}"),
    "QuestionWithdrawn": N_("A question was withdrawn by its author. {asker_name}"),
    "QuestionListed": N_("Question of {asker_name} to {addressee} listed under item {number}: {text}"),
    "QuestionTakenOff": N_("Question of {asker_name} to {addressee} taken off the list."),
    "QuestionPut": N_("{asker_name} asks {addressee}: {text}"),
    "QuestionAnswered": N_("Question of {asker_name} to {addressee} asked and answered."),
    "AnswerJudged": N_("{asker_name} on the answer of {addressee}: {verdict}."),
    "WrittenAnswerOwed": N_("Question of {asker_name} to {addressee} is to be answered in writing."),
    "AnsweringAgencyNamed": N_(
        "{agency_name} answers the question of {asker_name} to {addressee} in writing."
    ),
    "PromiseMade": N_("{promised_by} promised: {text} ({agency_name}) {until}"),
    "MotionMoved": N_("Motion moved: {title}"),
    "MotionAdopted": N_("Motion adopted: {title}"),
    "MotionRejected": N_("Motion rejected: {title}"),
    "MotionSeconded": N_("{seconder_name} seconds: {title}"),
    "MotionWithdrawn": N_("Motion withdrawn: {title}. {reason}"),
    "MotionLeftUndecided": N_("Motion left undecided: {title}"),
    "MotionReopened": N_("Motion open again, because the vote on it was annulled: {title}"),
    "MotionDivided": N_("Motion divided into {parts} parts: {title}"),
    "MotionTextAmended": N_("The motion “{title}” now reads: {after}"),
    "AmendmentFitted": N_("Amendment “{title}”: {fit}"),
    "AmendmentReworded": N_("Amendment “{title}” worded anew: {after}"),
    "AmendmentsReordered": N_("The chair set the order of the amendments: {title}"),
    "MotionsGrouped": N_("{motions} motions are put in one vote: {title}"),
    "MotionTakenOut": N_("Taken out of the vote on several motions: {title}. {who}"),
    "PollDrafted": N_("Poll prepared: {title}"),
    "PollOpened": N_("Poll opened: {title}. {present} present, {eligible} with a ballot."),
    "BallotCast": N_("{voter} voted “{choice}”. Receipt {receipt}."),
    "PollClosed": N_("Poll closed: {cast} ballots cast, {not_cast} not cast."),
    "OutcomeAnnounced": N_("Outcome announced: {title}. {sentence}"),
    "LotsDrawn": N_("Lots drawn between {tied}: {drawn}."),
    "PollAnnulled": N_("Poll annulled: {reason}"),
    **AGENDA_SENTENCES,
    **CONSULTATION_SENTENCES,
    **POLL_SENTENCES,
    "ResolutionDrafted": N_("Resolution drafted: {title}"),
    "ResolutionWithdrawn": N_("Resolution withdrawn: {reason}"),
    "ResolutionClauseWritten": N_("Clause written: {text}"),
    "ResolutionIssued": N_("Resolution {symbol} issued."),
    "TaskAssigned": N_("Task given to {lead}: {title}"),
    "TaskAccepted": N_("Task accepted."),
    "TaskProgressed": N_("Task at {percent} %: {text}"),
    "TaskReported": N_("Task reported as done: {text}"),
    "TaskVerified": N_("Task verified."),
    "TaskReturned": N_("Report returned: {reason}"),
    "TaskCancelled": N_("Task cancelled: {reason}"),
    "MinutesDrafted": N_("Minutes drafted from the journal."),
    "MinutesEdited": N_("Minutes edited, revision {revision}."),
    "MinutesSigned": N_("{signer} signed the minutes."),
    "MinutesPublished": N_("Minutes published."),
    "BodyFounded": N_("Body founded: {name_of_body}"),
    "AgencyFounded": N_("Agency entered: {name_of_agency}"),
    "PersonEntered": N_("Person entered: {person_name}"),
    "MembershipBegun": N_("A membership began on {since}."),
    "RoleGranted": N_("Role given: {role}"),
    "RoomRulesSet": N_("Standing orders for the room set: {name_of_body}"),
    "AccountOpened": N_("Account opened: {login}"),
    "AccountDisabled": N_("Account disabled."),
    "BookImported": N_("Council book imported: {title}"),
    **DOSSIER_SENTENCES,
    **NOTICE_SENTENCES,
    **COUNCIL_SESSION_SENTENCES,
    **PROGRAMME_SENTENCES,
    **TEMPLATE_SENTENCES,
}
"""Event → its sentence (a message id), for every event there is."""

FLOOR = frozenset(
    {
        "FloorRequested", "SpeakerCalled", "SpeechPaused", "SpeechResumed", "SpeechEnded", "SpeakingTimeAdded",
        "RequestsLapsed", "GroupTimeSet",
    }
)  # fmt: skip
MOVED = {
    "amendment": N_("{mover} moves an amendment: {title}"),
    "motion": N_("{mover} moves: {title}"),
    "amendment-unnamed": N_("Amendment moved: {title}"),
}
"""Who moved it, where the record knows; a motion without a named mover has the plain sentence."""
FITS = {
    True: N_("fitted to the new text of its motion."),
    False: N_("it no longer fits its motion’s new text and has to be worded anew."),
}
SECRET_BALLOT = N_("A secret ballot was cast. Receipt {receipt}.")
CORRECTED = N_("{right} instead of {wrong}.")
RECORDED = N_("{right}.")
STRUCK = N_("{wrong} is struck.")
RECESS_ENDS = N_("It ends at {time}.")
CONTINUED_THERE = N_("It continues as item {number} of “{title}” on {starts}.")
LEFT_OVER = N_("Motions left undecided: {motions}.")
PROMISE_DUE = N_("Due {due}.")
ASKED_BY = N_("{name} asked for it.")
SATISFIED = N_("satisfied")
NOT_SATISFIED = N_("not satisfied")
UNSEEN = N_("About an item or a paper that is not for you.")
SHORT = 300


def told(line: JournalLine, journal: JournalPart) -> str:
    """The event in a sentence of the reader's language."""
    message = SENTENCES.get(line.event)
    if message is None:
        return line.event
    if line.unseen:
        return gettext(UNSEEN)
    facts = {name: value for name, value in line.payload.items() if isinstance(value, str | int)}
    if line.event in ("BallotCast", "RollCallAnswered"):
        return _ballot(line, journal)
    if line.event == "MotionMoved":
        message = _moved(line.payload)
    if line.event == "PollAnnulled":
        message = annulled_sentence(line.payload) or message
    if line.payload.get("by_clock"):
        message = BY_CLOCK[line.event]
    facts |= poll_facts(line.event, line.payload, journal.choices.get(str(line.payload.get("poll")), {}))
    facts |= dossier_facts(line.event, line.payload)
    facts |= notice_facts(line.event, line.payload)
    facts |= (
        floor_facts(line.payload)
        if line.event in FLOOR
        else _in_words(line.event, line.payload, journal.names)
    )
    return text(message, **{name: _short(value) for name, value in facts.items()}).strip()


def _ballot(line: JournalLine, journal: JournalPart) -> str:
    payload = line.payload
    if not payload["voter"]:
        return text(SECRET_BALLOT, receipt=payload["receipt"])
    voter = journal.names.get(payload["voter"], "")
    labels = journal.choices.get(payload["poll"], {})
    label = "" if line.hidden else ballot_text(payload["choice"], labels)
    return ballot_sentence(line.event, payload, voter=voter, label=label)


def _moved(payload: Mapping[str, Any]) -> str:
    kind = "amendment" if payload["kind"] == "amendment" else "motion"
    if payload["mover"]:
        return MOVED[kind]
    return MOVED["amendment-unnamed"] if kind == "amendment" else SENTENCES["MotionMoved"]


def _in_words(event: str, payload: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """The facts that a reader would not understand as they are kept."""
    match event:
        case "MeetingScheduled":
            return {"starts": long_datetime_text(datetime.fromisoformat(payload["starts"]))}
        case "MeetingChanged":
            return {"changes": ", ".join(filter(None, payload["changes"].values()))}
        case "MeetingRecessed" | "RecessExtended":
            return {"until": _until(payload.get("until", ""))}
        case "ItemPostponed" | "ItemReferred":
            return {"where": _where(payload), "motions": _left_over(payload.get("motions", []))}
        case "AttendanceRecorded":
            state = str(payload["state"])
            why = payload.get("reason", "")
            return {"state": gettext(STATES.get(state, state)), "why": f"({why})" if why else ""}
        case "AttendanceCorrected":
            return {"change": _correction(payload)}
        case _:
            return _about_business(event, payload, names)


def _about_business(event: str, payload: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """The same for motions, polls, questions and tasks."""
    match event:
        case "MotionDivided" | "MotionsGrouped":
            counted = "parts" if event == "MotionDivided" else "motions"
            return {counted: str(len(payload[counted]))}
        case "AmendmentFitted":
            return {"fit": gettext(FITS[bool(payload["fits"])])}
        case "OutcomeAnnounced":
            return {"sentence": text(REASONS[payload["reason"]], **payload["facts"])}
        case "PromiseMade":
            return {"until": text(PROMISE_DUE, due=payload["due"]) if payload["due"] else ""}
        case "MotionTakenOut":
            return {"who": text(ASKED_BY, name=payload["asked_by"]) if payload["asked_by"] else ""}
        case "AnswerJudged":
            return {"verdict": gettext(SATISFIED if payload["satisfied"] else NOT_SATISFIED)}
        case "TaskAssigned":
            return {"lead": names.get(payload["lead"], "")}
        case "PaperAccessSet":
            return paper_facts(payload)
        case _:
            return agenda_facts(event, payload)


def _correction(payload: Mapping[str, Any]) -> str:
    """What was struck and what took its place, with their hours."""
    struck = _hours(payload["struck_state"], payload["struck_since"], payload["struck_until"])
    right = _hours(payload["state"], payload["since"], payload["until"])
    if struck and right:
        return text(CORRECTED, wrong=struck, right=right)
    return text(RECORDED, right=right) if right else text(STRUCK, wrong=struck)


def _hours(state: str, since: str, until: str) -> str:
    if not state:
        return ""
    begun, ended = (time_text(datetime.fromisoformat(moment)) if moment else "" for moment in (since, until))
    return f"{gettext(STATES.get(state, state))} {begun}–{ended}"


def _short(value: str | int) -> str | int:
    if isinstance(value, int) or len(value) <= SHORT:
        return value
    return value[:SHORT].rpartition(" ")[0] + "…"


def _until(moment: str) -> str:
    return text(RECESS_ENDS, time=f"{datetime.fromisoformat(moment):%H:%M}") if moment else ""


def _where(payload: Mapping[str, Any]) -> str:
    if not payload.get("to_starts"):
        return ""
    starts = long_datetime_text(datetime.fromisoformat(payload["to_starts"]))
    return text(CONTINUED_THERE, title=payload["to_title"], starts=starts, number=payload["to_number"])


def _left_over(motions: Sequence[str]) -> str:
    return text(LEFT_OVER, motions="; ".join(motions)) if motions else ""
