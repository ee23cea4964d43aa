"""The pages: each handler parses, calls a use case, renders. One module per part of a meeting's life."""

from litestar.types import ControllerRouterHandler


def handlers() -> list[ControllerRouterHandler]:
    """Every page of the house."""
    from meetings.web import (
        agenda,
        attendance,
        attendance_history,
        ballot_desk,
        body_deadlines,
        calendar,
        chair,
        consultation_acts,
        consultation_ballots,
        consultations,
        council,
        council_sessions,
        days,
        desk,
        door,
        dossier_papers,
        dossiers,
        feeds,
        floor,
        guests,
        home,
        journal,
        meeting_templates,
        meeting_warnings,
        meetings,
        minutes,
        motion_acts,
        my_votes,
        notifications,
        offers,
        packs,
        paging,
        paper_access,
        paper_changes,
        paper_files,
        papers,
        poll_acts,
        preparing,
        procedures,
        proceedings,
        programme_entries,
        public,
        question_time,
        questions,
        replies,
        resolutions,
        room,
        room_own,
        room_rules,
        rooms,
        scheduling,
        screen,
        seating,
        seats,
        series,
        session_forms,
        signing_in,
        standing_in_acts,
        supplements,
        tasks,
        template_agenda,
        uploads,
        weekly_schedule,
        work_programme,
    )

    present = [*attendance_history.handlers, *door.handlers, *standing_in_acts.handlers]
    during = [
        *room.handlers,
        *room_own.handlers,
        *chair.handlers,
        *preparing.handlers,
        *proceedings.handlers,
        *paging.handlers,
        *screen.handlers,
        *attendance.handlers,
        *present,
    ]
    during += [*seating.handlers, *seats.handlers, *public.handlers, *floor.handlers, *motion_acts.handlers]
    during += [
        *desk.handlers,
        *my_votes.handlers,
        *ballot_desk.handlers,
        *poll_acts.handlers,
        *questions.handlers,
        *question_time.handlers,
    ]
    before = [
        *meetings.handlers,
        *scheduling.handlers,
        *agenda.handlers,
        *offers.handlers,
        *papers.handlers,
        *paper_files.handlers,
        *paper_access.handlers,
        *paper_changes.handlers,
        *uploads.handlers,
        *supplements.handlers,
        *packs.handlers,
    ]
    before += [*dossiers.handlers, *dossier_papers.handlers, *procedures.handlers]
    before += [*consultations.handlers, *consultation_acts.handlers, *consultation_ballots.handlers]
    before += [
        *meeting_warnings.handlers,
        *calendar.handlers,
        *days.handlers,
        *feeds.handlers,
        *rooms.handlers,
    ]
    before += [*weekly_schedule.handlers, *work_programme.handlers, *programme_entries.handlers]
    before += [*meeting_templates.handlers, *template_agenda.handlers, *series.handlers]
    before += [*replies.handlers, *guests.handlers]
    after = [*resolutions.handlers, *tasks.handlers, *minutes.handlers, *journal.handlers]
    return [
        *signing_in.handlers,
        *home.handlers,
        *notifications.handlers,
        *council.handlers,
        *council_sessions.handlers,
        *session_forms.handlers,
        *room_rules.handlers,
        *body_deadlines.handlers,
        *before,
        *during,
        *after,
    ]
