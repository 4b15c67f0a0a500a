from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from notifier.forms.teams import TeamForm
from notifier.models import Team
from notifier.views.pages import Delete, form_page, searched


class TeamList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Team.objects.prefetch_related("members", "rules")
        _page, context = searched(request, rows, "name", "members__name")
        return render(request, "notifier/teams.html", context)


class TeamPage(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        team = get_object_or_404(Team, pk=pk)
        context = {"team": team, "members": team.members.all(), "rules": team.rules.all()}
        return render(request, "notifier/team.html", context)


class TeamNew(View):
    read_role = "operator"

    def get(self, request: HttpRequest) -> HttpResponse:
        return form_page(request, "notifier/team_form.html", TeamForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TeamForm(request.POST)
        if not form.is_valid():
            return form_page(request, "notifier/team_form.html", form)
        team = form.save()
        messages.success(request, _("The team %(name)s was added.") % {"name": team.name})
        return redirect("notifier:team", pk=team.pk)


class TeamEdit(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        team = get_object_or_404(Team, pk=pk)
        return self._page(request, pk, TeamForm(instance=team))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = TeamForm(request.POST, instance=get_object_or_404(Team, pk=pk))
        if not form.is_valid():
            return self._page(request, pk, form)
        team = form.save()
        messages.success(request, _("The team %(name)s was saved.") % {"name": team.name})
        return redirect("notifier:team", pk=pk)

    def _page(self, request: HttpRequest, pk: int, form: TeamForm) -> HttpResponse:
        kept = get_object_or_404(Team, pk=pk)
        return form_page(request, "notifier/team_form.html", form, team=kept)


class TeamDelete(Delete):
    model = Team
    template = "notifier/team_delete.html"
    list_page = "notifier:teams"

    def about(self, row: Any) -> dict[str, Any]:
        return {"rules": row.rules.all()}
