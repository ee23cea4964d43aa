"""Templates keep to the strict content policy, parse, and name only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined, nodes

from meetings.resources import STATIC, TEMPLATES

FILES = sorted(TEMPLATES.rglob("*.html"))
ICONS = {
    line.partition("#")[0].strip() for line in (STATIC / "icons.txt").read_text("utf-8").splitlines()
} - {""}

FORBIDDEN = {
    "a script without a file": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"""[\s"']style\s*=\s*["'{]""", re.IGNORECASE),
    "an event attribute": re.compile(r"""[\s"']on[a-z]+\s*=\s*["'{]""", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "script inside htmx": re.compile(r"""hx-(on|vals=["']js:)""", re.IGNORECASE),
    "something from elsewhere": re.compile(
        r"""<(script|link|img|iframe|source)\b[^>]*(src|href)=["'](https?:)?//"""
    ),
    "a file address without its hash": re.compile(r"""(src|href)=["']/static/"""),
}


def environment() -> Environment:
    return Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], undefined=StrictUndefined, autoescape=True
    )


def named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_template_parses_and_needs_no_exception_from_the_policy(path: Path) -> None:
    source = path.read_text("utf-8")
    environment().parse(source, named(path))
    spoken = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(spoken)]
    assert not found


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_template_names_assets_and_icons_that_exist(path: Path) -> None:
    tree = environment().parse(path.read_text("utf-8"))
    missing = [
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "asset" and call.args
        if isinstance(call.args[0], nodes.Const) and not (STATIC / str(call.args[0].value)).is_file()
    ]
    icons = [
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in {"icon", "icon_button"} and call.args
        if isinstance(call.args[0], nodes.Const)
    ]
    icons += [
        keyword.value.value
        for keyword in tree.find_all(nodes.Keyword)
        if keyword.key == "icon" and isinstance(keyword.value, nodes.Const)
    ]
    assert not missing, "there is no such file in static/"
    assert not set(icons) - ICONS - {""}, "add the icon's name to static/icons.txt, then `make setup`"


def test_every_template_that_is_named_exists() -> None:
    missing: list[str] = []
    for path in FILES:
        tree = environment().parse(path.read_text("utf-8"))
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            template = node.template
            if isinstance(template, nodes.Const) and not (TEMPLATES / template.value).is_file():
                missing.append(f"{named(path)}:{node.lineno} {template.value}")
    assert not missing
