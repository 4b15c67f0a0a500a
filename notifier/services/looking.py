"""How lists are searched: patterns, texts and times as conditions of a query."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup, Q, Value
from django.db.models.sql.compiler import SQLCompiler

TIME_SHIFT = 80  # RFC 9562: the milliseconds stand in the upper 48 bits of 128.


class Like(Lookup):
    """SQL's LIKE, letters compared without regard to case."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, operator: str = "LIKE"
    ) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {operator} {right} ESCAPE '\\'", (*left_params, *right_params)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(compiler, connection, "ILIKE")


def like(field: str, pattern: str) -> Q:
    """Return the condition that `field` is `pattern`, in which `*` stands for anything."""
    if "*" not in pattern:
        # Compared as it is, so that the index helps.
        return Q(**{field: pattern})
    return Q(_like(field, escape(pattern).replace("*", "%")))


def contains(fields: tuple[str, ...], text: str) -> Q:
    """Return the condition that one of `fields` contains `text`."""
    found = Q()
    for field in fields:
        found |= Q(_like(field, f"%{escape(text)}%"))
    return found


def escape(text: str) -> str:
    """Take their meaning from the signs that LIKE knows."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest id that can be made at `moment`."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << TIME_SHIFT)


def _like(field: str, pattern: str) -> Like:
    return Like(F(field), Value(pattern))
