"""What an amendment changes, word by word, and whether it still fits once another one was adopted.

A difference is a sequence of pieces: what stays, what comes in, what goes out. Taken forwards it gives the new text,
taken backwards the old one. Two amendments fit together when they touch different sentences: whoever changes a sentence
has read it as it stood, so nobody's words are put into a sentence that somebody else has changed in the meantime.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"(?:\d+(?:[.,/]\d+)*|(?:\w[\u0300-\u036f]*)+|[^\w\s])[^\S\n]*|\n|[^\S\n]+")
"""A word with the blanks behind it. Numbers stay whole (1.250), letters keep their marks, a line break is one token."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MEASURED = 4_000_000
"""Words of both sides multiplied, above which a rewritten stretch goes out and comes in as a whole: nobody would find
what two such texts have in common, and looking for it takes minutes."""
_SENTENCE_ENDS = re.compile(r"(?<=[.;:!?…])(?=[^\S\n])|(?<=\n)|(?=\n)")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stay, come in or go out; never empty."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a difference; `kind` is that of all its pieces, or `same` when they differ."""

    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind is not Kind.SAME for piece in self.pieces)


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from the old text to the new one: whole paragraphs first, then words inside them."""
    pieces: list[Piece] = []
    before, after = _LINE.findall(old), _LINE.findall(new)
    for tag, begin, end, since, until in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kind.SAME, "".join(before[begin:end])))
        else:
            pieces.extend(_words("".join(before[begin:end]), "".join(after[since:until])))
    return tuple(_joined(pieces))


def old_text(pieces: Iterable[Piece]) -> str:
    """The text that a difference starts from."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED)


def new_text(pieces: Iterable[Piece]) -> str:
    """The text that a difference leads to."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED)


def paragraphs(pieces: Iterable[Piece]) -> tuple[Paragraph, ...]:
    """A difference to be read line by line, without blank ones. Where only a line break came or went, a ¶ tells."""
    lines: list[list[Piece]] = [[]]
    breaks: list[set[Kind]] = [set()]
    """The kinds of the line breaks before each line."""
    for piece in pieces:
        for place, text in enumerate(piece.text.split("\n")):
            if place and lines[-1]:
                lines.append([])
                breaks.append(set())
            if place:
                breaks[-1].add(piece.kind)
            if text:
                lines[-1].append(Piece(piece.kind, text))
    for above, line, between in zip(lines, lines[1:], breaks[1:], strict=False):
        kinds = {_kind_of(above), _kind_of(line)} if line else between
        if len(between) == 1 and not between & (kinds | {Kind.SAME}):
            above.append(Piece(next(iter(between)), "¶"))
    return tuple(Paragraph(_kind_of(line), tuple(line)) for line in lines if line)


def merge(base: str, ours: str, theirs: str) -> str | None:
    """Both changes of one text together; None where they touch the same sentence in different ways."""
    start = _sentences(base)
    edits = sorted({*_edits(start, _sentences(ours)), *_edits(start, _sentences(theirs))})
    merged: list[str] = []
    place = 0
    for number, (begin, end, put) in enumerate(edits):
        if number and _collide(edits[number - 1], (begin, end, put)):
            return None
        merged += start[place:begin] + list(put)
        place = end
    return "".join(merged + start[place:])


_Edit = tuple[int, int, tuple[str, ...]]


def _collide(one: _Edit, other: _Edit) -> bool:
    """Two edits, the earlier first: they overlap, or an insertion stands where the other one ends."""
    return other[0] < one[1] or (other[0] == one[1] and (one[0] == one[1] or other[0] == other[1]))


def _edits(base: Sequence[str], changed: Sequence[str]) -> Iterator[_Edit]:
    matcher = SequenceMatcher(None, base, changed)
    for tag, begin, end, since, until in matcher.get_opcodes():
        if tag != "equal":
            yield begin, end, tuple(changed[since:until])


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_ENDS.split(text) if part]


def _words(old: str, new: str) -> list[Piece]:
    """Word by word; the blanks behind a word count only where the words are the same."""
    pieces: list[Piece] = []
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > _MEASURED:
        return [Piece(Kind.REMOVED, old), Piece(Kind.ADDED, new)]
    matcher = SequenceMatcher(None, [_bare(word) for word in before], [_bare(word) for word in after])
    for tag, begin, end, since, until in matcher.get_opcodes():
        if tag != "equal":
            pieces.append(Piece(Kind.REMOVED, "".join(before[begin:end])))
            pieces.append(Piece(Kind.ADDED, "".join(after[since:until])))
            continue
        for one, other in zip(before[begin:end], after[since:until], strict=True):
            if one == other:
                pieces.append(Piece(Kind.SAME, one))
            else:
                word = _bare(one)
                pieces.append(Piece(Kind.SAME, word))
                pieces.append(Piece(Kind.REMOVED, one[len(word) :]))
                pieces.append(Piece(Kind.ADDED, other[len(word) :]))
    return pieces


def _bare(word: str) -> str:
    return word.rstrip() or word


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; in a change what goes out stands before what comes in."""
    removed = added = same = ""
    for piece in pieces:
        if piece.kind is Kind.SAME:
            removed, added, tail = _without_tail(removed, added)
            yield from _change(removed, added)
            removed = added = ""
            same += tail + piece.text
        elif piece.text:
            if same:
                yield Piece(Kind.SAME, same)
                same = ""
            removed += piece.text if piece.kind is Kind.REMOVED else ""
            added += piece.text if piece.kind is Kind.ADDED else ""
    removed, added, tail = _without_tail(removed, added)
    yield from _change(removed, added)
    if same + tail:
        yield Piece(Kind.SAME, same + tail)


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Kind.REMOVED, removed)
    if added:
        yield Piece(Kind.ADDED, added)


def _without_tail(removed: str, added: str) -> tuple[str, str, str]:
    """A blank that both sides end with stays as it is."""
    tail = ""
    while removed and added and removed[-1] == added[-1] and removed[-1].isspace():
        tail, removed, added = removed[-1] + tail, removed[:-1], added[:-1]
    return removed, added, tail


def _kind_of(line: Sequence[Piece]) -> Kind:
    kinds = {piece.kind for piece in line}
    return kinds.pop() if len(kinds) == 1 else Kind.SAME
