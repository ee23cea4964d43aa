"""Templates of meetings, copies and series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateWritten(Event):
    """A template, or its next form; in the house's journal."""

    stage: ClassVar[bool] = False
    template: str
    template_name: str
    name_of_body: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRemoved(Event):
    stage: ClassVar[bool] = False
    template: str
    template_name: str
    name_of_body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUsed(Event):
    """A draft got the agenda of a template; its motions follow, each with its item and the rule of its poll."""

    what: ClassVar[str] = "agenda"
    template: str
    template_name: str
    items: int
    motions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCopied(Event):
    """A draft got the agenda and the guests of an earlier meeting, and its papers where they were asked for."""

    what: ClassVar[str] = "agenda"
    source: str
    source_title: str
    items: int
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBegun(Event):
    """Drafts were made after a rule; in the house's journal."""

    stage: ClassVar[bool] = False
    series: str
    title: str
    name_of_body: str
    rule: dict[str, Any]
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChanged(Event):
    """The drafts of a series from a day on were changed."""

    stage: ClassVar[bool] = False
    series: str
    title: str
    since: str
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEnded(Event):
    """The drafts of a series from a day on were cancelled."""

    stage: ClassVar[bool] = False
    series: str
    title: str
    since: str
    meetings: int
    reason: str
