"""Notes that two secretaries write at the same time: what one of them added is never lost to the other."""

from collections import Counter


def joined(base: str, mine: str, theirs: str) -> str:
    """My text with every line that the other added to `base` meanwhile, in the other's order, at its end.

    What the other deleted stays in my text: a line too many is seen and struck, a line too few is not.
    """
    known = Counter(base.split("\n")) | Counter(mine.split("\n"))
    added: list[str] = []
    for line in theirs.split("\n"):
        if known[line] > 0:
            known[line] -= 1
        elif line.strip():
            added.append(line)
    return "\n".join([mine, *added]) if mine else "\n".join(added)
