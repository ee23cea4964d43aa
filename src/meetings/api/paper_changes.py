"""What changed between two versions of a paper."""

from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery

from meetings.api.contract import Answer, ApiRequest, reads
from meetings.api.motions import Difference
from meetings.api.papers import TAG
from meetings.before.paper_access import note_opening
from meetings.before.paper_changes import paper_changes
from meetings.before.papers import access_of
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused


class Passage(Answer):
    """A sentence; so many that stayed as they were are left out before it."""

    skipped: int
    pieces: list[Difference]


class Changes(Answer):
    """`outcome`: `changed`, `same`, `no-text` (one is a scan), `long` or `failed`. `rest`: unchanged sentences at the
    end; `…_blank`: pages without text, which are not compared."""

    outcome: str
    version: int
    before: int
    passages: list[Passage]
    rest: int
    old_blank: int
    new_blank: int


@reads("/papers/{paper_id:uuid}/changes", Right.ATTEND, N_("Read what changed in a version of a paper"), TAG)
async def get_changes(
    request: ApiRequest, paper_id: FromPath[UUID], version: FromQuery[int | None] = None
) -> Response[Changes]:
    """The text of the newest version, or another, against the one before it. It carries no reader's name: what is
    marked or not handed out is read in the application."""
    store, actor = request.house.store, request.actor
    kept, before, shown, found = await paper_changes(store, actor, paper_id, version=version)
    access = access_of(kept)
    if access.marked or not access.handed_out:
        raise Refused("paper-not-handed-out")
    await note_opening(store, actor.person, shown.id)
    content: dict[str, Any] = found.passages
    return Response(
        Changes(
            outcome=found.outcome, version=shown.number, before=before.number, rest=content["rest"],
            passages=[
                Passage(skipped=one["skipped"], pieces=[Difference(**piece) for piece in one["pieces"]])
                for one in content["passages"]
            ],
            old_blank=found.old_blank, new_blank=found.new_blank,
        )
    )  # fmt: skip


handlers = [get_changes]
