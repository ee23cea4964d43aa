"""What can happen in a meeting's life, each as a frozen fact that the journal keeps for ever.

Ids are UUIDs as text, days are ISO dates, and moments are RFC 3339: a payload is JSON as it stands.
`stage` says whether the screens that follow the meeting change with it; a single ballot changes none.
"""

# ruff: noqa: F401 -- this page imports every event for others
# pyright: reportUnusedImport=false

from meetings.rules.events.after import (
    MinutesDrafted,
    MinutesEdited,
    MinutesPublished,
    MinutesSigned,
    ResolutionClauseWritten,
    ResolutionDrafted,
    ResolutionIssued,
    ResolutionWithdrawn,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskProgressed,
    TaskReported,
    TaskReturned,
    TaskVerified,
)
from meetings.rules.events.agenda import (
    AgendaFrozen,
    AgendaOrdered,
    AgendaRead,
    AgendaReleased,
    ItemVisibilitySet,
    SupplementIssued,
)
from meetings.rules.events.attending import (
    AttendanceCorrected,
    ProxyEnded,
    ProxyGiven,
    RecusalDeclared,
    RecusalLifted,
    SubstituteApproved,
    SubstituteEnded,
)
from meetings.rules.events.before import (
    ItemAdded,
    ItemChanged,
    ItemMoved,
    ItemRemoved,
    MeetingCancelled,
    MeetingChanged,
    MeetingPublished,
    MeetingScheduled,
    PackAsked,
    PaperLaid,
    PaperWithdrawn,
)
from meetings.rules.events.calendar import (
    DayMarked,
    DayUnmarked,
    DeadlinesSet,
    FeedOpened,
    FeedRevoked,
    RoomChanged,
    RoomOpened,
    YearOfDaysConfirmed,
    YearOfDaysFilled,
)
from meetings.rules.events.consultations import (
    ConsultationAnnounced,
    ConsultationChanged,
    ConsultationClosed,
    ConsultationConverted,
    ConsultationDrafted,
    ConsultationExtended,
    ConsultationHandedToChair,
    ConsultationOpened,
    ConsultationPaperLaid,
    ConsultationPaperRemoved,
    ConsultationPutOnAgenda,
    ConsultationRecusalDeclared,
    ConsultationRecusalLifted,
    ConsultationWithdrawn,
    MissingOpinionsReminded,
    PaperOpinionDropped,
    PaperOpinionEntered,
    WrittenOpinionGiven,
)
from meetings.rules.events.council_sessions import (
    CouncilSessionChanged,
    CouncilSessionConvened,
    CouncilSessionDropped,
    CouncilSessionPlanned,
    DiscussionGroupsFormed,
    PutIntoSession,
    TakenOutOfSession,
    TermChanged,
    TermOpened,
)
from meetings.rules.events.dossiers import (
    DossierAccepted,
    DossierBegun,
    DossierCameBack,
    DossierChanged,
    DossierPaperLaid,
    DossierPaperTaken,
    DossierReturned,
    DossierScheduled,
    DossierStepBegun,
    DossierStepPassed,
    DossierSubmitted,
    DossierWithdrawn,
    LateDossierProposed,
    LateDossierRefused,
    OpinionGiven,
    ProcedureRetired,
    ProcedureWritten,
)
from meetings.rules.events.during import (
    AttendanceRecorded,
    BallotCast,
    ItemConcluded,
    ItemPostponed,
    ItemTakenUp,
    ItemWithdrawn,
    MeetingAdjourned,
    MeetingCalledToOrder,
    MeetingRecessed,
    MeetingResumed,
    MotionAdopted,
    MotionMoved,
    MotionRejected,
    OutcomeAnnounced,
    PollAnnulled,
    PollClosed,
    PollDrafted,
    PollOpened,
)
from meetings.rules.events.elections import LotsDrawn
from meetings.rules.events.event import Event
from meetings.rules.events.floor import (
    FloorRequested,
    GroupTimeSet,
    LastCallMade,
    RequestMoved,
    RequestsLapsed,
    RequestWithdrawn,
    SpeakerCalled,
    SpeakerPassedOver,
    SpeakersListClosed,
    SpeakersListReopened,
    SpeakingTimeAdded,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
)
from meetings.rules.events.motions import (
    AmendmentFitted,
    AmendmentReworded,
    AmendmentsReordered,
    MotionDivided,
    MotionLeftUndecided,
    MotionReopened,
    MotionSeconded,
    MotionsGrouped,
    MotionTakenOut,
    MotionTextAmended,
    MotionWithdrawn,
)
from meetings.rules.events.notice import (
    GuestInvited,
    GuestWithdrawn,
    NoticeSent,
    ReplyGiven,
    SubstituteAgreed,
    SubstituteDeclined,
)
from meetings.rules.events.papers import PaperAccessSet
from meetings.rules.events.polls import (
    BallotEntered,
    CastingVoteGiven,
    CountsConfirmed,
    CountsEntered,
    CountsSentBack,
    EnteredBallotDropped,
    MemberAdmitted,
    MissingCalled,
    NameCalled,
    PollNotOpened,
    PollTimesSet,
    RollCallAnswered,
    TestPollBegun,
    TestPollEnded,
)
from meetings.rules.events.proceedings import ItemContinued, ItemReferred, RecessExtended, UrgentItemAdded
from meetings.rules.events.programme import (
    ScheduleEntryChanged,
    ScheduleEntryRemoved,
    ScheduleEntryWritten,
    WeekPublished,
)
from meetings.rules.events.questions import (
    AnsweringAgencyNamed,
    AnswerJudged,
    PromiseMade,
    QuestionAnswered,
    QuestionChanged,
    QuestionListed,
    QuestionPut,
    QuestionSubmitted,
    QuestionTakenOff,
    QuestionWithdrawn,
    WrittenAnswerOwed,
)
from meetings.rules.events.screens import MeetingClosedToPublic, MeetingOpenedToPublic, SeatingPlanSaved
from meetings.rules.events.templates import (
    MeetingCopied,
    SeriesBegun,
    SeriesChanged,
    SeriesEnded,
    TemplateRemoved,
    TemplateUsed,
    TemplateWritten,
)
from meetings.rules.events.who import (
    AccountDisabled,
    AccountOpened,
    AgencyFounded,
    BodyFounded,
    BookImported,
    MembershipBegun,
    PersonEntered,
    RoleGranted,
    RoomRulesSet,
)
from meetings.rules.events.work_programme import (
    ProgrammeApproved,
    ProgrammeBegun,
    ProgrammeEntryChanged,
    ProgrammeEntryDone,
    ProgrammeEntryRemoved,
    ProgrammeEntryWithdrawn,
    ProgrammeEntryWritten,
    ProgrammeImported,
)
