"""Words for how far a paper may go, for the pages and for the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from meetings.language import N_, gettext, long_datetime_text, text
from meetings.rules.paper_access import Level
from meetings.rules.visibility import Visibility

PAPER_SENTENCES = {
    "PaperAccessSet": N_("Paper {title}: {level}, for {readers}, {handed_out}{window}"),
}
LEVELS: dict[str, str] = {
    Level.INTERNAL: N_("Internal"),
    Level.RESTRICTED: N_("Restricted"),
    Level.CONFIDENTIAL: N_("Confidential"),
}
LEVEL_HINTS: dict[str, str] = {
    Level.INTERNAL: N_("Internal: as the meeting"),
    Level.RESTRICTED: N_("Restricted: each reader’s name on every page"),
    Level.CONFIDENTIAL: N_("Confidential: read on screen only, with the reader’s name"),
}
READERS: dict[str, str] = {
    Visibility.COMMON: N_("everybody who attends"),
    Visibility.INTERNAL: N_("members of the body"),
    Visibility.HIDDEN: N_("those who prepare and run the meeting"),
}
HANDED_OUT = N_("may be taken along")
NOT_HANDED_OUT = N_("not handed out")
SINCE = N_(", from {moment}")
UNTIL = N_(", until {moment}")


def paper_facts(payload: Mapping[str, Any]) -> dict[str, str]:
    """The facts of `PaperAccessSet` in words."""
    window = ""
    for word, moment in ((SINCE, payload["shown_from"]), (UNTIL, payload["shown_until"])):
        if moment:
            window += text(word, moment=long_datetime_text(datetime.fromisoformat(moment)))
    return {
        "level": gettext(LEVELS[payload["level"]]).lower(),
        "readers": gettext(READERS[payload["readers"]]),
        "handed_out": gettext(HANDED_OUT if payload["download"] else NOT_HANDED_OUT),
        "window": window,
    }
