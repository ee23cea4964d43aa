"""The page that is shown to everyone reaches the sockets without moving the stage, and survives a reconnect."""

from __future__ import annotations

from meetings.before.papers import Checked, lay_paper
from meetings.during.paging import follow_page, stop_paging
from tests.realtime.conftest import Live
from tests.support.council import begin_sitting

FILE = Checked(filename="to-trinh.pdf", sha256="a" * 64, size=1200, pages=9)


async def test_a_page_is_told_repeated_and_part_of_the_snapshot(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    chair = live.council["chair"]
    async with live.store.work() as work:
        paper = (await lay_paper(work, live.council["secretary"], sitting.item, FILE)).paper_id
    follower = await live.follower("delegate01")
    before = await follower.enter(sitting.meeting)
    assert before["follow"] is None

    async def show(page: int | None) -> None:
        async with live.store.work() as work:
            held = (
                await follow_page(work, chair, sitting.meeting, paper, page)
                if page
                else await stop_paging(work, chair, sitting.meeting)
            )
        await live.realtime.relay.paged(held)

    for page in (7, 8):
        await show(page)
    shown = {"paper": str(paper), "page": 8, "by": str(chair.person)}
    await follower.until(lambda one: len(one.heard("follow")) == 2)
    assert follower.heard("follow")[-1] == {"meeting": str(sitting.meeting), "follow": shown}
    late = await live.follower("delegate02")
    after = await late.enter(sitting.meeting)
    assert (after["follow"], after["seq"]) == (shown, before["seq"])
    await late.until(lambda one: any(head.get("follow") == shown for head in one.heard("head")))
    assert not follower.heard("changed")
    await show(None)
    await follower.until(lambda one: len(one.heard("follow")) == 3)
    assert follower.heard("follow")[-1]["follow"] is None
    assert (await late.enter(sitting.meeting))["follow"] is None
