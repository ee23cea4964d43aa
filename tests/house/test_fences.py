"""The sentences of docs/house.md that import-linter cannot carry."""

from __future__ import annotations

import ast
import re
import sys

from tests.house.source import ROOT, modules

LINES_AT_MOST = 400
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "base", "common", "misc", "manager", "managers", "tools"}

# A rule that needs one of these gets it as an argument.
UNSTEADY_MODULES = {
    "asyncio", "glob", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3",
    "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
UNSTEADY_METHODS = {"now", "utcnow", "today", "uuid1", "uuid4", "getenv", "read_text", "read_bytes"}
UNSTEADY_FUNCTIONS = {"open", "print", "input", "uuid1", "uuid4", "eval", "exec"}


def test_only_the_relay_emits() -> None:
    found = [
        module.at(call)
        for module in modules()
        if module.name not in ("realtime/relay.py", "realtime/frames.py")
        for call in module.method_calls("emit")
    ]
    assert not found, "only realtime/relay.py sends to clients, over the manager in realtime/frames.py"


def test_only_storage_commits() -> None:
    found = [
        module.at(call)
        for module in modules()
        if not module.name.startswith("storage/")
        for call in module.method_calls("commit")
    ]
    assert not found, "only storage/ ends a transaction"


def test_rules_import_only_the_standard_library_and_each_other() -> None:
    found = [
        f"{module.at(node)} {name}"
        for module in modules("rules")
        for node, name in module.imports()
        if not name.startswith("meetings.rules") and name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert not found


def test_rules_know_no_clock_no_chance_and_no_outside() -> None:
    found: list[str] = []
    for module in modules("rules"):
        found += [
            f"{module.at(node)} {name}"
            for node, name in module.imports()
            if name.partition(".")[0] in UNSTEADY_MODULES or name in {"uuid.uuid4", "uuid.uuid1"}
        ]
        for method in UNSTEADY_METHODS:
            found += [f"{module.at(call)} .{method}()" for call in module.method_calls(method)]
        found += [
            f"{module.at(node)} {node.func.id}()"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in UNSTEADY_FUNCTIONS
        ]
        found += [
            f"{module.at(node)} async"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.AsyncFunctionDef)
        ]
    assert not found, "time, ids and bytes come into rules/ as arguments"


def test_majorities_are_never_floats() -> None:
    found = [
        f"{module.at(node)}"
        for module in modules("rules")
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]
    assert not found, "Fraction and whole numbers only"


def test_handlers_can_be_resolved_at_run_time() -> None:
    found = [
        f"{module.at(node)} {name}"
        for folder in ("web", "api")
        for module in modules(folder)
        for node, name in module.imports()
        if name in {"__future__.annotations", "typing.TYPE_CHECKING"}
    ]
    assert not found, "Litestar reads annotations while the program runs"


def test_modules_are_named_after_what_happens_in_them() -> None:
    found = [module.name for module in modules() if module.path.stem.lower() in VAGUE_NAMES]
    assert not found


def test_modules_stay_readable() -> None:
    lengths = {module.name: module.text.count("\n") for module in modules()}
    assert not {name: length for name, length in lengths.items() if length > LINES_AT_MOST}


def test_every_module_says_what_it_is() -> None:
    found = [
        module.name for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX)\b")
    files = [
        path
        for pattern in ("src/**/*.py", "tests/**/*.py", "static/[!v]*/*", "templates/**/*.html")
        for path in ROOT.glob(pattern)
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in files
        if path.name != "test_fences.py" and later.search(path.read_text("utf-8"))
    ]
    assert not found
