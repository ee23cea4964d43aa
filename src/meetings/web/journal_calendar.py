"""Sentences of the house's own journal about days, deadlines, rooms and feeds."""

from meetings.language import N_

CALENDAR_SENTENCES = {
    "DayMarked": N_("Table of days: {day} is now “{kind}” ({day_name})."),
    "DayUnmarked": N_("Table of days: {day} follows the week again."),
    "YearOfDaysFilled": N_("Table of days: {days} public holidays of {year} were taken over."),
    "YearOfDaysConfirmed": N_("Table of days: the days of {year} are confirmed."),
    "DeadlinesSet": N_("Deadlines of {name_of_body} were changed."),
    "RoomOpened": N_("Room opened: {room_name}, {seats} seats."),
    "RoomChanged": N_("Room changed: {room_name}."),
    "FeedOpened": N_("A calendar address was made."),
    "FeedRevoked": N_("A calendar address was revoked."),
}
