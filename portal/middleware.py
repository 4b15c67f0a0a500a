"""Middleware of our own, each a few lines."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.cache import add_never_cache_headers

Handler = Callable[[HttpRequest], HttpResponse]

DOOR = "/hooks/"
ACCOUNTS = "/accounts/"
# Load balancers ask with the task's own address as host.
HEALTH = ("/healthz", "/readyz")
REQUEST_ID = re.compile(r"[A-Za-z0-9_.=-]{8,128}\Z")


def hook_door(get_response: Handler) -> Handler:
    """Take webhooks and health checks straight to their view: no session, no sign-in, no host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith(DOOR) and path not in HEALTH:
            return get_response(request)
        match = resolve(path)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        # Without it the server would answer in chunks.
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def request_context(get_response: Handler) -> Handler:
    """Give every request an id: in its log lines and in the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response

    return middleware


def own_account_is_not_kept(get_response: Handler) -> Handler:
    """Let no browser keep pages about one's own account: some show a second factor's secret."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(ACCOUNTS):
            add_never_cache_headers(response)
        return response

    return middleware


def permissions_policy(get_response: Handler) -> Handler:
    """Switch off what no page needs; security keys stay on for our own pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
            "publickey-credentials-get=(self), publickey-credentials-create=(self)"
        )
        return response

    return middleware
