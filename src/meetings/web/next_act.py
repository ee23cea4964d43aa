"""The one next act of the chair, and the sentence that says what it will do. Reads a snapshot, decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from meetings import language
from meetings.during.amendments import voting_order
from meetings.during.motion_polls import WAITING
from meetings.during.roll import roll_of
from meetings.during.stage import Stage, StagePoll
from meetings.language import N_
from meetings.rules.ballot_forms import Form
from meetings.rules.lifecycle import ItemState, MeetingState, MotionState, PollState
from meetings.rules.outcome import PLANS, Figures
from meetings.rules.permissions import Actor
from meetings.rules.poll_kinds import plan_for
from meetings.rules.polls import Method, asks_chair
from meetings.rules.quorum import Quorum
from meetings.rules.recount import quorum_of
from meetings.rules.refusals import REFUSALS, Refused
from meetings.rules.roll import check_roll, count_roll, eligible
from meetings.rules.rule import Rule
from meetings.storage.tables import Item, Motion
from meetings.web.stage import BY_PROXY


@dataclass(frozen=True, slots=True)
class NextAct:
    """What the large button does. `refusal` says beforehand why it would be refused."""

    code: str
    label: str
    action: str
    icon: str
    sentence: str
    refusal: str = ""
    question: str = ""
    """Asked once more before an act that cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Cockpit:
    """What the chair's next act follows from."""

    stage: Stage
    actor: Actor
    items: Sequence[Item]
    motions: Sequence[Motion]

    @property
    def meeting_id(self) -> UUID:
        return self.stage.meeting.id

    @property
    def poll(self) -> StagePoll | None:
        """The poll that asks for the chair: unfinished ones first, then the last of the item in hand.

        A prepared one waits while an amendment to its motion is put first.
        """
        unfinished = (PollState.OPEN, PollState.CLOSED)
        running = next((poll for poll in self.stage.polls if poll.state in unfinished), None)
        if running:
            return running
        of_item = [poll for poll in self.stage.item_polls if poll.state != PollState.ANNULLED]
        of_item = [
            poll for poll in of_item if poll.state != PollState.DRAFT or poll.motion not in self.amended
        ]
        drafts = [poll for poll in of_item if poll.state == PollState.DRAFT]
        return drafts[0] if drafts else of_item[-1] if of_item else None

    @property
    def amended(self) -> set[UUID]:
        """Motions with an amendment that is put before them."""
        return {one.amends_id for one in self.motions if one.amends_id and one.state in WAITING}

    @property
    def undecided(self) -> list[Motion]:
        """Motions of the item in hand that wait for a vote, amendments first.

        One whose vote led to nothing does not press, unless it is an amendment that its motion waits for.
        """
        item = self.stage.item
        pressing = {one.id for one in self.motions if one.state == MotionState.MOVED}
        for _ in range(2):  # amendments, and amendments of those
            pressing |= {one.id for one in self.motions if one.state in WAITING and one.amends_id in pressing}
        return [
            motion
            for motion in voting_order(self.motions)
            if item and motion.item_id == item.id and motion.id in pressing
        ]

    @property
    def next_item(self) -> Item | None:
        """The next planned item behind the last one taken up; then those that were passed over."""
        places = {item.id: place for place, item in enumerate(self.items)}
        began = [item for item in self.items if item.taken_up_at]
        last = max(began, key=lambda item: str(item.taken_up_at), default=None)
        here = places[self.stage.item.id] if self.stage.item else places[last.id] if last else -1
        planned = [item for item in self.items if item.state == ItemState.PLANNED]
        return next((item for item in planned if places[item.id] > here), planned[0] if planned else None)


def next_act(cockpit: Cockpit) -> NextAct | None:
    """The act that a meeting waits for; None when it is over."""
    state = cockpit.stage.meeting.state
    address = f"/meetings/{cockpit.meeting_id}"
    room = cockpit.stage.room
    if state == MeetingState.PUBLISHED:
        opening = N_("The meeting is opened with {present} of {base} present.")
        return NextAct(
            "call-to-order", language.gettext(N_("Call to order")), f"{address}/call-to-order", "gavel",
            language.text(opening, present=room.present, base=room.quorum.base), _short(room.quorum),
        )  # fmt: skip
    if state == MeetingState.RECESS:
        return NextAct(
            "resume", language.gettext(N_("Resume the meeting")), f"{address}/resume", "play",
            language.text(N_("The meeting goes on; {present} members are present."), present=room.present),
        )  # fmt: skip
    if state != MeetingState.IN_SESSION:
        return None
    return _of_poll(cockpit) or _of_item(cockpit)


def _of_poll(cockpit: Cockpit) -> NextAct | None:
    poll = cockpit.poll
    if poll is None:
        return None
    address = f"/polls/{poll.id}"
    if poll.state == PollState.DRAFT:
        sentence, refusal = planned(cockpit.stage, poll)
        label = language.gettext(N_("Open the vote"))
        return NextAct("open", label, f"{address}/open", "vote", sentence, refusal)
    if poll.state == PollState.OPEN:
        return _counting(cockpit, poll) if poll.method == Method.HANDS else _closing(cockpit.stage, poll)
    if poll.state == PollState.CLOSED:
        becomes = any(
            motion.id == poll.motion and motion.kind == "substantive" and motion.part_of_id is None
            for motion in cockpit.motions
        ) and bool(poll.outcome and poll.outcome["adopted"])
        sentence = (
            N_("The outcome appears on every screen, and the motion becomes a draft resolution.")
            if becomes
            else N_("The outcome appears on every screen.")
        )
        if asks_chair(poll.outcome):
            if cockpit.actor.person == poll.chair:
                asked = language.gettext(N_("A tie: your casting vote decides it."))
                label = language.gettext(N_("Casting vote"))
                return NextAct("casting", label, f"{address}/casting-vote", "scale", asked)
            sentence = N_("A tie that is not decided yet. Announced like this, the motion stays undecided.")
        label = language.gettext(N_("Announce the outcome"))
        return NextAct("announce", label, f"{address}/announce", "check", language.gettext(sentence))
    if poll.outcome and "next_form" in poll.outcome:
        sentence = language.gettext(
            N_("Places are still open. The next round is prepared; nothing is opened yet.")
        )
        label = language.gettext(N_("Prepare the next round"))
        return NextAct("next-round", label, f"{address}/next-round", "refresh-cw", sentence)
    return None


def _counting(cockpit: Cockpit, poll: StagePoll) -> NextAct:
    """Raised hands are counted and entered, confirmed by a second person, and only then closed."""
    counts, address = poll.hands or {}, f"/polls/{poll.id}"
    if counts.get("confirmed_by"):
        return _closing(cockpit.stage, poll)
    if not counts:
        sentence = N_("Count the votes in the room and enter them, or let the secretary do so.")
        label = language.gettext(N_("Enter the counts"))
        return NextAct("count", label, f"{address}/counts", "send", language.gettext(sentence))
    own = counts["entered_by"] == str(cockpit.actor.person)
    refusal = language.gettext(REFUSALS["second-person"]) if own else ""
    sentence = language.text(
        N_("Entered by {name}. Compare the counts with what you saw."), name=counts["entered_name"]
    )
    label = language.gettext(N_("Confirm the counts"))
    return NextAct("confirm-counts", label, f"{address}/confirm-counts", "check", sentence, refusal)


def _closing(stage: Stage, poll: StagePoll) -> NextAct:
    """Closing asks once more while ballots are missing."""
    sentence = N_("Closing is final. You see the outcome before it is announced.")
    refusal, question = _thin(stage, poll), ""
    missing = (poll.eligible or 0) - poll.cast
    if missing and poll.method != Method.HANDS:
        question = language.gettext(N_("Ballots are missing: close the vote?"))
    label, address = language.gettext(N_("Close the vote")), f"/polls/{poll.id}/close"
    return NextAct("close", label, address, "lock", language.gettext(sentence), refusal, question)


def _of_item(cockpit: Cockpit) -> NextAct:
    item, following = cockpit.stage.item, cockpit.next_item
    if item and cockpit.undecided:
        return _preparing(item, cockpit.undecided[0])
    if following:
        words = (
            N_("Item {current} is concluded, and item {number} is taken up: {title}")
            if item
            else N_("Item {number} is taken up: {title}")
        )
        current = item.number if item else ""
        sentence = language.text(words, number=following.number, title=following.title, current=current)
        label = language.text(N_("Take up item {number}"), number=following.number)
        return NextAct("take-up", label, f"/items/{following.id}/take-up", "play", sentence)
    return NextAct(
        "adjourn", language.gettext(N_("Adjourn the meeting")), f"/meetings/{cockpit.meeting_id}/adjourn", "gavel",
        language.gettext(N_("Every item has been dealt with. The meeting ends and a draft of its minutes begins.")),
        question=language.gettext(N_("Adjourn the meeting?")),
    )  # fmt: skip


def _preparing(item: Item, motion: Motion) -> NextAct:
    sentence = (
        N_("An amendment is put before its motion. Choose how it is decided; nothing is opened yet.")
        if motion.amends_id
        else N_("Choose how the motion is decided. Nothing is opened yet.")
    )
    refusal = language.gettext(REFUSALS["amendment-conflict"]) if motion.conflicts else ""
    label = language.gettext(N_("Prepare the vote"))
    address = f"/items/{item.id}/polls"
    return NextAct("prepare", label, address, "scale", language.gettext(sentence), refusal)


def planned(stage: Stage, poll: StagePoll) -> tuple[str, str]:
    """What opening a draft will do, in words, and the refusal it would meet as things are."""
    return foreseen(stage, poll.item, poll.form, poll.rule, poll.secret)


def foreseen(stage: Stage, item: UUID | None, form: Form, rule: Rule, secret: bool) -> tuple[str, str]:
    """The same of a poll that is only being thought of."""
    voters = roll_of(stage.room, item)
    counted = count_roll(voters)
    seats, in_office = stage.body.seats, len(stage.room.seats)
    here = quorum_of(rule, seats, in_office, counted.present)
    figures = Figures(seats, in_office, counted.present, here, here, remote=counted.remote)
    expected = plan_for(form, rule, figures, counted.eligible, counted.eligible_weight)
    refusal = _short(here)
    if not refusal:
        try:
            check_roll(voters, secret=secret)
        except Refused as refused:
            refusal = language.text(REFUSALS[refused.code], **refused.facts)
    sentence = language.text(PLANS[expected.code], **expected.facts)
    by_proxy = sum(not voter.attending for voter in eligible(voters))
    if by_proxy:
        sentence += " " + language.text(BY_PROXY, present=counted.present, proxies=by_proxy)
    return sentence, refusal


def _short(counted: Quorum) -> str:
    if counted.met:
        return ""
    return language.text(REFUSALS["quorum-short"], present=counted.present, needed=counted.needed)


def _thin(stage: Stage, poll: StagePoll) -> str:
    """Warns that so many have left that the vote, closed now, would come to nothing."""
    counted = quorum_of(poll.rule, stage.body.seats, len(stage.room.seats), stage.room.present)
    if counted.met:
        return ""
    warning = N_("Only {present} are present, {needed} are needed: closed now, the vote has no quorum.")
    return language.text(warning, present=counted.present, needed=counted.needed)
