"""Pages of templates, copies and series: a clerk's way from a template to a meeting and to a year of drafts."""

from __future__ import annotations

import re

from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of
from meetings.before.scheduling import publish_meeting
from meetings.storage.tables import Meeting, MeetingSeries, MeetingTemplate, TemplateItem
from tests.web.test_during_pages import HTMX, House, house, words

__all__ = ["house"]

HOME = "/meetings/templates"
FACTS = {
    "name": "Họp Ban hằng tháng", "title": "Phiên họp số {số} tháng {tháng}/{năm}", "kind": "regular",
    "begins": "08:30", "length": "90", "place": "Phòng 2", "guests": "Cụ Lão; Trưởng ban; lao@example.invalid",
}  # fmt: skip
SERIES = {
    "title": "Phiên họp số {số}", "date": "2031-03-12", "time": "08:00", "ends": "10:00", "every": "month-weekday",
    "interval": "1", "count": "3", "days_off": "skip", "place": "Phòng 2", "kind": "regular", "step": "look",
}  # fmt: skip


async def _template(house: House) -> tuple[str, dict[str, str]]:
    """A template with two items; its address, and the ids of the items by title."""
    body = str(house.council.body)
    await house.act("secretary", f"{HOME}/new", body=body, **FACTS)
    async with house.store.reading() as reading:
        template = (await reading.session.scalars(select(MeetingTemplate.id))).one()
    at = f"{HOME}/{template}"
    rule = {"motion-0-kind": "substantive", "motion-0-rule": "hdnd-resolution", "motion-0-title": ""}
    await house.act(
        "secretary", f"{at}/items", title="Xem xét", presenter="Trưởng phòng", minutes="30", **rule
    )
    await house.act("secretary", f"{at}/items", title="Bế mạc", guests="Bà Chuyên; Chuyên gia")
    async with house.store.reading() as reading:
        rows = await reading.session.execute(select(TemplateItem.title, TemplateItem.id))
        return at, {title: str(item) for title, item in rows}


async def _meetings(house: House) -> list[Meeting]:
    async with house.store.reading() as reading:
        return list((await reading.session.scalars(select(Meeting).order_by(Meeting.starts_at))).all())


async def test_a_template_is_written_arranged_and_used(house: House) -> None:
    at, items = await _template(house)
    page = await house.read("secretary", at)
    assert "Phiên họp số {số} tháng {tháng}/{năm}" in page
    assert "Trưởng phòng · 30 min · 1 motion · Council resolution: more than half of all seats" in page
    moved = await house.post("secretary", f"/template-items/{items['Bế mạc']}/move", HTMX, move="up")
    assert moved.text.index("Bế mạc") < moved.text.index("Xem xét")
    await house.act("secretary", f"/template-items/{items['Bế mạc']}/move", parent="", position="1")
    page = await house.read("secretary", f"{at}?item={items['Xem xét']}")
    assert "Item 1" in page
    edited = {"title": "Xem xét tờ trình", "minutes": "45", "visibility": "internal"}
    page = await house.act("secretary", f"/template-items/{items['Xem xét']}/edit", **edited)
    assert "45 min · Internal" in page
    assert "1 motion" not in page, "No motion was chosen"
    wrong = await house.post("secretary", f"{at}/items", None, title=" ", minutes="x", presenter="Bà A")
    assert wrong.status_code == 422
    assert 'value="Bà A"' in wrong.text
    form = (await house.get("secretary", f"/meetings/new?template={at.rpartition('/')[2]}")).text
    assert 'value="Phiên họp số {số} tháng {tháng}/{năm}"' in form
    assert 'value="10:00"' in form, "the end after the planned length"
    sent = {
        "template": at.rpartition("/")[2], "body": str(house.council.body), "date": "2031-03-12", "time": "08:30",
        "title": FACTS["title"], "ends": "10:00", "kind": "regular", "place": "Phòng 2", "public": "yes",
    }  # fmt: skip
    page = await house.act("secretary", "/meetings/new", **sent)
    assert "Xem xét tờ trình" in page
    (meeting,) = await _meetings(house)
    assert (meeting.title, meeting.public) == ("Phiên họp số 1 tháng 3/2031", True)
    async with house.store.reading() as reading:
        assert [one.title for one in await agenda_of(reading, meeting.id)] == ["Xem xét tờ trình", "Bế mạc"]
    await house.act("secretary", f"/template-items/{items['Bế mạc']}/remove")
    assert "No templates yet" in await house.act("secretary", f"{at}/remove")


async def test_a_meeting_is_saved_as_a_template_and_copied(house: House) -> None:
    at, _ = await _template(house)
    sent = {
        "template": at.rpartition("/")[2], "body": str(house.council.body), "date": "2031-03-12", "time": "08:30",
        "title": "Họp tháng 3", "kind": "regular",
    }  # fmt: skip
    await house.act("secretary", "/meetings/new", **sent)
    (meeting,) = await _meetings(house)
    page = await house.act("secretary", f"/meetings/{meeting.id}/template", name="Như tháng 3")
    assert "Xem xét" in page
    taken = await house.post("secretary", f"/meetings/{meeting.id}/template", None, name="Như tháng 3")
    assert "already" in words(taken.text)
    assert (
        f"/meetings/new?copy={meeting.id}" in (await house.get("secretary", f"/meetings/{meeting.id}")).text
    )
    assert "Copied from “Họp tháng 3”" in await house.read("secretary", f"/meetings/new?copy={meeting.id}")
    page = await house.act(
        "secretary", "/meetings/new", copy=str(meeting.id), body=str(house.council.body), title="Họp tháng 4",
        date="2031-04-09", time="14:00", papers="yes",
    )  # fmt: skip
    assert "Xem xét" in page
    assert [one.title for one in await _meetings(house)] == ["Họp tháng 3", "Họp tháng 4"]
    for who in ("delegate01", "delegate00", "foreign-secretary"):
        for address in (at, f"/meetings/new?copy={meeting.id}", f"/meetings/{meeting.id}/template"):
            assert (await house.get(who, address)).status_code in (403, 404)


async def test_the_days_of_a_series_are_seen_before_its_drafts_are_made(house: House) -> None:
    form = SERIES | {"body": str(house.council.body)}
    await house.act(
        "secretary", "/meetings/new", body=form["body"], title="Họp khác", date="2031-04-09", time="09:00"
    )
    seen = await house.post("secretary", "/meetings/series/new", None, **form)
    assert seen.status_code == 200
    text = words(seen.text)
    for said in ("Wednesday 12 March 2031", "Wednesday 9 April 2031", "Wednesday 14 May 2031", "Họp khác"):
        assert said in text
    shown = re.search(r'name="shown" value="([^"]*)"', seen.text)
    assert shown
    make = form | {"step": "make", "shown": shown[1], "take-2031-03-12": "yes", "take-2031-05-14": "yes"}
    other = await house.post("secretary", "/meetings/series/new", None, **make | {"count": "2"})
    assert (other.status_code, len(await _meetings(house))) == (200, 1), "other days are shown first"
    page = await house.act("secretary", "/meetings/series/new", **make)
    assert page.count("Draft") == 2
    first, _, last = await _meetings(house)
    async with house.store.reading() as reading:
        at = f"/meetings/series/{(await reading.session.scalars(select(MeetingSeries.id))).one()}"
    assert at in (await house.get("secretary", f"/meetings/{first.id}/edit")).text
    whole = (await house.get("secretary", at)).text
    assert "Every month on the second Wednesday, 3 meetings" in whole
    assert "<h1>Phiên họp số …</h1>" in re.sub(r"<h1[^>]*>", "<h1>", whole)
    async with house.store.work() as work:
        secretary = house.council["secretary"]
        await add_item(work, secretary, first.id, title="Khai mạc")
        await publish_meeting(work, secretary, first.id)
    await house.act(
        "secretary", f"{at}/change", since="2031-05-14", begins="14:00", title="Phiên họp số {số}"
    )
    wrong = await house.post("secretary", f"{at}/change", None, since="2032-01-01", begins="15:00")
    assert "No draft of this series is left" in words(wrong.text)
    await house.act("secretary", f"{at}/end", since="2031-05-14", reason="Hợp nhất")
    assert [(one.starts_local, one.state) for one in await _meetings(house)] == [
        ("2031-03-12T08:00", "published"), ("2031-04-09T09:00", "draft"), ("2031-05-14T14:00", "cancelled"),
    ]  # fmt: skip
    assert (await house.get("delegate01", f"/meetings/{last.id}")).status_code == 404
    for wrong_rule, said in (
        ({"count": "", "until": ""}, "Last day"),
        ({"date": ""}, "First day"),
        ({"time": "x"}, "Begins"),
    ):
        refused = await house.post("secretary", "/meetings/series/new", None, **form | wrong_rule)
        assert refused.status_code == 422
        assert said in words(refused.text)
