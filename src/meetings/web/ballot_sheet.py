"""The ballot that is handed out to every tablet when a poll opens: one for all who read a language.

It holds nothing personal. The tablet puts in its own token and the person's id, and shows it only where the desk is of
somebody who gets ballots; the roll decides in any case who may cast one.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from meetings.during.stage import as_stage_polls, votes_by_proxy
from meetings.language import LANGUAGES, in_language
from meetings.rules.ballot_forms import Kind
from meetings.rules.lifecycle import PollState
from meetings.rules.polls import Method
from meetings.storage.tables import Poll, RollEntry
from meetings.storage.unit_of_work import Reading, Store
from meetings.web.render import Renderer
from meetings.web.stage import poll_view

SHEET = "during/ballot_sheet.html"
SHEET_PARTS = (
    SHEET,
    "during/poll_parts.html",
    *(f"parts/{name}.html" for name in ("voting", "ballot_forms", "buttons", "live")),
)
"""What the first ballot is made of."""


def sheets_of(store: Store, renderer: Renderer) -> Callable[[UUID], Awaitable[Mapping[str, str]]]:
    """What makes the ballot of a poll, by language."""

    async def sheets(poll: UUID) -> Mapping[str, str]:
        async with store.reading() as reading:
            kept = await reading.get(Poll, poll)
            if kept.state != PollState.OPEN or kept.method != Method.ELECTRONIC:
                return {}
            if kept.kind == Kind.CONSENT and await _somebody_stands_aside(reading, poll):
                return {}  # from one of its other items, which a desk does not know beforehand
            (shown,) = await as_stage_polls(reading, [kept], insider=False)
            proxies = await votes_by_proxy(reading, shown)
        made: dict[str, str] = {}
        for language in LANGUAGES:
            with in_language(language):
                made[language] = renderer.text(SHEET, poll=poll_view(shown, proxies))
        return made

    return sheets


async def _somebody_stands_aside(reading: Reading, poll: UUID) -> bool:
    aside = select(RollEntry.person_id).where(RollEntry.poll_id == poll, RollEntry.recused).limit(1)
    return await reading.session.scalar(aside) is not None
