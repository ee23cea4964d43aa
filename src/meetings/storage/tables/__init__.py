"""Every table, in the order of a meeting's life. No relationships: each query says what it reads.

Moments are UTC; a meeting keeps its local start and its zone, which are the truth when rules about daylight saving
change. Rows are never deleted once a meeting is published: states and the journal tell what became of them.
"""

from meetings.storage.tables.after import (
    Clause,
    Minutes,
    MinutesSignature,
    Register,
    Resolution,
    Task,
    TaskCooperation,
    TaskReport,
)
from meetings.storage.tables.agenda_changes import AgendaReading, Supplement
from meetings.storage.tables.before import Item, Meeting, Paper, PaperVersion
from meetings.storage.tables.calendar import CalendarFeed, DayMark, Room
from meetings.storage.tables.consultations import (
    Consultation,
    ConsultationPaper,
    ConsultedMember,
    EnteredOpinion,
    WrittenOpinion,
)
from meetings.storage.tables.council_sessions import (
    CouncilSession,
    CouncilTerm,
    DiscussionGroup,
    DiscussionGroupMember,
)
from meetings.storage.tables.dossiers import Dossier, DossierOpinion, DossierPaper, DossierRun, ProcedureRow
from meetings.storage.tables.during import Attendance, Note, Proxy, Recusal, SeatingPlan, Substitution
from meetings.storage.tables.floor import GroupTime, Promise, Question, Speech
from meetings.storage.tables.foundation import Json, Table
from meetings.storage.tables.meeting_templates import MeetingSeries, MeetingTemplate, TemplateItem
from meetings.storage.tables.notice import Guest, Notice, PushAddress, Reply, TellingChoice
from meetings.storage.tables.packs import Pack
from meetings.storage.tables.papers import PaperChange, PaperOpening, Upload
from meetings.storage.tables.programme import ScheduleEntry, WeekPublication
from meetings.storage.tables.record import Chain, JournalRow, Notification, Outbox, Repeat
from meetings.storage.tables.voting import (
    Ballot,
    EnteredBallot,
    Motion,
    Poll,
    PollMotion,
    RollEntry,
    SecretBallot,
)
from meetings.storage.tables.who import (
    AccessToken,
    Account,
    Agency,
    Body,
    Membership,
    Person,
    RoleGrant,
    SignIn,
)
from meetings.storage.tables.work_programme import (
    ProgrammeChange,
    ProgrammeCooperation,
    ProgrammeEntry,
    WorkProgramme,
)

__all__ = [
    "AccessToken",
    "Account",
    "Agency",
    "AgendaReading",
    "Attendance",
    "Ballot",
    "Body",
    "CalendarFeed",
    "Chain",
    "Clause",
    "Consultation",
    "ConsultationPaper",
    "ConsultedMember",
    "CouncilSession",
    "CouncilTerm",
    "DayMark",
    "DiscussionGroup",
    "DiscussionGroupMember",
    "Dossier",
    "DossierOpinion",
    "DossierPaper",
    "DossierRun",
    "EnteredBallot",
    "EnteredOpinion",
    "GroupTime",
    "Guest",
    "Item",
    "JournalRow",
    "Json",
    "Meeting",
    "MeetingSeries",
    "MeetingTemplate",
    "Membership",
    "Minutes",
    "MinutesSignature",
    "Motion",
    "Note",
    "Notice",
    "Notification",
    "Outbox",
    "Pack",
    "Paper",
    "PaperChange",
    "PaperOpening",
    "PaperVersion",
    "Person",
    "Poll",
    "PollMotion",
    "ProcedureRow",
    "ProgrammeChange",
    "ProgrammeCooperation",
    "ProgrammeEntry",
    "Promise",
    "Proxy",
    "PushAddress",
    "Question",
    "Recusal",
    "Register",
    "Repeat",
    "Reply",
    "Resolution",
    "RoleGrant",
    "RollEntry",
    "Room",
    "ScheduleEntry",
    "SeatingPlan",
    "SecretBallot",
    "SignIn",
    "Speech",
    "Substitution",
    "Supplement",
    "Table",
    "Task",
    "TaskCooperation",
    "TaskReport",
    "TellingChoice",
    "TemplateItem",
    "Upload",
    "WeekPublication",
    "WorkProgramme",
    "WrittenOpinion",
]
