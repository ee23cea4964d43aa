"""docs/interface.md and the program say the same: commands, settings, routes, socket events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

from meetings.cli import main
from meetings.rules.majority import PRESETS
from meetings.settings import Settings
from tests.api.conftest import PREFIX, House
from tests.house.source import PACKAGE, ROOT


@pytest.fixture(scope="module")
def document() -> str:
    return (ROOT / "docs" / "interface.md").read_text("utf-8")


def _part(document: str, title: str) -> str:
    return document.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner, found in command.commands.items():
            yield from _commands(found, f"{name} {inner}")
    else:
        yield name


def test_every_command(document: str) -> None:
    told = re.findall(r"^\| `(meetings [a-z -]+)` \|", _part(document, "Command line"), re.MULTILINE)
    assert sorted(told) == sorted(_commands(main, "meetings"))


def test_every_option_that_is_named_exists(document: str) -> None:
    known: set[str] = set()
    commands: list[click.Command] = [main]
    while commands:
        command = commands.pop()
        known |= {option for one in command.params for option in one.opts}
        commands += command.commands.values() if isinstance(command, click.Group) else []
    named = set(re.findall(r"`(--[a-z-]+)", _part(document, "Command line")))
    assert named - {"--help"} <= known


def test_every_setting(document: str) -> None:
    told = set(re.findall(r"^\| `(MEETINGS_[A-Z_]+)` \|", _part(document, "Settings"), re.MULTILINE))
    assert told == {f"MEETINGS_{field.name.upper()}" for field in fields(Settings)}
    read = set(re.findall(r"MEETINGS_[A-Z_]+", (PACKAGE / "settings.py").read_text("utf-8")))
    assert told == read


async def test_every_route(document: str, house: House) -> None:
    part = _part(document, "HTTP API")
    told = {(m, re.sub(r"{\w+}", "{}", path)) for m, path in re.findall(r"`([A-Z]+) (/api/\S+)`", part)}
    program = {
        (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, item in house.app.openapi_schema.to_schema()["paths"].items()
        for method in item
    }
    assert all(path.startswith(PREFIX) for _, path in told)
    assert told == program


def test_every_preset(document: str) -> None:
    (line,) = (line for line in document.splitlines() if line.startswith("Presets: "))
    assert set(re.findall(r"`([^`]+)`", line)) == set(PRESETS)


async def test_every_socket_event(document: str, house: House) -> None:
    clients, server = _part(document, "Socket.IO").split("| server → client |")
    row = re.compile(r"^\| `([a-z-]+)` `", re.MULTILINE)
    assert set(row.findall(clients)) == set(house.app.state.house.realtime.events)
    emitted = set(
        re.findall(
            r'(?:emit|emit_here|_tell)\(\s*"([a-z]+)"', (PACKAGE / "realtime" / "relay.py").read_text("utf-8")
        )
    )
    assert set(row.findall(server)) == emitted
