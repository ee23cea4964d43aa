"""The program's own source, as the fence tests read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "meetings"


@dataclass(frozen=True)
class Module:
    """One Python file, named by its path below src/meetings."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"

    def method_calls(self, method: str) -> Iterator[ast.Call]:
        """Calls of `anything.method(…)`."""
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
            ):
                yield node

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every imported name in full: `datetime.datetime`, `meetings.rules.roll`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def modules(folder: str = "") -> list[Module]:
    return [Module(path) for path in sorted((PACKAGE / folder).rglob("*.py"))]
