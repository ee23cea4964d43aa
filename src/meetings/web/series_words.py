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
RHYTHMS = {
    Every.WEEK: (N_("Every week on {weekday}"), N_("Every {count} weeks on {weekday}")),
    Every.MONTH_DAY: (N_("Every month on day {day}"), N_("Every {count} months on day {day}")),
    Every.MONTH_WEEKDAY: (
        N_("Every month on the {week} {weekday}"),
        N_("Every {count} months on the {week} {weekday}"),
    ),
    Every.MONTH_LAST_WEEKDAY: (
        N_("Every month on the last {weekday}"),
        N_("Every {count} months on the last {weekday}"),
    ),
}
"""How a series goes on, for one week or month and for several: not a plural, since some languages say both alike."""
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
    once, often = RHYTHMS[rule.every]
    return text(
        once if rule.interval == 1 else often, count=rule.interval, weekday=weekday_text(rule.first),
        day=rule.first.day, week=gettext(WEEKS[(rule.first.day - 1) // 7]),
    )  # fmt: skip


def _end(rule: Recurrence) -> str:
    if rule.until is None:
        return plural("{count} meeting", "{count} meetings", rule.count or 0)
    return text(N_("until {day}"), day=date_text(rule.until))
