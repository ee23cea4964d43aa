"""Replies to the notice, guests without an account, and how one is told."""

from datetime import datetime
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings import language
from meetings.api.contract import Answer, ApiRequest, Asked, Line, Prose, Short, reads, writes
from meetings.api.repeats import written
from meetings.before.guests import Invited, guests_of, invite_guests, withdraw_guest, write_again
from meetings.before.notice import last_notice
from meetings.before.notice_document import notice_for
from meetings.before.reminding import remind_missing
from meetings.before.replies import decide_substitute, replies_of, reply
from meetings.before.scheduling import open_to
from meetings.council.telling_choices import (
    add_push_address,
    choice_of,
    choose_telling,
    mark_read,
    news_of,
    remove_push_address,
)
from meetings.exchange.letters import written_facts
from meetings.language import N_
from meetings.pdf.notice import render
from meetings.pdf.workers import in_worker
from meetings.rules.permissions import Right, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Notice and replies")


class ReplyWanted(Asked):
    """`answer` is `accept`, `decline` or `substitute`; the last two need a reason. Without `member`: one's own."""

    answer: Short
    reason: Prose = ""
    substitute: UUID | None = None
    member: UUID | None = None


class Reply(Answer):
    """`answer` is empty while none was given; `letter` is `sent`, `waiting`, `refused` or `none`."""

    id: UUID
    member: UUID
    name: str
    answer: str
    reason: str
    substitute_name: str
    substitute_state: str
    answered_at: datetime | None
    letter: str
    error: str


class OwnReply(Answer):
    id: UUID
    answer: str
    reason: str
    substitute: UUID | None
    substitute_state: str


class Notice(Answer):
    """The newest notice: `kind` is `call`, `change` or `cancel`; `changes` gives what was and what is."""

    sequence: int
    kind: str
    at: datetime
    changes: dict[str, list[str]]


class Replies(Answer):
    notice: Notice | None
    replies: list[Reply]


class Decision(Asked):
    agree: bool


class GuestWanted(Asked):
    name: Line
    post: Line = ""
    email: Line = ""


class GuestsWanted(Asked):
    """Without `item`: to the whole meeting. Who is invited to an item sees nothing else of the agenda."""

    guests: list[GuestWanted]
    item: UUID | None = None
    group: Line = ""


class Guest(Answer):
    id: UUID
    name: str
    post: str
    email: str
    group: str
    number: str
    answer: str
    reason: str
    opened: bool
    letter: str


class Guests(Answer):
    guests: list[Guest]


class News(Answer):
    id: UUID
    at: datetime
    text: str
    link: str
    read: bool


class NewsList(Answer):
    items: list[News]


class Telling(Answer):
    quiet_from: str
    quiet_until: str
    digest: bool
    digest_at: str


class TellingWanted(Asked):
    """Times as `22:00` on the clock of the house; quiet hours need both or neither."""

    quiet_from: Short = ""
    quiet_until: Short = ""
    digest: bool = False
    digest_at: Short = "07:00"


class PushWanted(Asked):
    endpoint: Prose
    p256dh: Line
    auth: Line


class PushEnded(Asked):
    endpoint: Prose


class Done(Answer):
    done: bool = True


@reads("/meetings/{meeting_id:uuid}/replies", Right.ATTEND, N_("Read who comes"), TAG)
async def get_replies(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Replies]:
    """For those who prepare or run the meeting: every member's reply and what became of the letter."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting_id)
        must_be_insider(request.actor, held.body_id)
        return Response(await _replies(reading, meeting_id))


@writes("/meetings/{meeting_id:uuid}/reply", Right.ATTEND, N_("Reply to the notice"), TAG)
async def post_reply(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[ReplyWanted]
) -> Response[OwnReply]:
    """For oneself; a secretary enters with `member` what that member said."""

    async def act(work: Work) -> OwnReply:
        row = await reply(
            work, request.actor, meeting_id, answer=data.answer, reason=data.reason, substitute=data.substitute,
            member=data.member,
        )  # fmt: skip
        return _own(row)

    return await written(request, act)


@writes("/replies/{reply_id:uuid}/substitute", Right.RUN_ROOM, N_("Decide on a substitute"), TAG)
async def post_substitute_decision(
    request: ApiRequest, reply_id: FromPath[UUID], data: JSONBody[Decision]
) -> Response[OwnReply]:
    """Who is agreed to sits and votes in the member's seat."""

    async def act(work: Work) -> OwnReply:
        row = await work.get(tables.Reply, reply_id)
        await open_to(work, request.actor, row.meeting_id)
        return _own(await decide_substitute(work, request.actor, reply_id, agree=data.agree))

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/replies/remind", Right.PREPARE, N_("Ask again who has not replied"), TAG)
async def post_remind(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Replies]:
    """Each of them gets a message and a letter."""

    async def act(work: Work) -> Replies:
        await open_to(work, request.actor, meeting_id)
        await remind_missing(work, request.actor, meeting_id)
        return await _replies(work, meeting_id)

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/notice.pdf", Right.ATTEND, N_("Download the notice as a document"), TAG,
    media_type="application/pdf",
)  # fmt: skip
async def get_notice(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[bytes]:
    """Form 1.7, addressed to the reader, with the items that the reader sees."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting_id)
        document = await notice_for(reading, request.actor, held)
    headers = {"cache-control": "no-store", "content-disposition": 'inline; filename="notice.pdf"'}
    return Response(await in_worker(render, document), media_type="application/pdf", headers=headers)


@reads("/meetings/{meeting_id:uuid}/guests", Right.ATTEND, N_("Read the guests of a meeting"), TAG)
async def get_guests(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Guests]:
    """For those who prepare or run the meeting."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting_id)
        must_be_insider(request.actor, held.body_id)
        return Response(await _guests(reading, meeting_id))


@writes("/meetings/{meeting_id:uuid}/guests", Right.PREPARE, N_("Invite guests"), TAG, status=201)
async def post_guests(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[GuestsWanted]
) -> Response[Guests]:
    """Without an account: a letter's link opens once and shows the own item."""
    invited = [Invited(one.name, one.post, one.email) for one in data.guests]

    async def act(work: Work) -> Guests:
        await open_to(work, request.actor, meeting_id)
        await invite_guests(work, request.actor, meeting_id, invited, item=data.item, group=data.group)
        return await _guests(work, meeting_id)

    return await written(request, act, status=201)


@writes("/guests/{guest_id:uuid}/withdraw", Right.PREPARE, N_("No longer invite a guest"), TAG)
async def post_guest_withdraw(request: ApiRequest, guest_id: FromPath[UUID]) -> Response[Guests]:
    """The link and an open page end at once."""

    async def act(work: Work) -> Guests:
        await open_to(work, request.actor, (await work.get(tables.Guest, guest_id)).meeting_id)
        return await _guests(work, (await withdraw_guest(work, request.actor, guest_id)).meeting_id)

    return await written(request, act)


@writes("/guests/{guest_id:uuid}/write", Right.PREPARE, N_("Send a guest a new letter"), TAG)
async def post_guest_write(request: ApiRequest, guest_id: FromPath[UUID]) -> Response[Guests]:
    """The link of the letter before ends."""

    async def act(work: Work) -> Guests:
        await open_to(work, request.actor, (await work.get(tables.Guest, guest_id)).meeting_id)
        return await _guests(work, (await write_again(work, request.actor, guest_id)).meeting_id)

    return await written(request, act)


@reads("/notifications", Right.SIGNED_IN, N_("Read one’s messages"), TAG)
async def get_notifications(request: ApiRequest) -> Response[NewsList]:
    """The newest hundred, in the reader's language."""
    async with request.house.store.reading() as reading:
        rows = await news_of(reading, request.actor.person)
    items = [
        News(
            id=row.id, at=row.at, text=language.text(row.message, **written_facts(row.facts)), link=row.link,
            read=row.read_at is not None,
        )
        for row in rows
    ]  # fmt: skip
    return Response(NewsList(items=items))


@writes("/notifications/read", Right.SIGNED_IN, N_("Mark one’s messages as read"), TAG)
async def post_notifications_read(request: ApiRequest) -> Response[Done]:
    """All of them."""

    async def act(work: Work) -> Done:
        await mark_read(work, request.actor)
        return Done()

    return await written(request, act)


@reads("/telling", Right.SIGNED_IN, N_("Read how one is told"), TAG)
async def get_telling(request: ApiRequest) -> Response[Telling]:
    """Quiet hours and the daily letter."""
    async with request.house.store.reading() as reading:
        return Response(_telling(await choice_of(reading, request.actor.person)))


@writes("/telling", Right.SIGNED_IN, N_("Choose how one is told"), TAG, method="put")
async def put_telling(request: ApiRequest, data: JSONBody[TellingWanted]) -> Response[Telling]:
    """Notices of meetings come by mail at once all the same."""

    async def act(work: Work) -> Telling:
        kept = await choose_telling(
            work, request.actor, quiet_from=data.quiet_from, quiet_until=data.quiet_until, digest=data.digest,
            digest_at=data.digest_at,
        )  # fmt: skip
        return _telling(kept)

    return await written(request, act)


@writes("/push-addresses", Right.SIGNED_IN, N_("Take push messages"), TAG, status=201)
async def post_push_address(request: ApiRequest, data: JSONBody[PushWanted]) -> Response[Done]:
    """A subscription as a browser gives it; other services than those of `MEETINGS_PUSH_HOSTS` are refused."""
    hosts = request.house.settings.push_hosts
    if not hosts:
        raise Refused("push-off")

    async def act(work: Work) -> Done:
        await add_push_address(
            work, request.actor, endpoint=data.endpoint, p256dh=data.p256dh, auth=data.auth, hosts=hosts
        )
        return Done()

    return await written(request, act, status=201)


@writes("/push-addresses/end", Right.SIGNED_IN, N_("Take no more push messages"), TAG)
async def post_push_address_end(request: ApiRequest, data: JSONBody[PushEnded]) -> Response[Done]:
    """Of one browser of one's own."""

    async def act(work: Work) -> Done:
        await remove_push_address(work, request.actor, endpoint=data.endpoint)
        return Done()

    return await written(request, act)


def _own(row: tables.Reply) -> OwnReply:
    return OwnReply(
        id=row.id, answer=row.answer, reason=row.reason, substitute=row.substitute_id,
        substitute_state=row.substitute_state,
    )  # fmt: skip


def _telling(kept: tables.TellingChoice) -> Telling:
    return Telling(
        quiet_from=kept.quiet_from, quiet_until=kept.quiet_until, digest=kept.digest, digest_at=kept.digest_at
    )


async def _replies(reading: Reading, meeting: UUID) -> Replies:
    kept = await last_notice(reading, meeting)
    notice = (
        Notice(sequence=kept.sequence, kind=kept.kind, at=kept.at, changes=kept.changes) if kept else None
    )
    rows = [
        Reply(
            id=one.id, member=one.person, name=one.name, answer=one.answer, reason=one.reason,
            substitute_name=one.substitute, substitute_state=one.substitute_state, answered_at=one.answered_at,
            letter=one.letter.state, error=one.letter.error,
        )
        for one in await replies_of(reading, meeting)
    ]  # fmt: skip
    return Replies(notice=notice, replies=rows)


async def _guests(reading: Reading, meeting: UUID) -> Guests:
    rows = [
        Guest(
            id=one.id, name=one.name, post=one.post, email=one.email, group=one.group, number=one.number,
            answer=one.answer, reason=one.reason, opened=one.opened, letter=one.letter.state,
        )
        for one in await guests_of(reading, meeting)
    ]  # fmt: skip
    return Guests(guests=rows)


handlers = [
    get_replies, post_reply, post_substitute_decision, post_remind, get_notice, get_guests, post_guests,
    post_guest_withdraw, post_guest_write, get_notifications, post_notifications_read, get_telling, put_telling,
    post_push_address, post_push_address_end,
]  # fmt: skip
