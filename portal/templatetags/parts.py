"""What the templates in `parts/` need: looks, times, filters in use, charts, highlighted code."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import charts, highlight, states

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def look(state: object) -> states.Look:
    """Return the word, tone and shape of a state."""
    return states.look_of(state)


@register.filter
def tone(level: object) -> states.Look:
    """Return the look of a notice: info, ok, warn, bad, or the tags of a message."""
    last = str(level or "info").split()[-1]
    return states.TONES.get(last, states.TONES["info"])


@register.filter
def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return a short relative time within a day, the date beyond."""
    seconds = int(((now or timezone.now()) - moment).total_seconds())
    for unit, size, past, future in (
        (MINUTE, 1, _("%d s ago"), _("in %d s")),
        (HOUR, MINUTE, _("%d min ago"), _("in %d min")),
        (DAY, HOUR, _("%d h ago"), _("in %d h")),
    ):
        if abs(seconds) < unit:
            return (past if seconds >= 0 else future) % (abs(seconds) // size)
    return formats.date_format(timezone.localtime(moment), "Y-m-d H:i")


@register.filter
def iso(moment: datetime) -> str:
    """Return a moment for the machine: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def highlighted(text: str, language: str = "json") -> SafeString:
    """Return code as HTML with classes, escaped."""
    return highlight.highlighted(text, language)


@register.filter
def bars(values: Sequence[float]) -> charts.Bars:
    """Return the bars of a small chart, as numbers for SVG attributes."""
    return charts.bars(values)


@register.filter
def share(value: float, largest: float) -> str:
    """Return `value` as a percentage of `largest`, for an SVG width."""
    return f"{100 * value / largest:.1f}%" if largest else "0%"


@register.filter
def unprompted(form: BaseForm) -> BaseForm:
    """Take the placeholders out of a form whose labels say the same."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag(takes_context=True)
def active_filters(context: Context, form: BaseForm) -> list[dict[str, str]]:
    """Return what a GET form filters by: label, value in words, address without it."""
    request = context["request"]
    return [chip for name in form.fields for chip in _chips(form, name, request.GET)]


def _chips(form: BaseForm, name: str, query: Any) -> list[dict[str, str]]:
    bound, key = form[name], form.add_prefix(name)
    values = [value for value in query.getlist(key) if value]
    return [
        {
            "label": str(bound.label),
            "value": _in_words(bound.field, value),
            "href": _without(query, key, value),
        }
        for value in values
    ]


def _in_words(field: Any, value: str) -> str:
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(value, value)


def _without(query: Any, key: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(key, [other for other in rest.getlist(key) if other != value])
    rest.pop("cursor", None)
    return f"?{rest.urlencode()}"
