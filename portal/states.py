"""How states look: for each the word, the tone and the shape, in one table for all pages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    """`tone`: a class `tone-…` of site.css or empty; `shape`: a symbol of parts/shapes.html."""

    word: str | Promise
    tone: str
    shape: str


LOOKS = {
    # outcomes
    "failed": Look(_("Failed"), "bad", "cross"),
    "fixed": Look(_("Fixed"), "ok", "wrench"),
    "passed": Look(_("Passed"), "ok", "check"),
    "cancelled": Look(_("Cancelled"), "", "slash"),
    "running": Look(_("Running"), "accent", "half"),
    "none": Look(_("No outcome"), "", "dash"),
    # verdicts
    "accepted": Look(_("Accepted"), "ok", "check"),
    "duplicate": Look(_("Duplicate"), "", "copies"),
    "rejected": Look(_("Rejected"), "bad", "barred"),
    "ignored": Look(_("Ignored"), "", "slash"),
    # deliveries
    "due": Look(_("Waiting"), "accent", "clock"),
    "done": Look(_("Done"), "ok", "check"),
    # messages
    "queued": Look(_("Queued"), "accent", "clock"),
    "held": Look(_("Held"), "warn", "pause"),
    "sending": Look(_("Sending"), "accent", "half"),
    "sent": Look(_("Sent"), "ok", "check"),
    "delivered": Look(_("Delivered"), "ok", "checks"),
    "unknown": Look(_("Unknown"), "warn", "question"),
    "dropped": Look(_("Dropped"), "", "barred"),
    # rules and their decisions
    "matched": Look(_("Matched"), "ok", "check"),
    "unmatched": Look(_("Did not match"), "", "dash"),
    # things that can be switched off
    "active": Look(_("Active"), "ok", "disc"),
    "inactive": Look(_("Inactive"), "", "ring"),
    "verified": Look(_("Verified"), "ok", "check"),
    "unverified": Look(_("Not verified"), "warn", "ring"),
    "expired": Look(_("Expired"), "", "clock"),
    "revoked": Look(_("Revoked"), "", "barred"),
}

# What a notice looks like, by the level tags of django.contrib.messages too.
TONES = {
    "info": Look(_("Note"), "accent", "info"),
    "success": Look(_("Done"), "ok", "check"),
    "ok": Look(_("Done"), "ok", "check"),
    "warning": Look(_("Warning"), "warn", "warning"),
    "warn": Look(_("Warning"), "warn", "warning"),
    "error": Look(_("Error"), "bad", "cross"),
    "bad": Look(_("Error"), "bad", "cross"),
    "debug": Look(_("Note"), "", "info"),
}


def look_of(state: object) -> Look:
    """Return how `state` is shown; a state that nobody here knows is shown by its own name."""
    key = str(state or "none")
    return LOOKS.get(key) or Look(key, "", "dash")
