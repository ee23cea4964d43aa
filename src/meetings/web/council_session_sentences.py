"""Sentences of the journal about terms and sessions of a council."""

from meetings.language import N_

COUNCIL_SESSION_SENTENCES = {
    "TermOpened": N_("{name_of_body}: term “{term_name}” opened, from {since} until {until}."),
    "TermChanged": N_("{name_of_body}: term “{term_name}” was corrected."),
    "CouncilSessionPlanned": N_(
        "{name_of_body}: session {number} ({term_name}) planned, from {since} until {until}."
    ),
    "CouncilSessionChanged": N_("{name_of_body}: session {number} ({term_name}) was changed."),
    "CouncilSessionConvened": N_(
        "{name_of_body}: session {number} ({term_name}) convened, from {since} until {until}. Told: {persons}."
    ),
    "CouncilSessionDropped": N_("{name_of_body}: the plan of session {number} ({term_name}) was given up."),
    "DiscussionGroupsFormed": N_(
        "{name_of_body}, session {number}: discussion groups set. Members: {members}."
    ),
    "PutIntoSession": N_("It is a sitting of: {session_name}."),
    "TakenOutOfSession": N_("It is no longer a sitting of: {session_name}."),
}
