"""The journal's sentences on freezing, supplementing and reading an agenda."""

from collections.abc import Mapping
from typing import Any

from meetings.language import N_, gettext, plural
from meetings.rules.ordering import Criterion

AGENDA_SENTENCES = {
    "AgendaFrozen": N_("The agenda was frozen."),
    "AgendaReleased": N_("The chair released the frozen agenda: {reason}"),
    "AgendaOrdered": N_("The agenda was put in order: {order}."),
    "SupplementIssued": N_("Supplement {number} to the agenda issued: {told}. {reason}"),
    "AgendaRead": N_("{reader_name} confirmed having read {state}."),
    "ItemVisibilitySet": N_("Item {number} is {visibility} now: {title}"),
}
VISIBILITIES = {
    "common": N_("shown to everybody"),
    "internal": N_("internal"),
    "hidden": N_("hidden"),
}
CRITERIA = {
    Criterion.ADOPTION: N_("minutes to be adopted first"),
    Criterion.CONTINUED: N_("postponed items and matters arising first"),
    Criterion.DECISIONS: N_("decisions before reports"),
    Criterion.QUESTIONS_LAST: N_("question time last"),
    Criterion.INTERNAL_LAST: N_("internal items last"),
    Criterion.SHORT: N_("short items first"),
    Criterion.PRESENTER: N_("each presenter’s items together"),
}
AS_PUBLISHED = N_("the agenda as published")
WITH_SUPPLEMENT = N_("the agenda with supplement {number}")


def agenda_facts(event: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """The facts that a reader would not understand as they are kept."""
    match event:
        case "SupplementIssued":
            return {"told": plural("{count} change", "{count} changes", payload["changes"])}
        case "AgendaRead":
            number = payload["supplement"]
            state = gettext(WITH_SUPPLEMENT if number else AS_PUBLISHED)
            return {"state": state.format(number=number)}
        case "AgendaOrdered":
            return {"order": ", ".join(gettext(CRITERIA[Criterion(one)]) for one in payload["criteria"])}
        case "ItemVisibilitySet":
            return {"visibility": gettext(VISIBILITIES[payload["visibility"]])}
        case _:
            return {}
