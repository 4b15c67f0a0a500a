"""What all collections share: rights, ETags, conflicts."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ModelViewSet

CHANGES = ("PUT", "PATCH", "DELETE")
WITH_ETAG = ("GET", "HEAD", "PUT", "PATCH")
CONFLICT = OpenApiResponse(description="Somebody else has just used one of these values.")


class Conflict(APIException):
    status_code = 409
    default_detail = _("Somebody else has just used one of these values.")
    default_code = "conflict"


class PreconditionFailed(APIException):
    status_code = 412
    default_detail = _("It was changed since you read it: read it again.")
    default_code = "precondition_failed"


def changed(serializer: Any) -> dict[int, Any]:
    """Return the answers to a change, for the description."""
    return {200: serializer, 409: CONFLICT}


def etag_of(data: Any) -> str:
    """Return the strong ETag of a representation: for another reader it may be another one."""
    digest = hashlib.sha256(JSONRenderer().render(data)).hexdigest()
    return f'"{digest[:32]}"'


class Conditional(GenericViewSet):  # type: ignore[type-arg]
    """Answers with an ETag, and to a GET with 304 when the client has it already."""

    scope = "notify"
    read_role = "viewer"
    write_role = "operator"
    # Read by the OpenAPI description.
    conditional = True

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if not isinstance(response, Response) or response.status_code != 200:
            return response
        if request.method not in WITH_ETAG:
            return response
        etag = etag_of(response.data)
        if request.method in ("GET", "HEAD") and _holds(request, etag):
            return HttpResponseNotModified(headers={"ETag": etag})
        response.headers["ETag"] = etag
        return response


def _holds(request: Request, etag: str) -> bool:
    held = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    return "*" in held or etag in held


class Resource(Conditional, ModelViewSet):  # type: ignore[type-arg]
    """A collection that can be changed; a change under `If-Match` hits what was read."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with one_change():
            return super().create(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with one_change():
            return super().update(request, *args, **kwargs)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with one_change():
            return super().destroy(request, *args, **kwargs)

    def get_object(self) -> Any:
        """Return the row; locked, and as the client has read it, when it is to be changed."""
        if self.request.method not in CHANGES:
            return super().get_object()
        row = super().get_object()
        given = self.request.headers.get("If-Match", "")
        wanted = parse_etags(given)
        # What is given and cannot be read is a condition that fails, not none.
        if given and "*" not in wanted and etag_of(self._read(row)) not in wanted:
            raise PreconditionFailed
        return row

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_for_update() if self.request.method in CHANGES else rows

    def _read(self, row: Any) -> Any:
        """Return what a GET of `row` answers to this client."""
        return self.get_serializer(row).data


@contextmanager
def one_change() -> Iterator[None]:
    """All or nothing. A race for a unique value is a conflict, not a bug."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Conflict from None
