"""Lists by cursor: `{"next", "previous", "results"}`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class CursorPages(CursorPagination):
    """Pages that stay put while new rows arrive: newest first, by the primary key."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = "How many results a page has, 1 to 200."
    cursor_query_description = "Where the page starts: take it from `next` or `previous`."
    ordering = "-pk"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        self._key = queryset.model._meta.pk
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor of the request. Raises a 400 when it is none of ours."""
        try:
            cursor = super().decode_cursor(request)
            if cursor and cursor.position is not None:
                self._key.to_python(cursor.position)
        except (exceptions.NotFound, ValidationError):
            raise _invalid("cursor", _("This is no cursor of this list.")) from None
        return cursor

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows the request wants. Raises a 400 for what is no such number."""
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        size = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        if not 1 <= size <= self.max_page_size:
            raise _invalid("page_size", _("Give a number from 1 to 200."))
        return size

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page after this one: older rows."},
                "previous": {**link, "description": "The page before this one: newer rows."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, size = super().get_schema_operation_parameters(view)
        size["schema"] = {
            "type": "integer",
            "minimum": 1,
            "maximum": self.max_page_size,
            "default": self.page_size,
        }
        return [cursor, size]


def _invalid(parameter: str, message: Any) -> exceptions.ValidationError:
    return exceptions.ValidationError({parameter: [message]})
