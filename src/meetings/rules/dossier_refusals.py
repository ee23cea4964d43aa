"""The refusals about procedures and dossiers (see `rules.refusals`, which takes them in)."""

from __future__ import annotations

DOSSIER_REFUSALS: dict[str, str] = {
    "procedure-file": "This is not a procedure file that can be read. Nothing was changed.",
    "procedure-empty": "A procedure needs at least one step.",
    "procedure-long": "This is more than a procedure can hold: at most {limit} of a kind.",
    "procedure-line": "{field} is missing or too long at step {where}.",
    "procedure-days": "Step {where} needs its time: between 1 and {limit} working days.",
    "procedure-agency": "There is no agency named {name} in this house. Found it first, or name another.",
    "procedure-retired": "This procedure is not in use any more.",
    "dossier-return-to": "A dossier goes back to an earlier step or to the agency that submitted it.",
    "dossier-papers": "A dossier needs a statement or a draft before it is submitted.",
    "opinions-missing": "These opinions are still to be given and in time: {topics}.",
    "opinion-given": "This opinion is given already.",
    "verdict-text": "Say in words what should change.",
    "dossier-meeting": "This dossier is meant for another body’s meeting.",
    "dossier-late": "The agenda of this meeting stands. The chair has to admit the dossier: say why it is late.",
}
