"""What the minutes tell under one agenda item, in the order of form 1.9: how it began, who spoke, what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meetings.rules.minutes_blocks import Block, Fact, Row, bound, heading, length_text, prose
from meetings.rules.minutes_motions import motion_blocks
from meetings.rules.minutes_votes import vote_blocks
from meetings.rules.record import (
    ElsewhereRecord,
    ItemRecord,
    PromiseRecord,
    QuestionRecord,
    RecusalRecord,
    ResolutionRecord,
    SpeechRecord,
    TaskRecord,
)
from meetings.rules.speakers import KINDS, STANCES

EACH_AT_MOST: Final = 12
"""So many speeches under one item are told one by one; more of them by speaker."""


def item_blocks(item: ItemRecord) -> list[Block]:
    """One item with its heading."""
    at = f"item:{item.id}"
    blocks = [heading("item", {"number": item.number, "title": item.title}, at, item.id)]
    blocks += _whence(item, at)
    blocks.append(_how_begun(item, f"{at}:begun"))
    blocks += [
        bound("paper", {"title": title}, f"{at}:paper:{count}", item.id)
        for count, title in enumerate(item.papers)
    ]
    blocks += [_recusal(recusal, item.id) for recusal in item.recusals]
    for code, names in (("came-late", item.came_late), ("left-early", item.left_early)):
        if names:
            blocks.append(bound(code, {"names": ", ".join(names)}, f"{at}:{code}", item.id))
    blocks += _speeches(item.speeches, at, item.id)
    for question in item.questions:
        blocks += _question(question, item.id)
    blocks += [_promise(promise, item.id) for promise in item.promises]
    if item.taken_up is not None:
        blocks.append(prose("discussion", item.id))
    for motion in item.motions:
        blocks += motion_blocks(motion, item.id)
    for poll in item.polls:
        blocks += vote_blocks(poll, item.id)
    blocks += [_resolution(resolution, item.id) for resolution in item.resolutions]
    blocks += [_task(task, item.id) for task in item.tasks]
    if item.taken_up is not None:
        blocks.append(prose("conclusion", item.id))
    return [*blocks, *_how_ended(item, at)]


def _whence(item: ItemRecord, at: str) -> Iterator[Block]:
    if item.urgent:
        yield bound("item-urgent", {"reason": item.urgent}, f"{at}:urgent", item.id)
    if item.continues:
        before: dict[str, Fact] = {"number": item.continues.number, "title": item.continues.title}
        yield bound("item-continues", before, f"{at}:continues", item.id)


def _how_begun(item: ItemRecord, at: str) -> Block:
    if item.taken_up is None:
        return bound("item-not-taken-up", {}, at, item.id)
    time = f"{item.taken_up:%H:%M}"
    if item.presenter:
        return bound("item-presented", {"time": time, "presenter": item.presenter}, at, item.id)
    return bound("item-taken-up", {"time": time}, at, item.id)


def _how_ended(item: ItemRecord, at: str) -> Iterator[Block]:
    ended = f"{at}:ended"
    if item.state in ("postponed", "withdrawn"):
        if item.reason:
            yield bound(f"item-{item.state}-reason", {"reason": item.reason}, ended, item.id)
        else:
            yield bound(f"item-{item.state}", {}, ended, item.id)
    elif item.state == "referred":
        yield bound("item-referred", {"to": item.referred_to, "reason": item.reason}, ended, item.id)
    elif item.concluded is not None:
        yield bound("item-concluded", {"time": f"{item.concluded:%H:%M}"}, ended, item.id)
    if item.continued_by and item.continued_by.starts:
        yield bound("item-continued", _elsewhere(item.continued_by), f"{at}:continued", item.id)


def _elsewhere(other: ElsewhereRecord) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"number": other.number, "title": other.title}
    if other.starts:
        facts |= {"time": f"{other.starts:%H:%M}", "day": other.starts.date()}
    return facts


def _recusal(recusal: RecusalRecord, item: str) -> Block:
    facts: dict[str, Fact] = {"name": recusal.name}
    code = "recusal"
    if recusal.since and recusal.until:
        code = "recusal-lifted"
        facts |= {"since": f"{recusal.since:%H:%M}", "until": f"{recusal.until:%H:%M}"}
    if recusal.reason:
        code, facts = f"{code}-reason", facts | {"reason": recusal.reason}
    return bound(code, facts, f"recusal:{recusal.id}", item)


def _speeches(speeches: tuple[SpeechRecord, ...], at: str, item: str) -> list[Block]:
    if len(speeches) <= EACH_AT_MOST:
        return [_speech(speech, f"speech:{speech.id}", item) for speech in speeches]
    together: dict[str, list[int]] = {}
    for speech in speeches:
        named = f"{speech.speaker} ({speech.group})" if speech.group else speech.speaker
        together.setdefault(named, []).append(speech.seconds)
    facts: dict[str, Fact] = {
        "count": len(speeches),
        "speakers": len(together),
        "length": length_text(sum(speech.seconds for speech in speeches)),
    }
    rows = tuple(Row(named, len(seconds), length_text(sum(seconds))) for named, seconds in together.items())
    return [bound("speeches", facts, f"{at}:speeches", item, rows)]


def _speech(speech: SpeechRecord, at: str, item: str) -> Block:
    code = "speech"
    facts: dict[str, Fact] = {
        "time": f"{speech.at:%H:%M}",
        "speaker": speech.speaker,
        "word_kind": KINDS[speech.kind],
        "length": length_text(speech.seconds),
    }
    if speech.group:
        code, facts = f"{code}-group", facts | {"group": speech.group}
    # a point of order has a category instead of a side, in the body's own words
    side = STANCES.get(speech.stance, "") or speech.category
    if side:
        code, facts = f"{code}-stance", facts | {"word_stance": side}
    return bound(code, facts, at, item)


def _question(question: QuestionRecord, item: str) -> Iterator[Block]:
    at = f"question:{question.id}"
    facts: dict[str, Fact] = {
        "asker": question.asker,
        "addressee": question.addressee,
        "text": question.text,
    }
    yield bound("question" if question.put else "question-not-put", facts, at, item)
    yield from (_speech(turn, f"turn:{turn.id}", item) for turn in question.turns)
    yield from (_promise(promise, item) for promise in question.promises)
    if question.state == "written":
        ending = {"agency": question.agency} if question.agency else {}
        yield bound("answer-written" + ("-agency" if ending else ""), ending, f"{at}:ended", item)
    elif question.state == "answered":
        verdict = {None: "", True: "-satisfied", False: "-unsatisfied"}[question.satisfied]
        yield bound(f"answered{verdict}", {}, f"{at}:ended", item)


def _promise(promise: PromiseRecord, item: str) -> Block:
    facts: dict[str, Fact] = {
        "name": promise.promised_by,
        "text": promise.text,
        "agency": promise.agency,
    }
    if promise.due:
        return bound("promise-due", facts | {"due": promise.due}, f"promise:{promise.id}", item)
    return bound("promise", facts, f"promise:{promise.id}", item)


def _resolution(resolution: ResolutionRecord, item: str) -> Block:
    at = f"resolution:{resolution.id}"
    if not resolution.symbol:
        return bound("resolution", {"title": resolution.title}, at, item)
    return bound("resolution-issued", {"title": resolution.title, "symbol": resolution.symbol}, at, item)


def _task(task: TaskRecord, item: str) -> Block:
    code = "task" + ("-with" if task.cooperating else "") + ("-due" if task.due else "")
    facts: dict[str, Fact] = {"lead": task.lead, "title": task.title}
    if task.cooperating:
        facts["cooperating"] = ", ".join(task.cooperating)
    if task.due:
        facts["due"] = task.due
    return bound(code, facts, f"task:{task.id}", item)
