"""How a motion is told in the minutes: who moved it, its amendments, the votes on it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.rules.minutes_blocks import Block, Fact, bound
from meetings.rules.minutes_votes import vote_blocks
from meetings.rules.record import ChangeRecord, MotionRecord


def motion_blocks(motion: MotionRecord, item: str) -> list[Block]:
    """A motion; its amendments and parts with their own votes stand before the vote on it."""
    blocks = [_moved(motion, item), *_wording(motion, item)]
    for amendment in motion.amendments:
        blocks += motion_blocks(amendment, item)
    if motion.parts:
        parts = {"parts": len(motion.parts)}
        blocks.append(bound("motion-divided", parts, f"motion:{motion.id}:divided", item))
    for part in motion.parts:
        blocks += motion_blocks(part, item)
    if motion.now_reads:
        blocks.append(bound("motion-now", {"text": motion.now_reads}, f"motion:{motion.id}:now", item))
    for poll in motion.polls:
        blocks += vote_blocks(poll, item)
    return [*blocks, *_became(motion, item)]


def _moved(motion: MotionRecord, item: str) -> Block:
    kind = motion.kind if motion.kind in ("amendment", "part") else "motion"
    facts: dict[str, Fact] = {"title": motion.title}
    code = kind
    if motion.mover and kind != "part":
        code, facts = f"{kind}-moved", facts | {"mover": motion.mover}
        if motion.seconder:
            code, facts = f"{kind}-seconded", facts | {"seconder": motion.seconder}
    return bound(code, facts, f"motion:{motion.id}", item)


def _wording(motion: MotionRecord, item: str) -> Iterator[Block]:
    at = f"motion:{motion.id}"
    for count, change in enumerate(motion.changes):
        yield _change(change, f"{at}:change:{count}", item)
    if motion.text:
        code = "amended-text" if motion.kind == "amendment" else "motion-text"
        yield bound(code, {"text": motion.text}, f"{at}:text", item)


def _change(change: ChangeRecord, at: str, item: str) -> Block:
    if not change.before:
        return bound("change-added", {"after": change.after}, at, item)
    if not change.after:
        return bound("change-removed", {"before": change.before}, at, item)
    return bound("change", {"before": change.before, "after": change.after}, at, item)


def _became(motion: MotionRecord, item: str) -> Iterator[Block]:
    """What the votes under it do not say themselves."""
    at = f"motion:{motion.id}:became"
    if motion.state == "withdrawn":
        reason = {"reason": motion.reason} if motion.reason else {}
        yield bound("motion-withdrawn" + ("-reason" if reason else ""), reason, at, item)
    elif motion.state == "proposed":
        yield bound("motion-proposed", {}, at, item)
    elif motion.parts and motion.state in ("adopted", "rejected"):
        yield bound(f"parts-{motion.state}", {}, at, item)
    elif motion.together and motion.state in ("adopted", "rejected"):
        yield bound(f"together-{motion.state}", {"number": motion.together}, at, item)
    elif motion.state in ("moved", "undecided"):
        yield bound("motion-undecided", {}, at, item)
