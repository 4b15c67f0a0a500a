from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from notifier.forms.recipients import RecipientForm
from notifier.models import Recipient, Rule, Team
from notifier.services.sending import gateway, queue_test_message
from notifier.views.pages import Delete, Switch, form_page, searched

LAST_MESSAGES = 10


class RecipientList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        teams = Prefetch("teams", Team.objects.order_by("name"))
        rows = Recipient.objects.prefetch_related(teams)
        _page, context = searched(request, rows, "name", "teams__name")
        return render(request, "notifier/recipients.html", context)


class RecipientPage(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        context = {
            "recipient": recipient,
            "teams": recipient.teams.all(),
            "rules": rules_for(recipient),
            "last_messages": recipient.messages.select_related("rule")[:LAST_MESSAGES],
            "gateway": gateway().key,
        }
        return render(request, "notifier/recipient.html", context)


class RecipientNew(View):
    read_role = "operator"

    def get(self, request: HttpRequest) -> HttpResponse:
        return form_page(request, "notifier/recipient_form.html", RecipientForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecipientForm(request.POST)
        if not form.is_valid():
            return form_page(request, "notifier/recipient_form.html", form)
        recipient = form.save()
        text = _("%(name)s was added. Send a test message to see that it arrives.")
        messages.success(request, text % {"name": recipient.name})
        return redirect("notifier:recipient", pk=recipient.pk)


class RecipientEdit(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        return self._page(request, pk, RecipientForm(instance=recipient))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        form = RecipientForm(request.POST, instance=recipient)
        if not form.is_valid():
            return self._page(request, pk, form)
        form.save()
        messages.success(request, _("%(name)s was saved.") % {"name": recipient.name})
        return redirect("notifier:recipient", pk=pk)

    def _page(self, request: HttpRequest, pk: int, form: RecipientForm) -> HttpResponse:
        # Read again: a form that failed has changed its own copy.
        kept = get_object_or_404(Recipient, pk=pk)
        return form_page(request, "notifier/recipient_form.html", form, recipient=kept)


class RecipientTest(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        if recipient.is_active:
            queue_test_message(recipient)
            messages.success(request, _("The test message is on its way: see below."))
        else:
            text = _("%(name)s is inactive: nothing is sent. Activate them first.")
            messages.error(request, text % {"name": recipient.name})
        return redirect("notifier:recipient", pk=pk)


class RecipientSwitch(Switch):
    model = Recipient
    page = "notifier:recipient"


class RecipientDelete(Delete):
    model = Recipient
    template = "notifier/recipient_delete.html"
    list_page = "notifier:recipients"

    def about(self, row: Any) -> dict[str, Any]:
        return {"rules": rules_for(row), "teams": row.teams.all()}


def rules_for(recipient: Recipient) -> Any:
    """Return the rules that name `recipient` or one of their teams."""
    named = Q(recipients=recipient) | Q(teams__members=recipient)
    return Rule.objects.filter(named).distinct()
