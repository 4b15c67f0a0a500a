"""What every REST view shares: how requests are read, how answers are chosen, how lists filter."""

import json
from typing import IO, Any, NoReturn

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import APIException, NotAcceptable, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MOST_BYTES = 1024 * 1024
DEEPEST = 50
PAGING = {"cursor", "page_size"}


class TooLarge(APIException):
    status_code = 413
    default_detail = _("The body is larger than 1 MiB.")


class BoundedJSONParser(JSONParser):
    """JSON in UTF-8 of bounded size and depth, in which every text can be stored."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        """Return the values in the body. Raises ParseError (400) and TooLarge (413)."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge
        try:
            value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %(error)s") % {"error": error}) from None
        _check(value, 0)
        return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number.")


def _check(value: Any, depth: int) -> None:
    """Raise ParseError where a value could be stored or answered by nobody."""
    if depth > DEEPEST:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, str) and not value.isascii() and _is_broken(value):
        raise ParseError(_("A text in the body has half of a character (a lone surrogate)."))


def _is_broken(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


class AlwaysAnswer(DefaultContentNegotiation):
    """Answers in the view's first form where the client asks for one that it does not have."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(
                request, renderers, format_suffix
            )
        except NotAcceptable:
            return renderers[0], renderers[0].media_type
        return chosen


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]
    """Filters lists. Unknown and empty parameters are errors: a slip must not show everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        if getattr(view, "detail", False):
            return queryset
        filters = self.get_filterset(request, queryset, view)
        known = PAGING | set(filters.filters if filters else ())
        errors = {name: [_("There is no such parameter.")] for name in request.query_params}
        for name in known & errors.keys():
            del errors[name]
            if not all(request.query_params.getlist(name)):
                errors[name] = [_("Give a value, or leave the parameter out.")]
        if errors:
            raise ValidationError(errors)
        return super().filter_queryset(request, queryset, view)
