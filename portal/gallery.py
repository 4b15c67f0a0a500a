"""The made-up examples of the design page: every part in every state."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.states import LOOKS

OUTCOMES = ("failed", "fixed", "passed", "cancelled", "running", "none")
PAYLOAD = """{
  "action": "completed",
  "workflow_run": {
    "id": 4711,
    "name": "build",
    "head_branch": "main",
    "conclusion": "failure",
    "html_url": "https://example.com/acme/shop/runs/4711"
  },
  "attempt": 1,
  "draft": false,
  "milestone": null
}
"""


class Example(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Name"), max_length=100)
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("With the country: +49 151 23456789."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "short"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("de", "Deutsch")], required=False
    )
    branches = forms.CharField(
        label=_("Branches"),
        help_text=_("One pattern a line."),
        initial="main\nrelease/*",
        widget=forms.Textarea(attrs={"class": "globs", "rows": 3}),
    )
    outcomes = forms.MultipleChoiceField(
        label=_("Outcomes"),
        choices=[(outcome, LOOKS[outcome].word) for outcome in OUTCOMES],
        initial=["failed", "fixed"],
        widget=forms.CheckboxSelectMultiple,
    )
    urgent = forms.ChoiceField(
        label=_("At night"),
        choices=[("hold", _("Hold until the morning")), ("send", _("Send at once"))],
        initial="hold",
        widget=forms.RadioSelect,
    )
    active = forms.BooleanField(
        label=_("Active"),
        help_text=_("An inactive recipient gets nothing."),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "toggle", "role": "switch"}),
    )


class WrongExample(Example):
    """The same with mistakes; shown, not focused."""

    still = True


class ExampleFilter(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("Any")), *((outcome, LOOKS[outcome].word) for outcome in OUTCOMES)],
    )
    repository = forms.CharField(label=_("Repository"), required=False)


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what the design page shows."""
    now = timezone.now()
    return {
        "tones": ("info", "ok", "warn", "bad"),
        "states": list(LOOKS),
        "colours": ("text", "muted", "accent", "ok", "warn", "bad", "control", "border", "surface"),
        "example": Example(),
        "wrong": WrongExample(
            {"wrong-phone": "12", "wrong-branches": "main", "wrong-urgent": "hold"}, prefix="wrong"
        ),
        "filter": ExampleFilter(request.GET),
        "rows": _rows(now),
        "events": _events(now),
        "texts": _texts(now),
        "payload": PAYLOAD,
        "facts": [(_("Repository"), "acme/shop"), (_("Branch"), "main"), (_("Run"), "4711 / 1")],
        "secrets": [
            (_("Address"), "https://portal.example.com/hooks/shop"),
            (_("Secret"), "made-up-0000-example"),
        ],
        "tabs": [
            {"label": _("Story"), "url": "?tab=story", "current": True},
            {"label": _("Headers"), "url": "?tab=headers", "count": 12},
            {"label": _("Body"), "url": "?tab=body"},
        ],
        "daily": [3, 5, 2, 8, 4, 0, 1, 6, 7, 3, 12, 4, 2, 5],
        "kinds": [("pipeline", 42), ("push", 31), ("change", 12), ("release", 3)],
    }


def _rows(now: Any) -> list[dict[str, Any]]:
    names = ("acme/shop", "acme/billing", "acme/search-with-a-rather-long-name", "acme/site")
    return [
        {
            "key": f"row-{place}",
            "repository": names[place % len(names)],
            "branch": "main" if place % 2 else "feature/longer-branch-name",
            "outcome": outcome,
            "title": "Reject an empty basket",
            "at": now - timedelta(minutes=7 * place * place, seconds=20),
            "told": place % 3,
        }
        for place, outcome in enumerate(OUTCOMES)
    ]


def _events(now: Any) -> list[dict[str, Any]]:
    steps = (
        ("accepted", _("Received"), _("Signature checked, 8 KB kept.")),
        ("matched", _("Rule “Main is red” matched"), _("To Ada and the team Backend.")),
        ("held", _("Held for Ben"), _("Quiet hours until 07:00 in Europe/Berlin.")),
        ("delivered", _("Delivered to Ada"), ""),
        ("failed", _("Failed for Cem"), _("The network says: number is not in service.")),
    )
    return [
        {"state": state, "title": title, "text": text, "at": now + timedelta(seconds=place)}
        for place, (state, title, text) in enumerate(steps)
    ]


def _texts(now: Any) -> list[dict[str, Any]]:
    return [
        {
            "text": "FAILED acme/shop main: build #4711 by ada. Reject an empty basket",
            "created_at": now - timedelta(hours=3),
            "state": "delivered",
            "parts": 1,
        },
        {
            "text": "FIXED acme/shop main: build #4712 by ben\nhttps://example.com/acme/shop/runs/4712",
            "created_at": now - timedelta(minutes=12),
            "state": "sent",
            "parts": 2,
        },
    ]
