"""Quiet hours: while they last nothing rings; it comes when they end."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from meetings.rules.refusals import Refused


def clock_time(text: str) -> time:
    """`21:30` as a time, or the refusal `wrong-input`."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as wrong:
        raise Refused("wrong-input", field="time") from wrong


def after_quiet(moment: datetime, quiet_from: str, quiet_until: str) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into. `moment` is on the reader's clock.

    `22:00` to `06:00` goes over midnight; empty or equal times mean that there are no quiet hours.
    """
    if not quiet_from or not quiet_until or quiet_from == quiet_until:
        return moment
    begin, end = clock_time(quiet_from), clock_time(quiet_until)
    now = moment.time()
    today = moment.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    if begin < end:
        return today if begin <= now < end else moment
    if now >= begin:
        return today + timedelta(days=1)
    return today if now < end else moment


def digest_is_due(moment: datetime, at: str, last: datetime | None) -> bool:
    """Whether the daily letter of this person is due now and has not been sent since. All on the reader's clock."""
    due = clock_time(at)
    today = moment.replace(hour=due.hour, minute=due.minute, second=0, microsecond=0)
    latest = today if moment >= today else today - timedelta(days=1)
    return last is None or last < latest
