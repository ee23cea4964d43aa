"""Vietnamese names and words: how they are sorted, shown and found.

The alphabet is a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, with f j w z where Latin has
them; the tones are a second level: level, falling, asking, tumbling, rising, heavy (TCVN 6909:2001 writes
them in Unicode). A person is sorted by given name, then family name, then middle name, and addressed by the
given name. Keys are strings of hexadecimal digits, so that every database sorts them alike whatever its
collation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK: Final = {letter: f"{rank:02x}" for rank, letter in enumerate(_LETTERS, start=2)}
_MARKS_OF_LETTERS: Final = frozenset("\u0302\u0306\u031b")  # circumflex, breve, horn
_TONE_RANK: Final = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_LEVEL_TONE: Final = "1"
_END: Final = "00"
_SPACE: Final = "01"
_OTHER: Final = "ff"


def text_key(text: str) -> str:
    """The sort key of a word or title: letters first, then one tone for each word; case does not matter."""
    words = [_word(word) for word in _plain(text).split()]
    return _SPACE.join(letters for letters, _ in words) + _END + "".join(tone for _, tone in words)


def person_key(family: str, middle: str, given: str) -> str:
    """The sort key of a person: given name, family name, middle name."""
    return _END.join(text_key(part) for part in (given, family, middle))


def full_name_key(full: str) -> str:
    """The sort key of a person whose name is known only in full."""
    return person_key(*split_name(full))


def split_name(full: str) -> tuple[str, str, str]:
    """A full name's family, middle and given names: first word, what stands between, last word."""
    words = unicodedata.normalize("NFC", full).split()
    if len(words) < 2:
        return "", "", "".join(words)
    return words[0], " ".join(words[1:-1]), words[-1]


def display(family: str, middle: str, given: str) -> str:
    """The name in full, as it is written: family, middle, given."""
    return " ".join(unicodedata.normalize("NFC", f"{family} {middle} {given}").split())


def fold(text: str) -> str:
    """The text without case, diacritics or doubled spaces, for searching without a Vietnamese keyboard."""
    bare = (
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return " ".join("".join(bare).replace("đ", "d").split())


def _plain(text: str) -> str:
    """Lower case, one kind of space; hyphens and other signs separate words, apostrophes do not."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return "".join(
        letter if letter.isalnum() or unicodedata.combining(letter) else "" if letter in "'’ʼ" else " "
        for letter in lowered
    )


def _word(word: str) -> tuple[str, str]:
    tone = _LEVEL_TONE
    letters: list[str] = []
    for mark in unicodedata.normalize("NFD", word):
        if mark in _TONE_RANK:
            tone = _TONE_RANK[mark]
        elif mark in _MARKS_OF_LETTERS and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        elif not unicodedata.combining(mark):
            letters.append(mark)
    return "".join(_LETTER_RANK.get(letter) or f"{_OTHER}{ord(letter):06x}" for letter in letters), tone


def presents(name: str, presenter: str) -> bool:
    """Whether a presenter's line names this person: `Lê Thị Hoa` in `Bà Lê Thị Hoa, Giám đốc Sở Tài chính`.

    The whole name has to stand there as words, and a name of one word names nobody for certain.
    """
    wanted = _words(name)
    line = _words(presenter)
    return len(wanted) > 1 and any(
        line[at : at + len(wanted)] == wanted for at in range(len(line) - len(wanted) + 1)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())
