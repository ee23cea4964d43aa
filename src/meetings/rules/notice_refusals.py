"""The refusals about replies to a notice and about guests (see `rules.refusals`, which takes them in)."""

from __future__ import annotations

NOTICE_REFUSALS: dict[str, str] = {
    "link-used": "This link has been used, or a newer letter has taken its place. Open the newest letter, or sign in.",
    "guest-cancelled": "“{title}” is cancelled. The invitation holds no longer.",
    "guest-over": "“{title}” is over. The invitation cannot be opened any more.",
    "guest-hidden": "This item is hidden. Show it before you invite guests to it.",
    "substitute-far": "The standing orders do not let this person be named as substitute. Choose one of those offered.",
    "reply-not-asked": "No reply is asked of you for this meeting.",
    "reply-substitute-approved": "The chair has agreed to your substitute. Ask the secretary if you come after all.",
    "substitute-decided": "This substitute has been decided on already, or is no longer named.",
    "guest-nobody": "Write at least one guest: one a line, as “name; office; mail address”.",
    "guest-mail": "“{mail}” is not a mail address.",
    "guest-many": "At most {limit} guests at once.",
    "guest-known": "{mail} is invited to this already.",
    "push-address": "This push service is not among those that this house writes to.",
    "push-off": "Push messages are switched off in this house.",
}
