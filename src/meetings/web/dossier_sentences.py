"""The sentences of the journal about procedures and dossiers."""

from collections.abc import Mapping
from typing import Any

from meetings.language import N_, gettext, plural
from meetings.rules.dossiers import Verdict

DOSSIER_SENTENCES = {
    "ProcedureWritten": N_(
        "Procedure written, version {version}, {steps} steps, {days} working days: {title}"
    ),
    "ProcedureRetired": N_("Procedure taken out of use: {title}"),
    "DossierBegun": N_("{agency_name} begins a dossier: {title}"),
    "DossierChanged": N_("Dossier changed: {title}"),
    "DossierSubmitted": N_("{agency_name} submits the dossier: {title}"),
    "DossierStepBegun": N_("Step {number} “{step}” begins, until {due}: {title}"),
    "DossierStepPassed": N_("Step {number} “{step}” is done{lateness}: {title}"),
    "DossierReturned": N_("Returned from step {number}: {title}. {reason}"),
    "OpinionGiven": N_("{by} gives its opinion, {topic}: {verdict}. {title}"),
    "DossierPaperLaid": N_("Document of a dossier, version {version}: {title}"),
    "DossierPaperTaken": N_("Document taken out of a dossier: {title}"),
    "DossierAccepted": N_("Dossier accepted: {title}"),
    "DossierWithdrawn": N_("Dossier withdrawn: {title}. {reason}"),
    "LateDossierProposed": N_("The chair is asked to admit a late dossier: {title}. {reason}"),
    "LateDossierRefused": N_("The chair did not admit the late dossier: {title}. {reason}"),
    "DossierCameBack": N_("The dossier left the agenda and waits for another one: {title}. {reason}"),
    "DossierScheduled": N_("Item {number} comes of a dossier of {agency_name}: {title} {admitted}"),
}
VERDICTS = {
    Verdict.AGREE: N_("Agrees"),
    Verdict.COMMENTS: N_("Agrees with comments"),
    Verdict.DISAGREE: N_("Disagrees"),
}
ADMITTED = N_("(admitted late by the chair)")


def dossier_facts(event: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """What a sentence about a dossier says in words."""
    match event:
        case "OpinionGiven":
            return {"verdict": gettext(VERDICTS[Verdict(payload["verdict"])])}
        case "DossierScheduled":
            return {"admitted": gettext(ADMITTED) if payload["late"] else ""}
        case "DossierStepPassed":
            days = payload["late"]
            late = plural(", {count} working day late", ", {count} working days late", days) if days else ""
            return {"lateness": late}
        case _:
            return {}
