"""What follows from what: each event and its consequences, in the same transaction, in the listed order.

This page is the whole table. Consequences do no input or output; what leaves the house goes through the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meetings.after import answers, minutes, resolutions, tasks
from meetings.before import (
    collecting,
    consultation_agenda,
    dossier_notices,
    dossier_returns,
    notice,
    programme_work,
    supplements,
)
from meetings.during import (
    amendments,
    device_tests,
    divisions,
    excuses,
    motions,
    preset_motions,
    questions,
    speakers,
    standing_in,
    written_answers,
)
from meetings.rules import events
from meetings.storage.unit_of_work import Consequence

CONSEQUENCES: Mapping[type[events.Event], Sequence[Consequence]] = {
    events.MeetingPublished: [
        consultation_agenda.announce_on_publishing,
        notice.send_notice,
        dossier_notices.tell_agencies,
    ],
    events.MeetingChanged: [notice.tell_of_change],
    events.MeetingCancelled: [
        notice.tell_of_cancelling,
        consultation_agenda.wait_after_meeting,
        dossier_returns.come_back_after_meeting,
    ],
    events.DossierStepBegun: [dossier_notices.tell_takers],
    events.DossierReturned: [dossier_notices.tell_of_return],
    events.DossierAccepted: [dossier_notices.tell_secretariat],
    events.LateDossierProposed: [dossier_notices.ask_chair],
    events.LateDossierRefused: [dossier_notices.tell_of_refusal],
    events.DossierScheduled: [dossier_notices.tell_agency],
    events.DossierCameBack: [dossier_notices.tell_of_coming_back],
    events.ItemTakenUp: [dossier_returns.taken_up_again],
    events.SubstituteAgreed: [standing_in.seat_agreed],
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
    events.ItemConcluded: [
        speakers.end_with_item,
        written_answers.owe_unanswered_of_item,
        consultation_agenda.announce_with_item,
    ],
    events.ItemPostponed: [
        speakers.end_with_item,
        consultation_agenda.wait_again,
        dossier_returns.come_back,
        collecting.set_aside,
    ],
    events.ItemReferred: [
        speakers.end_with_item,
        consultation_agenda.wait_again,
        dossier_returns.come_back,
        collecting.set_aside,
    ],
    events.ItemWithdrawn: [
        speakers.end_with_item,
        consultation_agenda.wait_again,
        dossier_returns.come_back,
        collecting.set_aside,
    ],
    events.ItemRemoved: [consultation_agenda.wait_again, dossier_returns.come_back],
    events.RecusalDeclared: [speakers.end_with_recusal],
    events.MeetingRecessed: [speakers.pause_in_recess],
    events.WrittenAnswerOwed: [answers.raise_written_answer],
    events.AnsweringAgencyNamed: [answers.raise_written_answer],
    events.PromiseMade: [answers.raise_promised],
    events.ItemContinued: [
        questions.go_with_item,
        consultation_agenda.go_with_item,
        dossier_returns.go_with_item,
        programme_work.go_with_item,
        collecting.new_item,
    ],
    events.TemplateUsed: [preset_motions.put_motions],
    events.MeetingCalledToOrder: [supplements.issue_when_called, excuses.excuse_who_declined],
    events.ItemAdded: [collecting.new_item],
    events.UrgentItemAdded: [collecting.new_item],
    events.ItemChanged: [collecting.changed_item],
    events.ItemMoved: [collecting.moved_item],
    events.ItemVisibilitySet: [collecting.shown_item],
    events.PaperLaid: [collecting.laid],
    events.PaperWithdrawn: [collecting.unlaid],
    events.MeetingAdjourned: [
        device_tests.end_running_test,
        written_answers.owe_unanswered,
        consultation_agenda.wait_after_meeting,
        dossier_returns.come_back_after_meeting,
        minutes.begin_draft,
    ],
}
