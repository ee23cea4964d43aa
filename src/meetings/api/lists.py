"""Lists page by cursor: each page ends with the place of its last line, so nothing is skipped or told twice."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from litestar.params import QueryParameter
from sqlalchemy import ColumnElement, and_, or_

from meetings.language import N_
from meetings.rules.refusals import Refused

Limit = Annotated[int, QueryParameter(ge=1, le=200, description=N_("How many lines at most."))]
Cursor = Annotated[
    str | None,
    QueryParameter(
        max_length=2000, description=N_("The “next” of the page before; left out for the first page.")
    ),
]
OfBody = Annotated[UUID | None, QueryParameter(name="body", description=N_("Only of this body."))]
LIMIT = 50

Row = TypeVar("Row")
Place = tuple[Any, ...]


def place_of(cursor: str | None, *kinds: Callable[[str], Any]) -> Place | None:
    """The place a page begins behind; `kinds` read its parts. None: from the beginning."""
    if cursor is None:
        return None
    try:
        parts: object = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if not isinstance(parts, list) or len(cast(list[object], parts)) != len(kinds):
            raise Refused("wrong-input", field="cursor")
        return tuple(kind(str(part)) for kind, part in zip(kinds, cast(list[object], parts), strict=True))
    except (ValueError, binascii.Error) as wrong:
        raise Refused("wrong-input", field="cursor") from wrong


def cursor_of(place: Place) -> str:
    """A place as the opaque text that clients hand back."""
    parts = [part.isoformat() if hasattr(part, "isoformat") else str(part) for part in place]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def behind(place: Place | None, *columns: Any, falling: bool = False) -> ColumnElement[bool]:
    """The rows that come after a place, ordered by two columns of which the last is unique.

    `falling`: the first column is in falling order, the last one rising.
    """
    first, last = columns
    if place is None:
        return last.is_not(None)
    beyond: ColumnElement[bool] = first < place[0] if falling else first > place[0]
    return or_(beyond, and_(first == place[0], last > place[1]))


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], Place]) -> tuple[Sequence[Row], str | None]:
    """A page from rows of which one more than `limit` was read, and the cursor of the next page if there is one."""
    page = rows[:limit]
    return page, cursor_of(key(page[-1])) if len(rows) > limit else None


def cut_whole(
    rows: Sequence[Row], limit: int, key: Callable[[Row], Place], place: Place | None
) -> tuple[Sequence[Row], str | None]:
    """A page from a list that is small enough to be read as a whole, put in the order of its keys."""
    ordered = sorted((row for row in rows if place is None or key(row) > place), key=key)
    return cut(ordered, limit, key)
