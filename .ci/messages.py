"""Collects the texts of code and templates into the catalogues, or checks that they are complete.

    messages.py                    update src/meetings/locale/{vi,en}/LC_MESSAGES/meetings.po
    messages.py --merge FILE.po …  the same, taking Vietnamese for empty entries from other catalogues
    messages.py --check            exit 1 and name every text without translation, or with other {facts}

Message ids are English, so the English catalogue repeats them. The rules know no catalogue and mark nothing:
their texts are the public tables from code to sentence, and the labels of the choices. Run it through
`make messages`.
"""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from meetings import rules
from meetings.rules.majority import PRESETS

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "meetings" / "locale"
LANGUAGES = ("vi", "en")
NAMES = {"vi": "Vietnamese", "en": "English"}
MARKS = {"N_", "gettext", "text"}
PAIRS = {"ngettext", "plural"}
# As meetings.web.render reads them, or multi-line texts would differ.
JINJA = {"**": {"encoding": "utf-8", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def collected() -> Catalog:
    """Every marked text, with the places where it stands."""
    catalog = Catalog(project="Meetings", charset="utf-8")
    for file in sorted((ROOT / "src" / "meetings").rglob("*.py")):
        for line, message in python_texts(file):
            catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), line)])
    methods = [("**.html", "jinja2"), ("**.txt", "jinja2")]
    for found in extract_from_dir(ROOT / "templates", methods, JINJA, {"_": None, "ngettext": (1, 2)}):
        name, line, message, _, context = found
        catalog.add(message, locations=[(f"templates/{name}", line)], context=context)
    for place, text in rule_texts():
        catalog.add(text, locations=[(place, 1)])
    return catalog


def python_texts(file: Path) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """Literal first arguments of what comes from meetings.language: `N_("…")`, `language.text("…")`."""
    tree = ast.parse(file.read_text("utf-8"), file.name)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "meetings.language"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in imported:
                pass
            case ast.Attribute(value=ast.Name(id="language"), attr=name):
                pass
            case _:
                continue
        match node.args:
            case [ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_] if name in PAIRS:
                yield node.lineno, (one, many)
            case [ast.Constant(value=str(one)), *_] if name in MARKS:
                yield node.lineno, one


def rule_texts() -> Iterator[tuple[str, str]]:
    for found in pkgutil.iter_modules(rules.__path__):
        place = f"src/meetings/rules/{found.name}.py"
        for name, table in vars(importlib.import_module(f"{rules.__name__}.{found.name}")).items():
            if name.isupper() and not name.startswith("_") and isinstance(table, Mapping):
                yield from ((place, text) for text in table.values() if isinstance(text, str) and text)
    for rule in PRESETS.values():
        yield from (("src/meetings/rules/majority.py", choice.label) for choice in rule.choices)


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "meetings.po"


def read(file: Path, language: str) -> Catalog:
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as handle:
        return read_po(handle, locale=language)


def update(merged: list[Path]) -> None:
    template = collected()
    for language in LANGUAGES:
        known = read(path(language), language)
        others = [read(file, language) for file in merged] if language == "vi" else []
        fresh = Catalog(locale=language, project="Meetings", charset="utf-8")
        fresh.header_comment = f"# {NAMES[language]} texts of Meetings."
        for message in sorted(real(template), key=text_of):
            translation = translated(message, language, [known, *others])
            fresh.add(message.id, translation, context=message.context)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        with path(language).open("wb") as handle:
            write_po(handle, fresh, width=110, omit_header=False, sort_output=False)
        settle_header(path(language))
        print(f"  {language}: {len(list(real(fresh)))} texts, {len(missing(fresh))} without translation")


def translated(message: Message, language: str, catalogs: list[Catalog]) -> str | tuple[str, ...]:
    for catalog in catalogs:
        found = catalog.get(message.id, message.context)
        fits = found and (not message.pluralizable or isinstance(found.string, tuple))
        if found and fits and not found.fuzzy and complete(found):
            return found.string
    if language == "en":
        return message.id
    return ("",) if message.pluralizable else ""


def settle_header(file: Path) -> None:
    """Dates and version numbers of tools would make every run a change."""
    kept = [
        line
        for line in file.read_text("utf-8").splitlines(keepends=True)
        if not re.match(
            r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Project-Id-Version|Report-Msgid)',
            line,
        )
        and line.rstrip() not in ("#", "#, fuzzy")
    ]
    file.write_text("".join(kept), "utf-8")


def real(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def text_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(strings) and all(strings)


def missing(catalog: Catalog) -> list[Message]:
    return [message for message in real(catalog) if message.fuzzy or not complete(message)]


def facts(text: object) -> set[str]:
    """The placeholders of a text: `{name}` and `%(name)s`."""
    parts = text if isinstance(text, tuple | list) else (text,)
    return {
        found
        for part in parts
        for found in re.findall(r"\{(\w+)|%\((\w+)\)", str(part))
        for found in found
        if found
    }


def check() -> int:
    problems: list[str] = []
    template = collected()
    for language in LANGUAGES:
        catalog = read(path(language), language)
        for wanted in real(template):
            message = catalog.get(wanted.id, wanted.context)
            text = text_of(wanted)
            place = "{}:{}".format(*wanted.locations[0])
            if message is None or message.fuzzy or not complete(message):
                problems.append(f"{language}: no translation of {text!r} ({place})")
            elif facts(message.string) - facts(wanted.id):
                problems.append(f"{language}: {text!r} has other facts in its translation ({place})")
        known = {text_of(message) for message in real(template)}
        unused = [text_of(message) for message in real(catalog) if text_of(message) not in known]
        problems += [f"{language}: {text!r} is no longer used" for text in unused]
    print("\n".join(problems[:60]))
    if problems:
        print(f"{len(problems)} texts to mend: `make messages` collects them, then translate the empty ones.")
    return 1 if problems else 0


def main() -> int:
    arguments = sys.argv[1:]
    if arguments == ["--check"]:
        return check()
    if arguments and arguments[0] != "--merge":
        sys.exit(__doc__)
    update([Path(name) for name in arguments[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
