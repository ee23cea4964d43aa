"""What dossiers and procedures say in words."""

from meetings import language
from meetings.before.dossier_lists import DossierLine, OpinionLine, RunLine
from meetings.language import N_
from meetings.rules.dossiers import DossierState, PaperKind, Verdict
from meetings.rules.procedures import By, Level, Procedure

LEVELS = {
    Level.PROVINCE: N_("Province or city"),
    Level.DEPARTMENT: N_("Department"),
    Level.DISTRICT: N_("District (until 2025)"),
    Level.COMMUNE: N_("Commune or ward"),
}
TAKERS = {
    By.SUBMITTER: N_("Submitting agency"),
    By.SECRETARIAT: N_("Secretariat"),
    By.CHAIR: N_("Chair"),
    By.AGENCY: N_("Agency"),
}
STATES = {
    DossierState.DRAFT: (N_("Draft"), "neutral", "pen-line"),
    DossierState.RUNNING: (N_("Under way"), "accent", "circle-dot"),
    DossierState.RETURNED: (N_("Returned to the agency"), "warn", "undo-2"),
    DossierState.ACCEPTED: (N_("Accepted"), "good", "circle-check"),
    DossierState.AWAITING_CHAIR: (N_("Waits for the chair"), "chair", "gavel"),
    DossierState.SCHEDULED: (N_("On an agenda"), "good", "calendar"),
    DossierState.WITHDRAWN: (N_("Withdrawn"), "neutral", "x"),
}
"""State → word, tone and drawing of its badge."""
KINDS = {
    PaperKind.STATEMENT: N_("Statement"),
    PaperKind.DRAFT: N_("Draft resolution or decision"),
    PaperKind.OPINION: N_("Opinion or appraisal"),
    PaperKind.ANNEX: N_("Annex"),
}
VERDICTS = {
    Verdict.AGREE: N_("Agrees"),
    Verdict.COMMENTS: N_("Agrees with comments"),
    Verdict.DISAGREE: N_("Disagrees"),
}
LATE_STEP = N_("Step {number} “{step}” with {who} is late: {days}.")
LATE_OPINION = N_("The opinion on {topic} from {who} is late: {days}.")


def taker_words(taker: str, agency: str) -> str:
    """An agency by its name, else the secretariat or the chair."""
    return agency or language.gettext(TAKERS[By(taker)])


def days_words(days: int) -> str:
    """`3 working days`."""
    return language.plural("{count} working day", "{count} working days", days)


def late_words(days: int) -> str:
    """`3 working days late`; empty when in time."""
    return language.plural("{count} working day late", "{count} working days late", days) if days else ""


def lateness(line: DossierLine) -> list[str]:
    """Everything about a dossier that is late now, each with who is asked."""
    run = line.run
    if run is None:
        return []
    found = [_late_step(run)] if run.late else []
    return found + [_late_opinion(one) for one in run.opinions if one.late and not one.row.verdict]


def _late_step(run: RunLine) -> str:
    return language.text(
        LATE_STEP, number=run.row.number, step=run.row.name, who=taker_words(run.row.taker, run.who),
        days=days_words(run.late),
    )  # fmt: skip


def _late_opinion(one: OpinionLine) -> str:
    return language.text(
        LATE_OPINION, topic=one.row.topic, who=taker_words(one.row.taker, one.who), days=days_words(one.late)
    )


def way(line: DossierLine) -> list[tuple[str, str, str]]:
    """The steps of the procedure as the way of the dossier: name, state, note."""
    dossier, number = line.dossier, line.dossier.step
    through = dossier.state in (DossierState.ACCEPTED, DossierState.AWAITING_CHAIR, DossierState.SCHEDULED)
    reached = number or (dossier.resume_at if dossier.state == DossierState.RETURNED else 0)
    found: list[tuple[str, str, str]] = []
    for place, step in enumerate(line.procedure.steps, start=1):
        state = "done" if through or place < reached else "next"
        note = days_words(step.days)
        if place == number and line.run is not None:
            state = "now"
            due = language.date_text(line.run.row.due)
            note = late_words(line.run.late) or language.text(UNTIL, day=due)
        elif place == reached and dossier.state == DossierState.RETURNED:
            state, note = "stopped", language.gettext(STATES[DossierState.RETURNED][0])
        found.append((f"{place}. {step.name}", state, note))
    return found


UNTIL = N_("until {day}")


def outline(procedure: Procedure) -> str:
    """`4 steps · 11 working days`."""
    steps = language.plural("{count} step", "{count} steps", len(procedure.steps))
    return f"{steps} · {days_words(procedure.days)}"
