"""What lists can be filtered by: one FilterSet serves the page and the API."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, Filter, FilterSet, ModelChoiceFilter, MultipleChoiceFilter
from django_filters import UUIDFilter as IdFilter
from drf_spectacular.utils import extend_schema_field

from notifier.domain.event import Kind, Outcome
from notifier.gateways import GATEWAYS
from notifier.models import Delivery, Message, Recipient, Rule, Source
from notifier.models.delivery import DeliveryState, Verdict
from notifier.models.message import MessageState
from notifier.services.looking import contains, first_id_at, like

KINDS = [(kind.value, kind.value) for kind in Kind]
OUTCOMES = [(outcome.value, outcome.value) for outcome in Outcome]
LONGEST = 300
# How far an id and the time beside it may be apart.
CLOCKS = timedelta(hours=1)
YEARS = range(1970, 9999)
PATTERN_HELP = _("As it is written there; * stands for anything: octo-org/*.")

SINCE_HELP = _("A date, or a time such as 2026-03-02T14:30:00Z.")
UNTIL_HELP = _("A date, which still counts, or a time, which does not.")


class OneOrMore(forms.Select):
    """A select for one value that also understands several from the address."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [value for value in given if value]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        self.allow_multiple_selected = len(value or ()) > 1
        return super().get_context(name, value, attrs)

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        anything = self.create_option(name, "", str(_("Any")), not value, 0)
        return [(None, [anything], 0), *super().optgroups(name, value, attrs)]


class MomentInput(forms.DateTimeInput):
    """A date input that shows a time too where the address has one."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if value and len(str(value)) > len("2026-03-02"):
            context["widget"]["type"] = "text"
        return context


class MomentField(forms.CharField):
    """A date or a moment, as text, to a moment. `is_end` takes a date to the end of its day."""

    widget = MomentInput

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.is_end = is_end

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        moment = _moment(text, is_end=self.is_end)
        if moment is None:
            raise ValidationError(
                _("Give a date such as 2026-03-02 or a time such as 2026-03-02T14:30:00Z."),
                code="invalid_moment",
            )
        return moment


def _moment(text: str, *, is_end: bool) -> datetime | None:
    # An unquoted + in an address arrives as a space.
    text = text.replace(" ", "+") if "T" in text else text
    try:
        day = parse_date(text)
        moment = _midnight(day, is_end=is_end) if day else parse_datetime(text)
    except ValueError:
        return None
    if moment is None or moment.year not in YEARS:
        return None
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    # PostgreSQL knows no time zone that is 16 hours off.
    return moment.astimezone(UTC)


def _midnight(day: date, *, is_end: bool) -> datetime | None:
    if day.year not in YEARS:
        return None
    return datetime.combine(day + timedelta(days=1) if is_end else day, time.min)


@extend_schema_field(
    {
        "type": "string",
        "maxLength": 40,
        "example": "2026-03-02T14:30:00Z",
        "description": "A date or a time. As an end, a date still counts and a time does not.",
    }
)
class MomentFilter(Filter):  # type: ignore[misc]
    """Since a moment, or before it. `by_id`: ids sort by time, so their index finds the place."""

    field_class = MomentField

    def __init__(self, *, by_id: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by_id = by_id

    def filter(self, qs: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        found: QuerySet[Any] = super().filter(qs, value)
        if value is None or not self.by_id:
            return found
        around = value + (CLOCKS if self.lookup_expr == "lt" else -CLOCKS)
        return found.filter(**{f"pk__{self.lookup_expr}": first_id_at(around)})


class Words(MultipleChoiceFilter):  # type: ignore[misc]
    """One of several words; given more than once, any of them."""

    def __init__(self, *, choices: Any, label: Any) -> None:
        super().__init__(choices=choices, label=label, widget=OneOrMore)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class Pattern(CharFilter):  # type: ignore[misc]
    """A text in which `*` stands for anything."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(like(str(self.field_name), value)) if value else qs


class Containing(CharFilter):  # type: ignore[misc]
    """A piece of text that stands in one of some columns."""

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, widget=forms.TextInput({"type": "search"}), **kwargs)
        self.fields = fields

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(contains(self.fields, value)) if value else qs


class Between(FilterSet):  # type: ignore[misc]
    """Adds `from` and `to`, which no class body could spell, over the column `moment`.

    `may_be_later`: the column may be set anew, long after the id was made.
    """

    moment: str
    may_be_later = False

    @classmethod
    def get_filters(cls) -> Any:
        filters = super().get_filters()
        if not hasattr(cls, "moment"):
            return filters
        since = MomentFilter(
            field_name=cls.moment,
            lookup_expr="gte",
            label=_("From"),
            help_text=SINCE_HELP,
            by_id=not cls.may_be_later,
        )
        until = MomentFilter(
            field_name=cls.moment,
            lookup_expr="lt",
            label=_("To"),
            help_text=UNTIL_HELP,
            is_end=True,
            by_id=True,
        )
        return {**filters, "from": since, "to": until}


class DeliveryFilter(Between):
    """Deliveries by what they say and what became of them."""

    moment = "received_at"
    text = Containing(
        "title",
        "repository",
        "branch",
        "actor",
        "workflow",
        label=_("Text"),
        help_text=_("In title, repository, branch, actor or workflow."),
    )
    source = ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    kind = Words(choices=KINDS, label=_("Kind"))
    outcome = Words(choices=OUTCOMES, label=_("Outcome"))
    verdict = Words(choices=Verdict.choices, label=_("Verdict"))
    state = Words(choices=DeliveryState.choices, label=_("State"))
    repository = Pattern(label=_("Repository"), help_text=PATTERN_HELP)
    branch = Pattern(label=_("Branch"), help_text=PATTERN_HELP)
    actor = Pattern(label=_("Actor"), help_text=PATTERN_HELP)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class MessageFilter(Between):
    """Messages by whom they are for, what they say and what became of them."""

    moment = "created_at"
    may_be_later = True
    text = Containing(
        "text", "recipient_name", label=_("Text"), help_text=_("In the text or the name.")
    )
    state = Words(choices=MessageState.choices, label=_("State"))
    recipient = ModelChoiceFilter(queryset=Recipient.objects.all(), label=_("Recipient"))
    delivery = IdFilter(field_name="delivery_id", label=_("Delivery"))
    rule = ModelChoiceFilter(queryset=Rule.objects.all(), label=_("Rule"))
    gateway = Words(choices=[(key, key) for key in GATEWAYS], label=_("Gateway"))

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()
