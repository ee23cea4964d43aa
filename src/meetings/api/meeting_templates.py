"""Templates of meetings, and meetings that are made from one or copied from another."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Line, reads, writes
from meetings.api.meetings import Meeting, local_text, shape
from meetings.api.repeats import written
from meetings.api.template_shapes import (
    Template,
    TemplateContent,
    TemplateLine,
    TemplateLines,
    facts_of,
    items_of,
    template_shape,
)
from meetings.before.copying import copy_meeting, open_source
from meetings.before.meeting_templates import open_template, remove_template, templates_for, write_template
from meetings.before.template_items import agenda_of_template
from meetings.before.template_saving import save_as_template
from meetings.before.template_use import schedule_from_template
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Templates and series")
Start = Annotated[datetime, msgspec.Meta(tz=True)]


class Removed(Answer):
    id: UUID


class TemplateName(Asked):
    name: Line


class FromTemplate(Asked):
    """A draft as the template says; `PATCH meetings/{id}` changes it."""

    starts: Start


class Copy(Asked):
    """What is left out is as it was there; `papers`: the same files in their newest version."""

    starts: Start
    ends: Start | None = None
    title: Line | None = None
    papers: bool = False


@reads("/bodies/{body_id:uuid}/meeting-templates", Right.PREPARE, N_("List the templates of a body"), TAG)
async def list_templates(request: ApiRequest, body_id: FromPath[UUID]) -> Response[TemplateLines]:
    """By name."""
    request.actor.must(Right.PREPARE, body=body_id)
    async with request.house.store.reading() as reading:
        found = await templates_for(reading, request.actor, body=body_id)
    return Response(
        TemplateLines(
            items=[
                TemplateLine(
                    id=one.row.id, body=one.row.body_id, name=one.row.name, kind=one.row.kind, items=one.items
                )
                for one in found
            ]
        )
    )


@writes("/bodies/{body_id:uuid}/meeting-templates", Right.PREPARE, N_("Write a template"), TAG, status=201)
async def post_template(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[TemplateContent]
) -> Response[Template]:
    """With its agenda."""

    async def act(work: Work) -> Template:
        row = await write_template(work, request.actor, body_id, facts_of(data), items=items_of(data.items))
        return await _template(work, row)

    return await written(request, act, status=201)


@reads("/meeting-templates/{template_id:uuid}", Right.PREPARE, N_("Read a template"), TAG)
async def get_template(request: ApiRequest, template_id: FromPath[UUID]) -> Response[Template]:
    """With its agenda."""
    async with request.house.store.reading() as reading:
        return Response(await _template(reading, await open_template(reading, request.actor, template_id)))


@writes(
    "/meeting-templates/{template_id:uuid}", Right.PREPARE, N_("Write a template anew"), TAG, method="put"
)
async def put_template(
    request: ApiRequest, template_id: FromPath[UUID], data: JSONBody[TemplateContent]
) -> Response[Template]:
    """Its agenda too; meetings that were made from it stay as they are."""

    async def act(work: Work) -> Template:
        row = await open_template(work, request.actor, template_id)
        changed = await write_template(
            work, request.actor, row.body_id, facts_of(data), items=items_of(data.items), template=template_id
        )
        return await _template(work, changed)

    return await written(request, act)


@writes("/meeting-templates/{template_id:uuid}/remove", Right.PREPARE, N_("Remove a template"), TAG)
async def post_remove(request: ApiRequest, template_id: FromPath[UUID]) -> Response[Removed]:
    """Meetings that were made from it stay."""

    async def act(work: Work) -> Removed:
        await remove_template(work, request.actor, template_id)
        return Removed(id=template_id)

    return await written(request, act)


@writes(
    "/meeting-templates/{template_id:uuid}/meetings",
    Right.PREPARE,
    N_("Schedule a meeting from a template"),
    TAG,
    status=201,
)
async def post_meeting(
    request: ApiRequest, template_id: FromPath[UUID], data: JSONBody[FromTemplate]
) -> Response[Meeting]:
    """A draft with title, times, place, agenda, motions and guests."""

    async def act(work: Work) -> Meeting:
        row = await open_template(work, request.actor, template_id)
        body = await work.get(tables.Body, row.body_id)
        starts = local_text(data.starts, body.timezone)
        return shape(await schedule_from_template(work, request.actor, template_id, starts=starts))

    return await written(request, act, status=201)


@writes(
    "/meetings/{meeting_id:uuid}/template",
    Right.PREPARE,
    N_("Save a meeting as a template"),
    TAG,
    status=201,
)
async def post_saved(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[TemplateName]
) -> Response[Template]:
    """Nothing that happened in it."""

    async def act(work: Work) -> Template:
        return await _template(work, await save_as_template(work, request.actor, meeting_id, name=data.name))

    return await written(request, act, status=201)


@writes("/meetings/{meeting_id:uuid}/copy", Right.PREPARE, N_("Copy a meeting"), TAG, status=201)
async def post_copy(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Copy]
) -> Response[Meeting]:
    """A new draft with its agenda and guests."""

    async def act(work: Work) -> Meeting:
        zone = (await open_source(work, request.actor, meeting_id)).timezone
        copy = await copy_meeting(
            work, request.actor, meeting_id, starts=local_text(data.starts, zone), title=data.title,
            ends=local_text(data.ends, zone, "ends") if data.ends else None, papers=data.papers,
        )  # fmt: skip
        return shape(copy)

    return await written(request, act, status=201)


async def _template(reading: Reading, row: tables.MeetingTemplate) -> Template:
    return template_shape(row, await agenda_of_template(reading, row.id))


handlers = [
    list_templates,
    post_template,
    get_template,
    put_template,
    post_remove,
    post_meeting,
    post_saved,
    post_copy,
]
