"""Pages that belong to no app."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.contrib.auth.decorators import login_not_required


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def csrf_failure(
    request: HttpRequest, reason: str = "", **_kwargs: Any
) -> HttpResponse:
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
