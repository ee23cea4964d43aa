"""What all tables share: the metadata, the column types, links that never cascade."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from meetings.storage.types import Instant

Json = dict[str, Any]


class Table(DeclarativeBase):
    """The common metadata; names of constraints are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        Json: JSON,
        list[Any]: JSON,
        str: Text,
    }


def link(column: str, **options: Any) -> Any:
    return mapped_column(ForeignKey(column, ondelete="RESTRICT"), **options)
