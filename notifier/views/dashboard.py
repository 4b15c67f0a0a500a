from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from notifier.models import Message
from notifier.services import overview
from notifier.views.deliveries import lines

LAST_MESSAGES = 6


class Dashboard(View):
    """The first screen. `worker_is_alive` comes from the portal, which knows the worker."""

    worker_is_alive: Callable[[], bool] = staticmethod(lambda: True)

    def get(self, request: HttpRequest) -> HttpResponse:
        steps = overview.first_steps()
        context = {"steps": steps, "worker_is_alive": self.worker_is_alive(), **_numbers()}
        return render(request, "notifier/dashboard.html", context)


def _numbers() -> dict[str, Any]:
    now = timezone.now()
    red, days = overview.still_red(now), overview.daily(now)
    health = overview.sources_health(now)
    failed, before = overview.failed_within(now)
    return {
        "red": red[: overview.MOST_RED],
        "red_count": len(red),
        "red_lines": lines([one.delivery for one in red[: overview.MOST_RED]]),
        "lately": lines(overview.lately()),
        "waiting": overview.waiting(),
        "people_told": overview.people_told(now),
        "troubled": overview.troubled(now),
        "failed": failed,
        "failed_before": before,
        "days": days,
        "daily": [day.deliveries for day in days],
        "daily_failed": [day.failed for day in days],
        "most": max(day.deliveries for day in days),
        "health": health,
        "unwell": [one for one in health if one.problem],
        "last_messages": Message.objects.order_by("-id")[:LAST_MESSAGES],
        "gateway": settings.NOTIFIER["GATEWAY"],
    }
