"""The sentences of the minutes' bound blocks, by code: message ids that the facts fill once they are translated."""

from __future__ import annotations

from typing import Final

from meetings.rules.outcome import REASONS

_MEETING: Final[dict[str, str]] = {
    "title": "Minutes of {title}",
    "begun": "Began at {hour}:{minute} on {day}/{month}/{year}.",
    "place": "Place: {place}",
    "attendance": "Attendance",
    "quorum": "{present} of {base} members present; the quorum of {needed} was met.",
    "quorum-short": "{present} of {base} members present; the quorum of {needed} was not met.",
    "present": "{present} of {base} members present.",
    "substitute": "{by}, in the seat of {name}.",
    "substitute-until": "{by}, in the seat of {name} from {since} to {until}.",
    "proxy": "The ballot of {name} is cast by {by}, by proxy.",
    "proxy-until": "The ballot of {name} is cast by {by}, by proxy, from {since} to {until}.",
    "chair": "Chair: {name}",
    "secretary": "Secretary: {name}",
    "proceedings": "Proceedings",
    "prose-opening": "Opening",
    "recess": "Recess from {since} to {until}.",
    "recess-present": "Recess from {since} to {until}; {present} members present afterwards.",
    "recess-open": "Recess from {since}.",
    "prose-closing": "Closing",
    "prose-added": "Added by the secretary",
    "ended": "The meeting ended at {hour}:{minute} on {day}/{month}/{year}.",
}

_ITEMS: Final[dict[str, str]] = {
    "item": "{number}. {title}",
    "item-taken-up": "Taken up at {time}.",
    "item-presented": "Taken up at {time}; presented by {presenter}.",
    "item-not-taken-up": "Not taken up.",
    "item-urgent": "Urgent item, put on the agenda by the chair: {reason}",
    "item-continues": "Continues item {number} of “{title}”.",
    "item-postponed": "Postponed.",
    "item-postponed-reason": "Postponed: {reason}",
    "item-continued": "It continues as item {number} of “{title}” at {time} on {day}.",
    "item-referred": "Referred to {to}: {reason}",
    "item-withdrawn": "Withdrawn.",
    "item-withdrawn-reason": "Withdrawn: {reason}",
    "item-concluded": "Concluded at {time}.",
    "paper": "Paper: {title}",
    "recusal": "{name} stands aside from this item.",
    "recusal-reason": "{name} stands aside from this item: {reason}",
    "recusal-lifted": "{name} stood aside from this item from {since} to {until}.",
    "recusal-lifted-reason": "{name} stood aside from this item from {since} to {until}: {reason}",
    "came-late": "Came when the item had begun: {names}.",
    "left-early": "Left before the item ended: {names}.",
    "prose-discussion": "Discussion",
    "prose-conclusion": "Conclusion of the chair",
    "resolution": "Resolution drafted: {title}",
    "resolution-issued": "Resolution {symbol}: {title}",
    "task": "{lead} carries out: {title}.",
    "task-due": "{lead} carries out: {title}. Due {due}.",
    "task-with": "{lead} carries out, together with {cooperating}: {title}.",
    "task-with-due": "{lead} carries out, together with {cooperating}: {title}. Due {due}.",
}

_FLOOR: Final[dict[str, str]] = {
    "speech": "{time}: {speaker} – {word_kind}, {length}.",
    "speech-group": "{time}: {speaker} ({group}) – {word_kind}, {length}.",
    "speech-stance": "{time}: {speaker} – {word_kind} ({word_stance}), {length}.",
    "speech-group-stance": "{time}: {speaker} ({group}) – {word_kind} ({word_stance}), {length}.",
    "speeches": "Speeches, in the order of the first call: {count} by {speakers} speakers, {length} in all.",
    "question": "{asker} asks {addressee}: {text}",
    "question-not-put": "Question of {asker} to {addressee}, not called: {text}",
    "answered": "Asked and answered.",
    "answered-satisfied": "Asked and answered; the asker is satisfied with the answer.",
    "answered-unsatisfied": "Asked and answered; the asker is not satisfied with the answer.",
    "answer-written": "To be answered in writing.",
    "answer-written-agency": "To be answered in writing by {agency}.",
    "promise": "{name} promised: {text} ({agency})",
    "promise-due": "{name} promised: {text} ({agency}, due {due})",
}

_MOTIONS: Final[dict[str, str]] = {
    "motion": "Motion: {title}",
    "motion-moved": "Motion by {mover}: {title}",
    "motion-seconded": "Motion by {mover}, seconded by {seconder}: {title}",
    "amendment": "Amendment: {title}",
    "amendment-moved": "Amendment by {mover}: {title}",
    "amendment-seconded": "Amendment by {mover}, seconded by {seconder}: {title}",
    "part": "Part: {title}",
    "motion-text": "{text}",
    "change": "Instead of “{before}”: “{after}”",
    "change-added": "Inserted: “{after}”",
    "change-removed": "Struck out: “{before}”",
    "amended-text": "As amended the text would read: {text}",
    "motion-now": "The text now reads: {text}",
    "motion-divided": "Divided into {parts} parts, which are put one by one.",
    "motion-proposed": "Nobody seconded it; it was not put.",
    "motion-undecided": "It was left undecided.",
    "motion-withdrawn": "The motion was withdrawn.",
    "motion-withdrawn-reason": "The motion was withdrawn: {reason}",
    "parts-adopted": "Adopted in its parts.",
    "parts-rejected": "Rejected in all its parts.",
    "together-adopted": "Adopted together with others in vote no. {number}.",
    "together-rejected": "Rejected together with others in vote no. {number}.",
}

_VOTES: Final[dict[str, str]] = {
    # minutes drafted before votes were told with their numbers
    "poll": "Open vote on “{title}”: {eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "poll-secret": "Secret vote on “{title}”: {eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "vote-electronic": "Vote no. {number}, electronic and open, on “{title}”: {eligible} with a ballot, {cast} cast, "
    "{not_cast} not cast.",
    "vote-secret": "Vote no. {number}, electronic and secret, on “{title}”: {eligible} with a ballot, {cast} cast, "
    "{not_cast} not cast.",
    "vote-hands": "Vote no. {number}, by show of hands, on “{title}”: {eligible} with a vote, {cast} counted, "
    "{not_cast} did not vote. Counted by {counted_by}, confirmed by {confirmed_by}.",
    "vote-roll-call": "Vote no. {number}, by roll call, on “{title}”: {eligible} with a ballot, {cast} answered, "
    "{not_cast} did not.",
    "vote-election": "Vote no. {number}, open election “{title}”, places: {places}, candidates: {options}: "
    "{eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "vote-election-secret": "Vote no. {number}, secret election “{title}”, places: {places}, candidates: {options}: "
    "{eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "vote-confidence": "Vote no. {number}, open confidence rating “{title}”: {eligible} with a ballot, "
    "{cast} returned, {not_cast} not returned.",
    "vote-confidence-secret": "Vote no. {number}, secret confidence rating “{title}”: {eligible} with a ballot, "
    "{cast} returned, {not_cast} not returned.",
    "vote-options": "Vote no. {number}, open choice “{title}”, at most {at_most} of {options}: "
    "{eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "vote-options-secret": "Vote no. {number}, secret choice “{title}”, at most {at_most} of {options}: "
    "{eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "vote-ranked": "Vote no. {number}, open election by ranking “{title}”, places: {places}, candidates: {options}: "
    "{eligible} with a ballot, {cast} cast, {not_cast} not cast. First preferences:",
    "vote-ranked-secret": "Vote no. {number}, secret election by ranking “{title}”, places: {places}, "
    "candidates: {options}: {eligible} with a ballot, {cast} cast, {not_cast} not cast. First preferences:",
    "vote-annulled": "Vote no. {number} on “{title}”, {word_method}: {eligible} with a ballot, {cast} cast.",
    "vote-motions": "One vote on several motions: {titles}.",
    "vote-repeats": "It repeats vote no. {number}.",
    "vote-round": "Round {round}, after vote no. {number}.",
    "vote-repeated": "It is repeated by vote no. {numbers}.",
    "vote-entered": "Entered by {entered_by} for members without a device, confirmed by {confirmed_by}: {names}.",
    "vote-admitted": "Admitted after the opening: {names}.",
    "vote-by-proxy": "Ballots held by proxy (holder in brackets): {names}.",
    "vote-casting": "Casting vote of {chair}: {word_choice}.",
    "vote-annulled-before": "Annulled at {time}, before an outcome was announced: {reason}",
    "vote-annulled-after": "The announced outcome was annulled at {time}: {reason}",
    "stage": "Count {number}: {votes}.",
    "stage-elected": "Count {number}: {votes}. Elected: {elected}.",
    "stage-excluded": "Count {number}: {votes}. Excluded: {excluded}.",
    "stage-elected-excluded": "Count {number}: {votes}. Elected: {elected}. Excluded: {excluded}.",
    "rule-seats-more": "Rule: more than {majority} of all seats; {needed} votes of {base} needed.",
    "rule-seats-least": "Rule: at least {majority} of all seats; {needed} votes of {base} needed.",
    "rule-in_office-more": "Rule: more than {majority} of the members in office; {needed} votes of {base} needed.",
    "rule-in_office-least": "Rule: at least {majority} of the members in office; {needed} votes of {base} needed.",
    "rule-present-more": "Rule: more than {majority} of those present; {needed} votes of {base} needed.",
    "rule-present-least": "Rule: at least {majority} of those present; {needed} votes of {base} needed.",
    "rule-cast-more": "Rule: more than {majority} of the votes cast; {needed} votes of {base} needed.",
    "rule-cast-least": "Rule: at least {majority} of the votes cast; {needed} votes of {base} needed.",
    "rule-decided-more": "Rule: more than {majority} of the votes for and against; {needed} votes of {base} needed.",
    "rule-decided-least": "Rule: at least {majority} of the votes for and against; {needed} votes of {base} needed.",
    "rule-confidence": "Rule: shares are of the ballots returned, {base}; more than half low confidence: may resign; "
    "two thirds or more: dismissal is proposed.",
    "rule-most": "Rule: those with the most votes, at most {places}.",
    "rule-ranked": "Rule: ranked ballots, counted in stages; the quota is {needed} votes.",
}

SENTENCES: Final[dict[str, str]] = (
    _MEETING
    | _ITEMS
    | _FLOOR
    | _MOTIONS
    | _VOTES
    | {f"outcome-{reason}": sentence for reason, sentence in REASONS.items()}
)
"""Every bound block's sentence."""

METHODS: Final[dict[str, str]] = {
    "electronic": "electronic and open",
    "secret": "electronic and secret",
    "hands": "by show of hands",
    "roll_call": "by roll call",
}
"""How a poll was held, by method."""
