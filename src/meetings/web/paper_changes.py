"""The page that shows what a version of a paper says differently from the one before it."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from meetings.before.paper_access import note_opening
from meetings.before.paper_changes import paper_changes
from meetings.before.paper_reading import copy_line
from meetings.before.papers import access_of
from meetings.language import N_
from meetings.rules.paper_changes import Compared
from meetings.rules.permissions import Right
from meetings.storage.tables import Item, Meeting
from meetings.web.render import page
from meetings.web.request import MeetingsRequest

TOLD: dict[str, tuple[str, str]] = {
    Compared.SAME: (
        N_("The words are the same"),
        N_("Only pictures or the layout can differ. Look at both versions."),
    ),
    Compared.NO_TEXT: (
        N_("Nothing can be compared"),
        N_(
            "One of the two versions is a scan: it has pictures of pages, but no text. Look at both versions."
        ),
    ),
    Compared.LONG: (
        N_("Too long to be compared"),
        N_("These versions have more text than can be compared here. Look at both versions."),
    ),
    Compared.FAILED: (
        N_("Nothing can be compared"),
        N_("The text of one of the two versions could not be read. Look at both versions."),
    ),
}


@get("/papers/{paper:uuid}/changes", opt={"permission": Right.ATTEND})
async def changes_page(
    request: MeetingsRequest, paper: FromPath[UUID], version: FromQuery[int | None] = None
) -> Response[str]:
    """The difference; a restricted paper's carries the reader's name, as its pages do."""
    store, actor = request.house.store, request.actor
    kept, before, shown, found = await paper_changes(store, actor, paper, version=version)
    await note_opening(store, actor.person, shown.id)
    async with store.reading() as reading:
        item = await reading.get(Item, kept.item_id)
        held = await reading.get(Meeting, kept.meeting_id)
    content: dict[str, Any] = found.passages
    marked = access_of(kept).marked
    answer = page(
        request, "before/paper_changes.html", paper=kept, before=before, shown=shown, item=item, held=held,
        passages=content["passages"], rest=content["rest"], blank=max(found.old_blank, found.new_blank),
        told=TOLD.get(found.outcome), copy=copy_line(actor, store.clock()) if marked else "",
    )  # fmt: skip
    answer.headers["cache-control"] = "private, no-store"
    return answer


handlers = [changes_page]
