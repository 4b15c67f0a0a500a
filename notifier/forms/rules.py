"""The form of a rule, and the one that makes the starting rules."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifier.forms.fields import LinesField, LoginsField, RowsField
from notifier.forms.teams import PeopleField
from notifier.models import Recipient, Rule, Source, Team
from notifier.models.validators import validate_globs

ONE_A_LINE = gettext_lazy("One pattern a line. Empty means any.")
KIND_LABELS: dict[str, str | Promise] = {
    "pipeline": gettext_lazy("Pipeline"),
    "deployment": gettext_lazy("Deployment"),
    "job": gettext_lazy("Job"),
    "push": gettext_lazy("Push"),
    "tag": gettext_lazy("Tag"),
    "change": gettext_lazy("Pull or merge request"),
    "release": gettext_lazy("Release"),
    "issue": gettext_lazy("Issue"),
    "comment": gettext_lazy("Comment"),
    "other": gettext_lazy("Any other event"),
}
OUTCOME_LABELS: dict[str, str | Promise] = {
    "failed": gettext_lazy("Failed"),
    "fixed": gettext_lazy("Fixed: passed after it failed"),
    "passed": gettext_lazy("Passed"),
    "cancelled": gettext_lazy("Cancelled"),
    "running": gettext_lazy("Started"),
    "none": gettext_lazy("Without an outcome, such as a push"),
}
PARTS = (
    (1, gettext_lazy("1 part: 160 characters")),
    (2, gettext_lazy("2 parts: 306 characters")),
    (3, gettext_lazy("3 parts: 459 characters")),
    (4, gettext_lazy("4 parts: 612 characters")),
)
RARE = ("sources", "workflows", "environments", "actors_in", "actors_out")


def words_field(labels: dict[str, Any], **kwargs: Any) -> forms.MultipleChoiceField:
    """Return a field of boxes to tick, one for each word."""
    return forms.MultipleChoiceField(
        choices=tuple(labels.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    repositories = LinesField(
        check=validate_globs,
        label=gettext_lazy("Repositories"),
        help_text=gettext_lazy("One pattern a line, such as octo-org/*. Empty means any."),
    )
    branches = LinesField(
        check=validate_globs,
        label=gettext_lazy("Branches"),
        help_text=gettext_lazy(
            "One pattern a line; @default is each repository’s default branch. Empty means any."
        ),
    )
    kinds = words_field(
        KIND_LABELS, label=gettext_lazy("Kinds"), help_text=gettext_lazy("None ticked means any.")
    )
    outcomes = words_field(
        OUTCOME_LABELS,
        label=gettext_lazy("Outcomes"),
        help_text=gettext_lazy("None ticked means any."),
    )
    workflows = LinesField(
        check=validate_globs, label=gettext_lazy("Workflows"), help_text=ONE_A_LINE
    )
    environments = LinesField(
        check=validate_globs, label=gettext_lazy("Environments"), help_text=ONE_A_LINE
    )
    actors_in = LoginsField(
        check=validate_globs,
        label=gettext_lazy("Only events of these people"),
        help_text=gettext_lazy("Git logins or patterns, one a line. Empty means any."),
    )
    actors_out = LoginsField(
        check=validate_globs,
        label=gettext_lazy("No events of these people"),
        help_text=gettext_lazy("Git logins or patterns, one a line, such as *-release."),
    )
    sources = RowsField(
        queryset=Source.objects.all(),
        label=gettext_lazy("Sources"),
        help_text=gettext_lazy("None ticked means any."),
    )
    recipients = PeopleField(label=gettext_lazy("Recipients"))
    teams = RowsField(queryset=Team.objects.all(), label=gettext_lazy("Teams"))
    max_parts = forms.TypedChoiceField(
        label=gettext_lazy("Longest message"),
        help_text=gettext_lazy("Each part is paid for. The title is shortened first."),
        choices=PARTS,
        coerce=int,
        initial=2,
    )

    class Meta:
        model = Rule
        fields = (
            "name",
            "is_active",
            "sources",
            "repositories",
            "branches",
            "kinds",
            "outcomes",
            "workflows",
            "environments",
            "actors_in",
            "actors_out",
            "include_bots",
            "recipients",
            "teams",
            "tell_actor",
            "skip_own_events",
            "max_parts",
        )
        labels = {
            "include_bots": gettext_lazy("Events of bots count too"),
            "tell_actor": gettext_lazy("Tell the person who caused it"),
            "skip_own_events": gettext_lazy("Tell nobody of their own events"),
        }
        help_texts = {
            "include_bots": gettext_lazy("Such as renovate[bot] and merge queues."),
            "tell_actor": gettext_lazy("Found by the Git logins of the recipients."),
            "is_active": gettext_lazy("An inactive rule tells nobody."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "is_active": forms.CheckboxInput(attrs={"class": "toggle", "role": "switch"}),
        }

    def has_more(self) -> bool:
        """Say whether one of the rarer conditions is set or wrong, so that it must be seen."""
        return any(self[name].errors or self[name].value() for name in RARE)


class StartingForm(forms.Form):
    """Whom the starting rules tell."""

    to = forms.ChoiceField(label=gettext_lazy("Who must know?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = list(_people())

    def chosen(self) -> dict[str, Any]:
        """Return the recipient or the team, as the service takes it."""
        kind, _colon, key = self.cleaned_data["to"].partition(":")
        if kind == "team":
            return {"team": Team.objects.get(pk=key)}
        return {"recipient": Recipient.objects.get(pk=key)}


def _people() -> Iterator[tuple[str, Any]]:
    people = Recipient.objects.filter(is_active=True).only("name")
    teams = Team.objects.only("name")
    if people:
        yield _("Recipients"), [(f"recipient:{one.pk}", one.name) for one in people]
    if teams:
        yield _("Teams"), [(f"team:{one.pk}", one.name) for one in teams]
