"""A part of the story by the interface alone: the seating plan of the room, and opening the meeting to the public."""

from __future__ import annotations

from tests.api.conftest import House


async def set_up_the_room(house: House, meeting: str) -> None:
    """The plan is drawn by the secretary, seen by whoever attends; anybody may follow the meeting."""
    address = f"/bodies/{house.council.body}/seating"
    assert await house.refused("secretary", "GET", address, params={"place": "Hội trường"}) == "not-found"
    seat = {"id": "a", "x": 100, "y": 100, "label": "1", "person": str(house.council["delegate01"].person)}
    door = {"kind": "door", "x": 0, "y": 0, "w": 60, "h": 20, "label": ""}
    plan = {"width": 400, "height": 300, "places": [seat, {"id": "b", "x": 200, "y": 100, "label": "2"}]}
    sent = {"place": "Hội trường", "plan": plan | {"furniture": [door]}}
    assert await house.refused("chair", "PUT", address, sent) == "forbidden"
    drawn = await house.good("secretary", "PUT", address, sent)
    assert drawn["plan"] == plan | {"furniture": [door]}
    assert await house.good("observer", "GET", address, params={"place": "Hội trường"}) == drawn
    assert await house.refused("officer", "GET", address, params={"place": "Hội trường"}) == "not-found"
    crowded = {"place": "", "plan": plan | {"places": [seat, seat | {"id": "b", "person": None}]}}
    assert await house.refused("secretary", "PUT", address, crowded) == "places-overlap"

    assert (await house.client.get(f"/public/{meeting}")).status_code == 404
    opened = await house.good("secretary", "PUT", f"/meetings/{meeting}/public", {"public": True})
    assert opened == {"meeting": meeting, "public": True}
    assert (await house.client.get(f"/public/{meeting}")).status_code == 200
