"""Files that a form carries: those of the request, and those that came before it in pieces."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from litestar.datastructures import UploadFile

from meetings.before.papers import Checked
from meetings.before.resumable import Purpose, end_upload, own_upload, whole_file
from meetings.before.uploads import FILES_AT_ONCE, take_in
from meetings.rules.file_names import file_name
from meetings.rules.refusals import Refused
from meetings.web.errors import sentence
from meetings.web.request import MeetingsRequest, uuid_of

IN_PIECES = "uploaded"
"""The field in which the browser names the uploads that stand for files."""
Lay = Callable[[Checked], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a form by its name: its bytes are in the request, or in the pieces of an upload."""

    name: str
    source: UploadFile | UUID


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that was not laid, and why."""

    name: str
    refusal: Refused

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return sentence(self.refusal)


async def files_of(request: MeetingsRequest, field: str) -> list[Sent]:
    """The files of a form, at most `FILES_AT_ONCE` (`papers-many`), at least one (`field-missing`).

    An empty file input sends one without a name.
    """
    form = await request.form()
    files = [
        Sent(file_name(file.filename), file)
        for file in form.getall(field, [])
        if isinstance(file, UploadFile) and file.filename
    ]
    async with request.house.store.reading() as reading:
        for named in form.getall(IN_PIECES, []):
            upload = await own_upload(reading, request.actor, uuid_of(str(named)))
            files.append(Sent(upload.filename, upload.id))
    if not files:
        raise Refused("field-missing", field=field)
    if len(files) > FILES_AT_ONCE:
        raise Refused("papers-many", limit=FILES_AT_ONCE)
    return files


async def lay_each(
    request: MeetingsRequest, files: Sequence[Sent], purpose: Purpose, target: UUID, lay: Lay
) -> list[NotTaken]:
    """Take in and lay one file after the other; those that were refused, each with its reason. The others are laid."""
    refused: list[NotTaken] = []
    for file in files:
        try:
            name, content = await _bytes_of(request, file, purpose, target)
            await lay(await take_in(request.house.store, name, content))
        except Refused as refusal:
            refused.append(NotTaken(file.name, refusal))
        if isinstance(file.source, UUID):
            with suppress(Refused):  # it expired in the meantime
                await end_upload(request.house.store, request.actor, file.source)
    return refused


async def _bytes_of(
    request: MeetingsRequest, file: Sent, purpose: Purpose, target: UUID
) -> tuple[str, bytes]:
    if isinstance(file.source, UUID):
        return await whole_file(request.house.store, request.actor, file.source, purpose, target)
    return file.name, await file.source.read()
