"""Official numbers: counted from 1 for each body, kind of document and year, without a gap and never twice.

Decree 30/2020/NĐ-CP, article 15: the number of a document runs from 1 January to 31 December.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite

from meetings.storage.tables import Body, Register
from meetings.storage.unit_of_work import Work

RESOLUTION = "NQ"
MINUTES = "BB"


@dataclass(frozen=True, slots=True)
class OfficialNumber:
    """A number, its year, and both as printed: `05/NQ-HĐND`."""

    year: int
    number: int
    symbol: str


async def take_number(work: Work, body: Body, kind: str) -> OfficialNumber:
    """The next number of the register, held until the end of the transaction: a rollback gives it back."""
    year = work.now.astimezone(ZoneInfo(body.timezone)).year
    postgres = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    number = await work.session.scalar(
        insert(Register)
        .values(body_id=body.id, kind=kind, year=year, last=1)
        .on_conflict_do_update(
            index_elements=[Register.body_id, Register.kind, Register.year], set_={"last": Register.last + 1}
        )
        .returning(Register.last)
    )
    if number is None:
        raise AssertionError("an upsert returns its row")
    return OfficialNumber(year, number, f"{number:02d}/{document_code(kind, body)}")


def document_code(kind: str, body: Body) -> str:
    """What stands behind the slash: `NQ-HĐND`."""
    return f"{kind}-{body.symbol}" if body.symbol else kind
