"""Packets that no client of ours sends: a server answers each with a refusal or an answer, and counts what is a ballot.

Two thousand of them, mutated from good ones by a seed. "busy" would be a failure of ours that was caught too late.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meetings.during import voting
from meetings.storage.tables import Ballot, Poll, SecretBallot
from tests.realtime.conftest import Follower, Live
from tests.support.council import begin_sitting

PACKETS = 2_000
AT_ONCE = 40
FORM = {"options": [{"id": name, "label": f"Ông {name}"} for name in "ABC"], "places": 2}
CHOICES: dict[str, tuple[Any, ...]] = {
    "motion": ("yes", "no", "abstain"),
    "election": (["A"], ["A", "B"], []),
    "confidence": ({"A": "high"}, {"A": "low", "C": "medium"}, {}),
    "ranked": (["A", "B", "C"], ["C"]),
}
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53, 1.5, "", " ", "\x00", "yes\x00", "\ud7ff\U0001f5f3", "9" * 5_000, [], [[]], [None],
    [["A"], "A"], {}, {"": ""}, {"A": ["high"]}, {"A": {"A": "high"}}, "[]", "{", '{"A":"high"}', '["A","A"]', "null",
    "%s", "' OR 1=1 --", "../../etc/passwd", "{" + "}" * 50, str(uuid4()), "urn:uuid:" + str(uuid4()), b"\x00\x01",
)  # fmt: skip


def nested(depth: int) -> Any:
    value: Any = "A"
    for _ in range(depth):
        value = [value]
    return value


def mutated(packet: dict[str, Any], chance: Random) -> Any:
    """The packet with one to three things wrong."""
    changed: Any = dict(packet)
    for _ in range(chance.randint(1, 3)):
        if not isinstance(changed, dict) or not changed:
            return changed
        name = chance.choice(sorted(changed))
        value = changed[name]
        match chance.randrange(9):
            case 0:
                del changed[name]
            case 1 | 2:
                changed[name] = chance.choice(JUNK)
            case 3:
                changed[name] = [value] * chance.randint(1, 3)
            case 4:
                changed[name] = {str(value): value}
            case 5:
                changed[chance.choice(["for", "kind", "remote", "x" * 300, ""])] = chance.choice(JUNK)
            case 6 if isinstance(value, str) and value:
                at = chance.randrange(len(value))
                changed[name] = value[:at] + chance.choice("\x00'\"A-{é") + value[at + 1 :]
            case 7:
                changed[name] = nested(chance.choice([2, 50, 200]))
            case _:
                changed = chance.choice([changed, chance.choice(JUNK), [changed], {"data": changed}])
    return changed


async def polls(live: Live, item: UUID) -> list[Poll]:
    """An open poll of every kind, at the same time."""
    found: list[Poll] = []
    for kind in CHOICES:
        async with live.store.work() as work:
            how: dict[str, Any] = (
                {} if kind == "motion" else {"kind": kind, "form": FORM, "secret": kind != "confidence"}
            )
            poll = await voting.draft_poll(
                work, live.council["chair"], item, title=f"Biểu quyết {kind}", **how
            )
            await voting.open_poll(work, live.council["chair"], poll.id)
            poll.state = "annulled"  # for a moment: the next one may open
        found.append(poll)
    async with live.store.work() as work:
        for poll in found:
            (await work.locked(Poll, poll.id)).state = "open"
    return found


@pytest.mark.parametrize("seed", [1])
async def test_no_mutated_packet_breaks_anything_or_votes(live: Live, seed: int, caplog: Any) -> None:
    sitting = await begin_sitting(live.store, live.council)
    open_polls = await polls(live, sitting.item)
    logins = [f"delegate{number:02}" for number in range(1, 9)]
    people = [await live.follower(login) for login in [*logins, "observer", "stranger"]]
    chance = Random(seed)
    answers: list[tuple[str, Any, Any]] = []

    async def send(who: Follower, event: str, packet: Any) -> None:
        answers.append((event, packet, await who.ask(event, packet)))

    for _ in range(PACKETS // AT_ONCE):
        sending: list[Any] = []
        for _ in range(AT_ONCE):
            who, event = (
                chance.choice(people),
                chance.choice(["cast", "cast", "cast", "enter", "ask-to-speak"]),
            )
            poll = chance.choice(open_polls)
            good: dict[str, Any] = {
                "meeting": str(sitting.meeting),
                "kind": "speech",
                "stance": "for",
                "category": "",
            }
            if event == "cast":
                choice = chance.choice(CHOICES[poll.kind])
                good = {"poll": str(poll.id), "choice": choice, "key": str(UUID(int=chance.getrandbits(128)))}
            sending.append(send(who, event, mutated(good, chance)))
        await asyncio.gather(*sending)

    assert len(answers) == PACKETS
    for event, packet, answer in answers:
        assert isinstance(answer, dict), f"seed {seed}: {event} {packet!r} was answered {answer!r}"
        assert answer.get("refused") != "busy", f"seed {seed}: {event} {packet!r}"
    assert not [record for record in caplog.records if record.exc_info], "a handler failed"
    counted = [packet for event, packet, answer in answers if event == "cast" and answer.get("counted")]
    async with live.store.reading() as reading:
        named = (await reading.session.scalars(select(Ballot))).all()
        secret = (await reading.session.scalars(select(SecretBallot))).all()
    assert len(named) + len(secret) == len({(packet["poll"], packet["key"]) for packet in counted})
    assert {one.choice for one in named if one.poll_id == open_polls[0].id} <= set(CHOICES["motion"])
    assert counted, "now and then a mutation is a good ballot"
    fine = await people[0].enter(sitting.meeting)
    assert fine["meeting"]["id"] == str(sitting.meeting), "the others are not disturbed"
