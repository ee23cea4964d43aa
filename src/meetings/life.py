"""What follows from what: each event and its consequences, in the same transaction, in the listed order.

This page is the whole table. Consequences do no input or output; what leaves the house goes through the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meetings.after import answers, minutes, resolutions, tasks
from meetings.before import notice
from meetings.during import amendments, device_tests, divisions, motions, questions, speakers, written_answers
from meetings.rules import events
from meetings.storage.unit_of_work import Consequence

CONSEQUENCES: Mapping[type[events.Event], Sequence[Consequence]] = {
    events.MeetingPublished: [notice.send_notice],
    events.MeetingChanged: [notice.tell_of_change],
    events.MeetingCancelled: [notice.tell_of_cancelling],
    events.PollOpened: [device_tests.end_running_test],
    events.OutcomeAnnounced: [motions.decide_motion],
    events.PollAnnulled: [motions.reopen_motions],
    events.MotionAdopted: [amendments.change_text, divisions.settle_whole, resolutions.draft_resolution],
    events.MotionRejected: [divisions.settle_whole],
    events.MotionWithdrawn: [divisions.settle_whole],
    events.MotionReopened: [
        amendments.restore_text,
        divisions.reopen_whole,
        resolutions.withdraw_with_motion,
    ],
    events.ResolutionWithdrawn: [tasks.cancel_with_resolution],
    events.TaskAssigned: [tasks.tell_agencies],
    events.TaskReported: [tasks.tell_assigner],
    events.TaskReturned: [tasks.tell_lead],
    events.TaskCancelled: [tasks.tell_of_cancelling],
    events.ItemConcluded: [speakers.end_with_item, written_answers.owe_unanswered_of_item],
    events.ItemPostponed: [speakers.end_with_item],
    events.ItemReferred: [speakers.end_with_item],
    events.ItemWithdrawn: [speakers.end_with_item],
    events.RecusalDeclared: [speakers.end_with_recusal],
    events.MeetingRecessed: [speakers.pause_in_recess],
    events.WrittenAnswerOwed: [answers.raise_written_answer],
    events.AnsweringAgencyNamed: [answers.raise_written_answer],
    events.PromiseMade: [answers.raise_promised],
    events.ItemContinued: [questions.go_with_item],
    events.MeetingAdjourned: [
        device_tests.end_running_test,
        written_answers.owe_unanswered,
        minutes.begin_draft,
    ],
}
