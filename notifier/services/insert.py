"""Many rows of one table in one statement, several times quicker than `bulk_create`.

The fields that are the same for every row are prepared for the database once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


class QuickInsert:
    """Inserts rows of `model` that differ in `varying` fields only; the rest has defaults."""

    def __init__(self, model: type[Model], varying: Sequence[str], **same: Any) -> None:
        fields = model._meta.concrete_fields
        self._meta = model._meta
        self._manager = model._default_manager
        self._varying = [
            (index, field) for index, field in enumerate(fields) if field.attname in varying
        ]
        self._blank = model(**same)
        self._templates: dict[str, list[Any]] = {}

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> set[Any]:
        """Insert `rows`, leave out those that are there already; return the new primary keys.

        All new is the rule and needs no second query. RETURNING would be one, but SQLite's
        driver releases the interpreter at each row of its answer, and a busy server takes it.
        """
        # The wrapper itself: the proxy `django.db.connection` looks it up at every access.
        connection = connections[DEFAULT_DB_ALIAS]
        template = self._template(connection)
        parameters: list[Any] = []
        for row in rows:
            values = template.copy()
            for index, field in self._varying:
                values[index] = field.get_db_prep_save(row[field.attname], connection)
            parameters += values
        with connection.cursor() as cursor:
            cursor.execute(self._statement(connection, len(rows)), parameters)
            count = cursor.rowcount
        keys = {row[self._meta.pk.attname] for row in rows}
        if count == len(keys):
            return keys
        there = self._manager.filter(pk__in=keys)
        return set(there.values_list("pk", flat=True))

    def _template(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """Return the constant values, prepared for the database in use."""
        if connection.vendor not in self._templates:
            varying = {field for _, field in self._varying}
            self._templates[connection.vendor] = [
                None
                if field in varying
                else field.get_db_prep_save(field.pre_save(self._blank, add=True), connection)
                for field in self._meta.concrete_fields
            ]
        return self._templates[connection.vendor]

    def _statement(self, connection: BaseDatabaseWrapper, count: int) -> str:
        quote = connection.ops.quote_name
        names = [quote(str(field.column)) for field in self._meta.concrete_fields]
        row = "(" + ", ".join(["%s"] * len(names)) + ")"
        return (
            f"INSERT INTO {quote(self._meta.db_table)} ({', '.join(names)}) "  # noqa: S608
            f"VALUES {', '.join([row] * count)} ON CONFLICT DO NOTHING"
        )
