"""The refusals about an agenda's freeze, supplements and visibility (see `rules.refusals`, which takes them in)."""

from __future__ import annotations

AGENDA_REFUSALS: dict[str, str] = {
    "agenda-frozen": "The agenda is frozen. The chair can release it; until then it stays as it is.",
    "agenda-not-frozen": "The agenda is not frozen.",
    "supplement-empty": "Nothing has changed since the members were told last.",
    "supplement-late": "This comes {days} working days after the end of the notice period. Say why it cannot wait.",
    "item-known": "The members have this item on their agenda. Withdraw it instead of hiding it.",
    "item-hidden": "This item is hidden. Show it to the members before the meeting deals with it.",
    "room-internal": "The meeting deals with an internal item now. The room is open to its members only.",
    "minutes-internal": "These minutes tell of internal items. They are open to the members of the body.",
    "minutes-not-adoptable": "Only the minutes of an earlier meeting of the same body can be put up for adoption.",
    "order-missing": "This body has no rules for the order of its agendas yet. Choose what comes first.",
    "item-twice": "The agenda has this already, as item {number}.",
}
