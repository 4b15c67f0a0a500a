"""Lists by cursor: `{"next", "previous", "results"}`."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Pages that stay put while new rows arrive."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"
