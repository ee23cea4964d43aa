"""How Alembic reaches the database: over the connection that the program hands it."""

from alembic import context
from sqlalchemy import Connection

from meetings.storage.tables import Table
from meetings.storage.types import Instant


def compare_type(
    _context: object, _column: object, _meta: object, _inspected: object, meta_type: object
) -> bool | None:
    """SQLite tells nothing of zones: moments are equal there."""
    return False if isinstance(meta_type, Instant) else None


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Write our own types by their import."""
    if kind == "type" and isinstance(item, Instant):
        autogen.imports.add("from meetings.storage.types import Instant")  # type: ignore[attr-defined]
        return "Instant()"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=compare_type,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
