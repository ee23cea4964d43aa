"""The journal's sentences about the notice of a meeting, replies and guests."""

from collections.abc import Mapping
from typing import Any

from meetings.language import N_, gettext, text

NOTICE_SENTENCES = {
    "NoticeSent": N_("{kind_of_notice} sent to {persons} persons."),
    "ReplyGiven": N_("{person_name} replied: {answer_given}"),
    "SubstituteAgreed": N_("The chair agreed that {substitute_name} stands in for {member_name}."),
    "SubstituteDeclined": N_("The chair did not agree that {substitute_name} stands in for {member_name}."),
    "GuestInvited": N_("Guest invited: {guest_name} {for_item}"),
    "GuestWithdrawn": N_("Guest no longer invited: {guest_name}"),
}
KINDS = {"call": N_("The notice"), "change": N_("The changed notice"), "cancel": N_("The cancelling")}
ANSWERS = {
    "accept": N_("takes part."),
    "decline": N_("does not take part."),
    "substitute": N_("does not take part and names {substitute_name} as substitute."),
}
FOR_ITEM = N_("(item {number})")


def notice_facts(event: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """The facts of these events that a reader would not understand as they are kept."""
    match event:
        case "NoticeSent":
            return {"kind_of_notice": gettext(KINDS[payload["kind"]])}
        case "ReplyGiven":
            answer = ANSWERS[payload["answer"]]
            return {"answer_given": text(answer, substitute_name=payload["substitute_name"])}
        case "GuestInvited":
            return {"for_item": text(FOR_ITEM, number=payload["number"]) if payload["number"] else ""}
        case _:
            return {}
