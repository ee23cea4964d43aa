"""The one exception that people see: the rules said no, and this is why.

Every refusal has a stable code, which integrations rely on, and a sentence that says what happened and what to do.
"""

from __future__ import annotations


class Refused(Exception):
    """A use case was refused; nothing was changed. `facts` fill the placeholders of the code's sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return REFUSALS.get(self.code, self.code).format_map(_Facts(self.facts))

    def __reduce__(self) -> tuple[object, ...]:
        return (_restored, (self.code, self.facts))


def _restored(code: str, facts: dict[str, object]) -> Refused:
    return Refused(code, **facts)


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


REFUSALS: dict[str, str] = {
    # who
    "forbidden": "This is not among your rights here. Ask the secretary if you need it.",
    "sign-in-needed": "Please sign in first.",
    "sign-in-wrong": "The sign-in name or the password is not right. Check both and try again.",
    "sign-in-slow": "Too many attempts. Wait a minute, then try again.",
    "form-expired": "This form has expired. Nothing was changed. Reload the page and try again.",
    "login-taken": "The sign-in name {login} is already in use. Choose another.",
    "password-short": "A password needs at least 10 characters.",
    "not-found": "There is nothing at this address, or it is not open to you.",
    "seat-held": "This person has a seat in this body on some of these days already.",
    "agency-name-taken": "There is already an agency named {name}.",
    # input
    "wrong-input": "Something in this form is not right: {field}. Nothing was changed.",
    "field-missing": "{field} is missing.",
    "field-long": "{field} is too long: at most {limit} characters.",
    "date-wrong": "{field} is not a date and time.",
    "key-wrong": "The key must be a UUID made by the sender.",
    "repeat-differs": "This Idempotency-Key was used for another request.",
    # meeting and agenda
    "not-now": "This cannot be done now: the state is “{state}”.",
    "agenda-empty": "The agenda is empty. Write at least one item before publishing.",
    "agenda-cycle": "An item cannot be moved below itself.",
    "agenda-deep": "An agenda has at most {limit} levels.",
    "item-unknown": "This agenda item does not exist any more. Reload the agenda.",
    "item-in-use": "This item has papers, motions or sub-items. Move or withdraw them first.",
    "item-not-open": "Take the item up first.",
    "item-open-poll": "A poll on this item is still open or waits to be announced.",
    "meeting-open-poll": "A poll is still open or waits to be announced.",
    "meeting-not-running": "The meeting is not in session.",
    # papers
    "paper-large": "This file is larger than {limit} MB.",
    "paper-not-pdf": "Only PDF files can be laid before the meeting. This file is something else.",
    "paper-broken": "This PDF cannot be opened. It may be damaged.",
    "paper-encrypted": "This PDF is protected by a password. Save it without one and lay it again.",
    "paper-active-content": "This PDF contains scripts or embedded files. Print it to a new PDF and lay that.",
    # room
    "quorum-short": "There is no quorum: {present} present, {needed} needed.",
    "not-a-member": "Only members of this body can do this.",
    "attendance-outside": "These times lie outside the meeting: they must be between its publication and now, "
    "or its adjournment.",
    "attendance-overlap": "Another entry of this person covers a part of this time. Correct that one first.",
    "attendance-struck": "This entry has been struck already.",
    "check-in-closed": "In this body members are checked in by the secretary or with the code on the room screen.",
    "code-closed": "In this body there is no check-in with a code. Ask the secretary.",
    "code-old": "This code is no longer valid; it changes every minute. Scan the one on the room screen again.",
    "seat-replaced": "A substitute sits in this seat. Ask the secretary to end the substitution first.",
    "substitutes-off": "This body’s rules know no substitutes.",
    "substitute-member": "A substitute cannot be somebody who has a seat in this body.",
    "substitute-taken": "{name} already sits in a seat of this meeting.",
    "substitute-account": "A substitute needs an account of their own that is not disabled.",
    "member-present": "{name} is recorded as present.",
    "proxies-off": "This body’s rules know no proxies.",
    "proxy-self": "A proxy goes to somebody else.",
    "proxy-chain": "A proxy goes one level only: who holds one cannot pass it on, and who gave one cannot hold one.",
    "proxy-given": "{name} has given a proxy already. End that one first.",
    "proxy-limit": "{name} holds as many proxies as this body’s rules allow: {limit}.",
    "recusal-poll-open": "A poll on this item is open. Recusals can change once it is closed.",
    "recusal-twice": "{name} stands aside from this item already.",
    "not-on-roll": "You have no ballot in this poll.",
    "not-present": "You are not recorded as present, so there is no ballot for you in this poll.",
    "recused": "You are recused from this item.",
    "proxy-void": "This proxy is not valid.",
    "choice-unknown": "There is no such choice on this ballot.",
    "poll-not-open": "This poll is not open.",
    "poll-late": "The poll is closed. This ballot was not counted.",
    "ballot-cast": "Your ballot was already counted at {at}.",
    "key-reused": "This ballot was already sent with another choice. The first one counts.",
    "weights-reveal": "A secret poll with these weights would reveal votes.",
    "rule-unknown": "There is no voting rule named {rule}.",
    "rule-invalid": "The voting rule is not right: {field}.",
    "rule-not-in-force": "The voting rule {rule} is not in force on {day}.",
    "roll-empty": "Nobody on the roll of this poll can vote.",
    "poll-exists": "This item has a poll that is not announced yet.",
    "poll-announced": "The outcome is announced already.",
    "motion-unknown": "This motion does not exist.",
    "motion-absent": "Only members who are recorded as present move and second motions. Check in first.",
    "motion-voted": "A vote has been opened on this motion. Ask the chair to withdraw it.",
    "motion-same-text": "This is the text as it stands. Change the words first.",
    "motion-own": "Another member has to second this motion.",
    "motion-parts": "A motion is divided into at least two parts, and each needs a text.",
    "amendments-first": "An amendment to this motion is put first: {title}",
    "amendment-conflict": "Another amendment changed the same sentences. This one has to be worded anew before its vote.",
    "amendment-deep": "An amendment of an amendment cannot be amended itself.",
    "amendment-built-on": "Its text was changed or voted on afterwards. Annul the later votes first.",
    "consent-few": "A vote on several motions at once needs at least two of them.",
    "consent-last": "This is the last motion of the vote. Annul the vote instead.",
    "consent-amendment": "Amendments are put one by one, each before its motion.",
    "record-broken": "This is not a poll’s record that can be counted again: {field}.",
    # floor
    "floor-absent": "Only who is recorded as present may ask for the floor. Check in first.",
    "floor-asked": "This request is on the list already.",
    "floor-closed": "The list of speakers is closed. Only points of order are still taken.",
    "floor-taken": "{name} has the floor now. Look again before you call somebody else.",
    "floor-recused": "{name} stands aside from this item and does not speak on it.",
    # seating plan
    "place-outside": "“{label}” does not lie inside the room. Move it, or make the room larger.",
    "places-overlap": "The places {first} and {second} lie on one another. Move one of them.",
    "person-seated-twice": "The same person sits at the places {first} and {second}.",
    "seat-person-unknown": "There is no member named {name} in this body.",
    # after
    "minutes-frozen": "The minutes carry a signature and cannot be changed.",
    "minutes-changed": "Somebody else has changed the minutes since you opened them. "
    "Reload, then make your change again.",
    "minutes-draft": "The minutes are still being written. They can be read here as soon as they are signed.",
    "minutes-none": "There are no minutes of this meeting here.",
    "minutes-early": "The meeting has not been adjourned yet.",
    "minutes-bound": "This part comes from the journal and cannot be rewritten. Write beside it.",
    "resolution-issued": "The resolution has been issued and cannot be changed.",
    "clause-in-use": "A task came from clause {number}. Reword it, or cancel the task first.",
    "minutes-unsigned": "The minutes have to be signed by the secretary and the chair first.",
    "minutes-file-changed": "The kept file is not the one that was signed. Nothing was signed. Tell the administrator.",
    "signature-other-chair": "The minutes name {name} as chair, so only {name} can sign here.",
    "task-lead-missing": "A task needs one lead agency.",
    "task-percent": "Progress is a number from 0 to 100.",
    "extension-no-due": "This task has no due date to extend.",
    "extension-late": "An extension has to be asked for before the due date, {due}.",
    "extension-not-later": "The new date has to be later than {due}.",
    "report-empty": "A report needs a text.",
    "reason-missing": "A reason is needed.",
    "key-missing": "There is no signing key for you on this server. Ask the administrator.",
    # signing
    "signature-version": "The document has changed since you opened it. Read it again, then sign.",
    "signature-wrong-order": "It is not the turn of this signature: "
    "the secretary signs first, then the chair, once each.",
    "signature-broken": "This document was changed after a signature or is damaged. It cannot be signed any further.",
    "signature-passphrase": "The passphrase of the signing key is not right.",
    "signature-key-broken": "The signing key cannot be read. A PKCS#12 file with key and certificate is needed.",
    "signature-other-person": "This signing key belongs to {holder}, not to {name}.",
    "signature-certificate-expired": "The certificate of {name} is not valid now; it was issued until {until}.",
    "signature-picture": "The picture of the signature is not an image that can be read.",
    "timestamp-unreachable": "The time stamp server did not answer. Nothing was signed. Try again in a moment.",
    "trust-anchor-broken": "A trust anchor is not a certificate. PEM files of certificate authorities are needed.",
    "document-failed": "This document takes more memory or time than the server allows. Nothing was changed.",
    # council books
    "book-large": "This file is larger than {limit} MB, the most that a council book may have.",
    "book-not-text": "This file is not UTF-8 text (byte {offset}).",
    "book-not-json": "This file is not complete JSON: it cannot be read beyond line {line}, column {column}.",
    "book-key-twice": "The key “{key}” stands twice in the same object.",
    "book-kind": "{place} should be {wanted}, not {found}.",
    "book-missing": "{place} is missing.",
    "book-text": "{place} contains characters that are no text.",
    "book-number": "{place} should be a number from 1 to {most}.",
    "book-date": "{place} is not a date like 2019-05-24: “{found}”.",
    "book-days": "{place} ({until}) lies before the beginning ({since}).",
    "book-word": "{place} should be one of {allowed}, not “{found}”.",
    "book-rule": "{place} is not a voting rule: {field}.",
    "book-twice": "The {thing} {id} stands in the book twice.",
    "book-vote-twice": "In the vote on {reference} member {member} is listed twice: as {first} and as {second}.",
    "book-member-unknown": "{place} names the member {member}, who is not among the book’s members.",
    "replay-unknown": "The book records no roll call {reference}.",
    "book-imported": "This council book was imported before: {book}.",
    # house
    "too-large": "This is larger than the server accepts.",
    "malformed": "This message could not be read.",
    "busy": "The server is busy. Nothing was changed. Try again in a moment.",
    "failed": "Something went wrong on our side. Nothing was changed. The administrator can find it under {reference}.",
}

WORDS: dict[str, str] = {
    "name": "name",
    "title": "title",
    "text": "text",
    "starts": "starts",
    "place": "place",
    "login": "login",
    "body": "body",
    "person": "person",
    "role": "role",
    "seats": "seats",
    "since": "since",
    "until": "until",
    "state": "state",
    "holder": "holder",
    "substitute": "substitute",
    "kind": "kind",
    "file": "file",
    "files": "files",
    "reason": "reason",
    "minutes_planned": "minutes planned",
    "weight": "weight",
    "due": "due",
    "lead": "lead",
    "percent": "percent",
    "choices": "choices",
    "clauses": "clauses",
    "cooperating": "cooperating agencies",
    "year": "year",
    "draft": "draft",
    "published": "published",
    "in_session": "in session",
    "recess": "recess",
    "adjourned": "adjourned",
    "cancelled": "cancelled",
    "planned": "planned",
    "taken_up": "taken up",
    "concluded": "concluded",
    "postponed": "postponed",
    "withdrawn": "withdrawn",
    "proposed": "waiting for a second",
    "moved": "moved",
    "divided": "divided",
    "adopted": "adopted",
    "rejected": "rejected",
    "undecided": "undecided",
    "open": "open",
    "closed": "closed",
    "announced": "announced",
    "annulled": "annulled",
    "issued": "issued",
    "signed": "signed",
    "assigned": "assigned",
    "accepted": "accepted",
    "in_progress": "in progress",
    "reported": "reported",
    "verified": "verified",
    "asked": "on the list",
    "speaking": "speaking",
    "paused": "paused",
    "spoken": "has spoken",
    "passed": "called, but not there",
    "lapsed": "lapsed",
    "stance": "stance",
    "category": "category",
    "group": "group",
    "seconds": "seconds",
    "speaker": "speaker",
    "returned": "returned",
}
"""The `field` and `state` codes of refusals as people call them: message ids, written in small letters."""
