"""The rule of a series in words."""

from meetings.language import N_, date_text, gettext, plural, text, weekday_text
from meetings.rules.series import DaysOff, Every, Recurrence

EVERY = {
    Every.WEEK: N_("Every week"),
    Every.MONTH_DAY: N_("Every month, on the same day of the month"),
    Every.MONTH_WEEKDAY: N_("Every month, on the same weekday, such as the second Tuesday"),
    Every.MONTH_LAST_WEEKDAY: N_("Every month, on the last such weekday"),
}
"""As one chooses among them."""
WEEKS = (N_("first"), N_("second"), N_("third"), N_("fourth"), N_("fifth"))
"""A weekday by its turn in the month."""
DAYS_OFF = {
    DaysOff.SKIP: N_("Leave the meeting out"),
    DaysOff.BEFORE: N_("Meet on the working day before"),
    DaysOff.AFTER: N_("Meet on the working day after"),
    DaysOff.KEEP: N_("Meet all the same"),
}


def rule_text(rule: Recurrence) -> str:
    """`Every 2 weeks on Tuesday, until 30/06/2031`."""
    return text(N_("{rhythm}, {end}"), rhythm=_rhythm(rule), end=_end(rule))


def every_options() -> list[tuple[str, str]]:
    """Codes and words."""
    return [(code.value, gettext(words)) for code, words in EVERY.items()]


def days_off_options() -> list[tuple[str, str]]:
    """Codes and words."""
    return [(code.value, gettext(words)) for code, words in DAYS_OFF.items()]


def _rhythm(rule: Recurrence) -> str:
    weekday = weekday_text(rule.first)
    week = gettext(WEEKS[(rule.first.day - 1) // 7])
    match rule.every:
        case Every.WEEK:
            return plural(
                "Every week on {weekday}", "Every {count} weeks on {weekday}", rule.interval, weekday=weekday
            )
        case Every.MONTH_DAY:
            return plural(
                "Every month on day {day}",
                "Every {count} months on day {day}",
                rule.interval,
                day=rule.first.day,
            )
        case Every.MONTH_WEEKDAY:
            return plural(
                "Every month on the {week} {weekday}", "Every {count} months on the {week} {weekday}", rule.interval,
                weekday=weekday, week=week,
            )  # fmt: skip
        case _:
            return plural(
                "Every month on the last {weekday}", "Every {count} months on the last {weekday}", rule.interval,
                weekday=weekday,
            )  # fmt: skip


def _end(rule: Recurrence) -> str:
    if rule.until is None:
        return plural("{count} meeting", "{count} meetings", rule.count or 0)
    return text(N_("until {day}"), day=date_text(rule.until))
