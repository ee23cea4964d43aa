"""The signatures of the minutes in words: who has signed, who is next, and what the file itself says."""

from dataclasses import dataclass

from meetings.after.minutes import OpenMinutes
from meetings.after.minutes_document import CHAIR, SECRETARY
from meetings.language import N_, datetime_text, gettext, text
from meetings.pdf.verify import PROBLEMS, Verification

OK = N_("Checked: all signatures are intact and trusted, and nothing was changed after them.")
INTACT = N_("Checked: nothing was changed after the signatures, but not every signer can be trusted here.")
BROKEN = N_("Checked: this file does not fit its signatures. Do not use it.")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A row of the list: the post, the name, and `signed`, `waiting`, `missing` or `broken`."""

    role: str
    name: str
    state: str
    time: str
    details: str


def signature_lines(opened: OpenMinutes, verification: Verification | None) -> list[SignatureLine]:
    """Secretary and chair in the order of signing."""
    lines: list[SignatureLine] = []
    found = {one.field.lower(): one for one in verification.signatures} if verification else {}
    for role, post, name in (("secretary", SECRETARY, opened.secretary), ("chair", CHAIR, opened.chair)):
        signature, report = opened.signed(role), found.get(role)
        if signature is None:
            waiting = all(line.state != "waiting" for line in lines)
            lines.append(SignatureLine(gettext(post), name, "waiting" if waiting else "missing", "", ""))
            continue
        broken = verification is not None and (report is None or not report.intact)
        details = f"{report.signer} · PAdES {report.level}" if report else ""
        at = datetime_text(signature.row.signed_at)
        lines.append(
            SignatureLine(gettext(post), signature.name, "broken" if broken else "signed", at, details)
        )
    return lines


def check_words(verification: Verification | None) -> tuple[str, str, list[str]] | None:
    """The kind of notice, its sentence, and what is wrong, each in a sentence."""
    if verification is None:
        return None
    problems = [*verification.problems, *(p for one in verification.signatures for p in one.problems)]
    sentences = [text(PROBLEMS[problem.code], **problem.facts) for problem in problems]
    if verification.ok:
        return "good", gettext(OK), sentences
    if verification.intact:
        return "warn", gettext(INTACT), sentences
    return "bad", gettext(BROKEN), sentences
