from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from notifier.domain.event import Kind, Outcome
from notifier.domain.globs import DEFAULT_BRANCH
from notifier.forms.rules import RuleForm, StartingForm
from notifier.models import Recipient, Rule, Source, Team
from notifier.services import drafts, starting
from notifier.services.drafts import Draft
from notifier.services.preview import preview
from notifier.services.wording import sentence
from notifier.views.pages import Delete, Switch, form_page, searched

WITH_PEOPLE = ("sources", "recipients", "teams__members")
# What a new rule starts with: the choice that most people make.
USUAL: dict[str, Any] = {
    "kinds": [Kind.PIPELINE.value, Kind.DEPLOYMENT.value],
    "outcomes": [Outcome.FAILED.value, Outcome.FIXED.value],
    "branches": [DEFAULT_BRANCH],
}
NAMED = {"recipient": Recipient, "team": Team, "source": Source}


class RuleList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return rule_list(request)


class RuleStart(View):
    """Make the starting rules for one recipient or team."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StartingForm(request.POST)
        if not form.is_valid():
            return rule_list(request, form)
        try:
            first, *_rest = starting.add_starting_rules(**form.chosen())
        except starting.RulesExist:
            messages.info(request, _("There are rules already: change those, or add another."))
            return redirect("notifier:rules")
        text = _("The rule “%(name)s” was added. Change it as you like.")
        messages.success(request, text % {"name": first.name})
        return redirect("notifier:rule", pk=first.pk)


class RulePage(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = get_object_or_404(Rule.objects.prefetch_related(*WITH_PEOPLE), pk=pk)
        context = {"rule": rule, **explained(drafts.draft_of(rule))}
        return render(request, "notifier/rule.html", context)


class RuleNew(View):
    read_role = "operator"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {**USUAL, **_named(request)}
        draft = drafts.draft_of_fields({**_nothing(), **initial})
        return rule_form(request, RuleForm(initial=initial), draft)

    def post(self, request: HttpRequest) -> HttpResponse:
        return save_or_check(request, RuleForm(request.POST))


class RuleEdit(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = get_object_or_404(Rule.objects.prefetch_related(*WITH_PEOPLE), pk=pk)
        return rule_form(request, RuleForm(instance=rule), drafts.draft_of(rule), pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = get_object_or_404(Rule, pk=pk)
        return save_or_check(request, RuleForm(request.POST, instance=rule), pk)


class RuleSwitch(Switch):
    model = Rule
    page = "notifier:rule"


class RuleDelete(Delete):
    model = Rule
    template = "notifier/rule_delete.html"
    list_page = "notifier:rules"

    def about(self, row: Any) -> dict[str, Any]:
        return {"sentence": sentence(drafts.draft_of(row))}


def rule_list(request: HttpRequest, form: StartingForm | None = None) -> HttpResponse:
    """Return the list of rules; while it is empty, the starting rules are offered in it."""
    rows = Rule.objects.prefetch_related(*WITH_PEOPLE)
    page, context = searched(request, rows, "name")
    context["rules"] = [_row(rule) for rule in page]
    if starting.are_offered():
        form = form or StartingForm()
        context |= {"starting_form": form, "starting_rules": starting.STARTING_RULES}
    status = 422 if form is not None and form.errors else 200
    return render(request, "notifier/rules.html", context, status=status)


def save_or_check(request: HttpRequest, form: RuleForm, pk: int | None = None) -> HttpResponse:
    """Save a rule or, by the button `check`, only say what it would do."""
    is_check = "check" in request.POST
    # What a rule does can be told before it has a name.
    form.fields["name"].required = not is_check
    is_valid = form.is_valid()
    form.fields["name"].required = True
    if not is_valid:
        return rule_form(request, form, None, pk)
    if is_check:
        return rule_form(request, form, drafts.draft_of_fields(form.cleaned_data), pk)
    rule = form.save()
    messages.success(request, _("The rule %(name)s was saved.") % {"name": rule.name})
    return redirect("notifier:rule", pk=rule.pk)


def rule_form(
    request: HttpRequest, form: RuleForm, draft: Draft | None, pk: int | None = None
) -> HttpResponse:
    """Return the form beside what the rule does; nothing of it while the form is wrong."""
    context: dict[str, Any] = {"rule": Rule.objects.get(pk=pk) if pk else None}
    if draft is not None:
        context |= explained(draft)
    return form_page(request, "notifier/rule_form.html", form, **context)


def explained(draft: Draft) -> dict[str, Any]:
    """Return what a rule does: in a sentence, to whom, with which text, and on past events."""
    return {
        "sentence": sentence(draft),
        "doubts": drafts.doubts(draft),
        "reached": drafts.reached(draft),
        "preview": preview(draft),
        "draft": draft,
    }


def _row(rule: Rule) -> dict[str, Any]:
    draft = drafts.draft_of(rule)
    return {"rule": rule, "sentence": sentence(draft), "reached": drafts.reached(draft)}


def _named(request: HttpRequest) -> dict[str, Any]:
    """Return the rows that the address names, for links such as ?recipient=3."""
    found = {}
    for name, model in NAMED.items():
        key = request.GET.get(name, "")
        if key.isascii() and key.isdigit() and len(key) < 19:
            found[f"{name}s"] = list(model.objects.filter(pk=key))  # type: ignore[attr-defined]
    return found


def _nothing() -> dict[str, Any]:
    """Return the fields of a rule that asks for nothing and tells nobody."""
    form = RuleForm()
    lists: dict[str, Any] = dict.fromkeys(form.fields, ())
    flags = ("include_bots", "tell_actor", "skip_own_events")
    max_parts = Rule._meta.get_field("max_parts").default
    return {**lists, **dict.fromkeys(flags, False), "max_parts": max_parts}
