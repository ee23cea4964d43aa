"""What the house’s journal says of consultations, one sentence for each event."""

from meetings.language import N_

CONSULTATION_SENTENCES: dict[str, str] = {
    "ConsultationDrafted": N_("Consultation prepared: {title}"),
    "ConsultationChanged": N_("Draft of a consultation changed: {title}"),
    "ConsultationPaperLaid": N_("Paper laid for the consultation “{title}”: {paper_title}"),
    "ConsultationPaperRemoved": N_("Paper taken away from the consultation “{title}”: {paper_title}"),
    "ConsultationHandedToChair": N_("Consultation handed to the chair: {title}"),
    "ConsultationOpened": N_("Members asked for their written opinion: {title}. {eligible} with a ballot."),
    "WrittenOpinionGiven": N_("Written opinion given on “{title}”. Receipt {receipt}."),
    "PaperOpinionEntered": N_("Opinion on paper of {person_name} entered by {entered_name}: {title}"),
    "PaperOpinionDropped": N_("Opinion on paper of {person_name}, entered before, dropped: {title}"),
    "ConsultationRecusalDeclared": N_("{person_name} stands aside from the consultation “{title}”. {reason}"),
    "ConsultationRecusalLifted": N_("{person_name} is asked again in the consultation “{title}”."),
    "MissingOpinionsReminded": N_("{missing} members reminded of their written opinion: {title}"),
    "ConsultationExtended": N_("More time for written opinions: {title}. {reason}"),
    "ConsultationClosed": N_("Written opinions counted: {title}. {cast} given, {not_cast} not given."),
    "ConsultationPutOnAgenda": N_("Outcome of the consultation put on an agenda: {title}"),
    "ConsultationAnnounced": N_("Outcome of the consultation announced: {title}"),
    "ConsultationConverted": N_("Consultation taken to a meeting: {title}. {reason}"),
    "ConsultationWithdrawn": N_("Consultation withdrawn: {title}. {reason}"),
}
