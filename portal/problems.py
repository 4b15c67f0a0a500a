"""Errors as application/problem+json (RFC 9457): the one place where exceptions become answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

API = "/api/"
MEDIA_TYPE = "application/problem+json"
# Where DRF puts what is wrong with no single field.
NO_FIELD = "non_field_errors"
Errors = dict[str, list[str]]


def problem(
    status: int,
    detail: str,
    *,
    errors: Errors | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return an answer that says what went wrong; `errors` are sentences by field."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def handle(error: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """Return the answer of a REST view for `error`, None when it is a bug (`server_error`)."""
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(as_serializer_error(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing at this address."))
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {
        name: response[name] for name in ("WWW-Authenticate", "Retry-After") if name in response
    }
    if isinstance(error, exceptions.ValidationError):
        detail, errors = _explain(error.detail)
        return problem(response.status_code, detail, errors=errors, headers=headers)
    return problem(response.status_code, str(response.data["detail"]), headers=headers)


def _explain(found: Any) -> tuple[str, Errors]:
    """Return one sentence, and what is wrong by field: `config.mode`, `logins.0`."""
    errors: Errors = {}
    _collect(found, "", errors)
    general = errors.pop("", [])
    if general:
        return " ".join(general), errors
    return _("Some fields are not valid: %(fields)s.") % {"fields": ", ".join(errors)}, errors


def _collect(found: Any, place: str, errors: Errors) -> None:
    if isinstance(found, dict):
        for key, inner in found.items():
            inside = place if key == NO_FIELD else f"{place}.{key}" if place else str(key)
            _collect(inner, inside, errors)
    elif isinstance(found, list):
        for inner in found:
            _collect(inner, place, errors)
    else:
        errors.setdefault(place, []).append(str(found))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django refuses before any view sees it."""
    if _is_api(request):
        return problem(400, _("The request cannot be understood."))
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what may not be done."""
    if _is_api(request):
        return problem(403, _("You may not do this."))
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer for an address that does not exist."""
    if _is_api(request):
        return problem(404, _("There is nothing at this address."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a bug. Django has logged it, with the id that the answer carries too."""
    if _is_api(request):
        text = _("Something went wrong here. The log has it under the X-Request-Id of this answer.")
        return problem(500, text)
    return defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)
