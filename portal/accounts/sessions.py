"""Sessions of people: seen when used, ended all at once."""

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts.addresses import client_address
from portal.accounts.models import User

SEEN_EVERY = timedelta(minutes=1)

Handler = Callable[[HttpRequest], HttpResponse]


def track_activity(get_response: Handler) -> Handler:
    """Note when and from where a session was last used: with a write once a minute, not always."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated and _is_stale(request):
            UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware


def _is_stale(request: HttpRequest) -> bool:
    known = UserSession.objects.filter(session_key=request.session.session_key).first()
    if known is None:
        return True
    is_recent = bool(known.last_seen_at > timezone.now() - SEEN_EVERY)
    return not is_recent or known.ip != client_address(request)


def end_sessions(user: User) -> int:
    """Sign `user` out everywhere; return how many sessions that were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
