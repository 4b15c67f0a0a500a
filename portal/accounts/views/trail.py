from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from portal.accounts import trail
from portal.accounts.forms import TrailFilter
from portal.accounts.pages import page


class Trail(View):
    """The audit trail: its filters stand in the address."""

    read_role = write_role = "admin"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        form = TrailFilter(request.GET)
        if not form.is_valid():
            return render(request, "accounts/audit.html", {"filter": form}, status=422)
        found = page(trail.find_entries(form), request.GET.get("cursor", ""))
        context = {
            "filter": form,
            "page": found,
            "lines": [trail.describe(entry) for entry in found.rows],
            "is_filtered": any(form.cleaned_data.values()),
        }
        return render(request, "accounts/audit.html", context)
