"""The demo: what it tells, what lives in it, and that everything in it stands up to checking."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx

from tests.support import programs
from tests.support.processes import free_port
from tests.support.programs import COMMAND, Server


def _command(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"MEETINGS_DATA_DIR": str(house), "PATH": "/usr/bin:/bin"}
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, env=environment)


def _client(server: Server, role: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{server.url}/api/v1", headers={"authorization": f"Bearer {server.account(role)['token']}"}
    )


def test_it_tells_an_account_of_every_role_and_its_meetings(demo: Server) -> None:
    told = demo.demo
    assert told["url"] == demo.url
    roles = [account["role"] for account in told["accounts"]]
    assert {role: roles.count(role) for role in set(roles)} == {
        "delegate": 49, "secretary": 1, "chair": 1, "agency": 6, "administrator": 1, "observer": 1,
    }  # fmt: skip
    assert all(
        account.keys() == {"role", "name", "login", "password", "token"} for account in told["accounts"]
    )
    states = [meeting["state"] for meeting in told["meetings"]]
    assert states[:3] == ["adjourned", "in_session", "published"], "the story itself, then what is planned"
    assert set(states[3:]) <= {"published", "draft"}
    assert next(body for body in told["bodies"] if body["kind"] == "council")["seats"] == 50


def test_the_running_meeting_is_quorate_and_waits_for_a_vote(demo: Server) -> None:
    running = next(meeting for meeting in demo.demo["meetings"] if meeting["state"] == "in_session")
    with _client(demo, "delegate") as client:
        items = client.get(f"/meetings/{running['id']}/items").json()["items"]
        attendance = client.get(f"/meetings/{running['id']}/attendance").json()
    assert [item["state"] for item in items] == ["concluded", "concluded", "taken_up", "planned", "planned"]
    assert attendance["quorum"] == {"present": 40, "needed": 34, "base": 50, "met": True}


def test_tasks_are_on_time_late_and_done(demo: Server) -> None:
    with _client(demo, "secretary") as client:
        tasks = client.get("/tasks").json()["items"]
        resolutions = client.get("/resolutions").json()["items"]
    assert len(tasks) == 6
    assert {"verified", "reported", "in_progress", "assigned"} <= {task["state"] for task in tasks}
    assert sorted(one["symbol"] for one in resolutions) == ["01/NQ-HĐND", "02/NQ-HĐND"]


def test_its_chains_are_intact_and_its_minutes_signed(demo: Server, tmp_path: Path) -> None:
    house = demo.data / "house"
    checked = _command(house, "journal", "verify")
    assert checked.returncode == 0, checked.stderr
    with _client(demo, "secretary") as client:
        held = client.get("/meetings?limit=200").json()["items"]
    assert checked.stdout.count("intact") == len(held) + 1, "each meeting, drafts too, and the house"
    past = next(meeting for meeting in demo.demo["meetings"] if meeting["state"] == "adjourned")
    minutes = tmp_path / "minutes.pdf"
    with _client(demo, "delegate") as client:
        minutes.write_bytes(client.get(f"/meetings/{past['id']}/minutes.pdf").content)
    report = json.loads(_command(house, "verify", str(minutes), "--json").stdout)
    assert report["ok"]
    assert [one["field"] for one in report["signatures"]] == ["Secretary", "Chair"]


async def test_a_kept_demo_is_not_filled_again(tmp_path: Path) -> None:
    first = await programs.demo(tmp_path)
    before = (tmp_path / "house" / "demo-filled").stat().st_mtime_ns
    first.stop()
    second = await programs.demo(tmp_path)
    try:
        assert (tmp_path / "house" / "demo-filled").stat().st_mtime_ns == before
        assert [m["id"] for m in second.demo["meetings"]] == [m["id"] for m in first.demo["meetings"]]
        assert "holding" not in second.running.log_text().rsplit("{", 1)[-1]
    finally:
        second.stop()


def test_committees_and_board_have_their_members(demo: Server) -> None:
    with _client(demo, "administrator") as client:
        seats = {
            body["name"]: (
                body["seats"],
                len(client.get(f"/memberships?body={body['id']}&limit=100").json()["items"]),
            )
            for body in demo.demo["bodies"]
        }
    assert len(seats) == 7
    assert all(seats == members for seats, members in seats.values())


def test_a_folder_of_another_house_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "meetings.sqlite3").write_bytes(b"a real council")
    refused = _command(tmp_path, "demo", "--port", str(free_port()), "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "holds a database that is no finished demo" in refused.stderr
    assert (tmp_path / "meetings.sqlite3").read_bytes() == b"a real council"


def test_a_port_in_use_is_said_before_anything_is_made(demo: Server, tmp_path: Path) -> None:
    house = tmp_path / "house"
    refused = _command(house, "demo", "--port", demo.url.rpartition(":")[2], "--data", str(house))
    assert (refused.returncode, house.exists()) == (1, False)
    assert "choose another one with --port" in refused.stderr
