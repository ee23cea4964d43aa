"""What the interface tells of templates and series of meetings, and what it takes."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from meetings.api.calendar import Conflict
from meetings.api.contract import Answer, Asked, Line, Prose, Short
from meetings.before.guests import GUESTS_AT_ONCE, Invited
from meetings.before.meeting_templates import TemplateFacts
from meetings.before.template_items import (
    MOST_ITEMS,
    MOST_MOTIONS,
    ItemFacts,
    MotionPreset,
    NumberedItem,
    guests_of_template,
    motions_of,
)
from meetings.rules.series import DaysOff, Every, Recurrence
from meetings.storage import tables

Clock = Annotated[str, msgspec.Meta(max_length=5, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class TemplateGuest(Asked):
    """Somebody who is always invited, without an account."""

    name: Line
    post: Line = ""
    email: Line = ""


class TemplateMotion(Asked):
    """Always put under the item. Without a `title` it is called like the item; without a `rule` it has no poll yet."""

    title: Line = ""
    kind: Short = "substantive"
    rule: Short = ""
    secret: bool = False


class TemplateItem(Asked):
    """An item of the agenda; `items` stand below it."""

    title: Line
    text: Prose = ""
    presenter: Line = ""
    minutes_planned: int | None = None
    kind: Short = "regular"
    visibility: Short = "common"
    motions: Annotated[list[TemplateMotion], msgspec.Meta(max_length=MOST_MOTIONS)] = msgspec.field(
        default_factory=list[TemplateMotion]
    )
    guests: Annotated[list[TemplateGuest], msgspec.Meta(max_length=GUESTS_AT_ONCE)] = msgspec.field(
        default_factory=list[TemplateGuest]
    )
    items: Annotated[list["TemplateItem"], msgspec.Meta(max_length=MOST_ITEMS)] = msgspec.field(
        default_factory=list["TemplateItem"]
    )


class TemplateContent(Asked):
    """`title` may hold `{date}`, `{month}`, `{year}` and `{number}` (`{ngày}`, `{tháng}`, `{năm}`, `{số}`); `minutes`
    is the planned length."""

    name: Line
    title: Line
    kind: Short = "regular"
    place: Line = ""
    room: UUID | None = None
    begins: Clock = "08:00"
    minutes: int | None = None
    public: bool = False
    guests: Annotated[list[TemplateGuest], msgspec.Meta(max_length=GUESTS_AT_ONCE)] = msgspec.field(
        default_factory=list[TemplateGuest]
    )
    items: Annotated[list[TemplateItem], msgspec.Meta(max_length=MOST_ITEMS)] = msgspec.field(
        default_factory=list[TemplateItem]
    )


class TemplateLine(Answer):
    """A template in the list; `items` counts those of its agenda."""

    id: UUID
    body: UUID
    name: str
    kind: str
    items: int


class TemplateLines(Answer):
    items: list[TemplateLine]


class Template(Answer):
    """A template with its whole content."""

    id: UUID
    body: UUID
    template: TemplateContent


class Rule(Asked):
    """`every`: `week`, `month-day`, `month-weekday` or `month-last-weekday`, after the first day; it ends with `until`
    (inclusive) or after `count` meetings; `days_off`: `skip`, `before`, `after` or `keep`."""

    first: date
    every: Every = Every.WEEK
    interval: int = 1
    until: date | None = None
    count: int | None = None
    days_off: DaysOff = DaysOff.SKIP


class NewSeries(Asked):
    """`title` may hold placeholders; `without` are days of the rule on which no draft is made; a `template` gives each
    draft its agenda and guests."""

    title: Line
    rule: Rule
    begins: Clock
    ends: Clock | None = None
    kind: Short = "regular"
    place: Line = ""
    room: UUID | None = None
    public: bool = False
    template: UUID | None = None
    without: Annotated[list[date], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list[date])


class SeriesMeeting(Answer):
    id: UUID
    title: str
    starts: str
    """Local time, without offset."""
    state: str


class SeriesLine(Answer):
    """A series in the list: how many of its `meetings` are `drafts` still."""

    id: UUID
    body: UUID
    title: str
    drafts: int
    meetings: int


class SeriesLines(Answer):
    items: list[SeriesLine]


class Series(Answer):
    id: UUID
    body: UUID
    title: str
    rule: Rule
    meetings: list[SeriesMeeting]


class ForeseenDay(Answer):
    """`ruled` is the day that the rule names, where a day off moved it; `blocked`: the room cannot be had."""

    day: date
    ruled: date
    blocked: bool
    in_the_way: list[Conflict]


class ForeseenDays(Answer):
    days: list[ForeseenDay]


def facts_of(content: TemplateContent) -> TemplateFacts:
    """What was sent, beside the agenda."""
    return TemplateFacts(
        name=content.name, title=content.title, kind=content.kind, place=content.place, room=content.room,
        begins=content.begins, minutes=content.minutes, public=content.public, guests=_invited(content.guests),
    )  # fmt: skip


def items_of(items: list[TemplateItem]) -> list[ItemFacts]:
    """The agenda that was sent."""
    return [
        ItemFacts(
            title=one.title, text=one.text, presenter=one.presenter, minutes=one.minutes_planned, kind=one.kind,
            visibility=one.visibility, guests=_invited(one.guests), items=items_of(one.items),
            motions=[MotionPreset(**msgspec.structs.asdict(motion)) for motion in one.motions],
        )
        for one in items
    ]  # fmt: skip


def template_shape(row: tables.MeetingTemplate, agenda: list[NumberedItem]) -> Template:
    """A template as the interface tells it."""

    def below(parent: UUID | None) -> list[TemplateItem]:
        rows = [one.row for one in agenda if one.row.parent_id == parent]
        return [_item(one, below(one.id)) for one in rows]

    content = TemplateContent(
        name=row.name, title=row.title, kind=row.kind, place=row.place, room=row.room_id, begins=row.begins,
        minutes=row.minutes, public=row.public, guests=_guests(row), items=below(None),
    )  # fmt: skip
    return Template(id=row.id, body=row.body_id, template=content)


def recurrence(rule: Rule) -> Recurrence:
    """The rule that was sent."""
    return Recurrence(**msgspec.structs.asdict(rule))


def _item(row: tables.TemplateItem, items: list[TemplateItem]) -> TemplateItem:
    return TemplateItem(
        title=row.title, text=row.text, presenter=row.presenter, minutes_planned=row.minutes_planned, kind=row.kind,
        visibility=row.visibility, guests=_guests(row), items=items,
        motions=[
            TemplateMotion(title=one.title, kind=one.kind, rule=one.rule, secret=one.secret) for one in motions_of(row)
        ],
    )  # fmt: skip


def _guests(row: tables.MeetingTemplate | tables.TemplateItem) -> list[TemplateGuest]:
    return [TemplateGuest(name=one.name, post=one.post, email=one.email) for one in guests_of_template(row)]


def _invited(guests: list[TemplateGuest]) -> list[Invited]:
    return [Invited(one.name, one.post, one.email) for one in guests]
