"""Many rows of one table in one statement, several times quicker than `bulk_create`.

The fields that are the same for every row are prepared for the database once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, GenericIPAddressField, Model

Row = Mapping[str, Any]
# Sent as text: a list of addresses mixes types, and a cast to varchar(n) cuts off in silence.
AS_TEXT = ("inet", "varchar", "text")


class QuickInsert:
    """Inserts rows of `model` that differ in `varying` fields only; the rest has defaults."""

    def __init__(self, model: type[Model], varying: Sequence[str], **same: Any) -> None:
        self._manager = model._default_manager
        self._key = str(model._meta.pk.attname)
        self._statement: Arrays | Values | None = None
        self._model, self._varying, self._same = model, varying, same

    def __call__(self, rows: Sequence[Row]) -> set[Any]:
        """Insert `rows`, leave out those that are there already; return the new primary keys.

        All new is the rule and needs no second query. RETURNING would be one, but SQLite's
        driver releases the interpreter at each row of its answer, and a busy server takes it.
        """
        # The wrapper itself: the proxy `django.db.connection` looks it up at every access.
        connection = connections[DEFAULT_DB_ALIAS]
        if self._statement is None:
            kind = Arrays if connection.vendor == "postgresql" else Values
            self._statement = kind(self._model(**self._same), self._varying, connection)
        keys = {row[self._key] for row in rows}
        if self._statement.insert(rows, connection) == len(keys):
            return keys
        there = self._manager.filter(pk__in=keys)
        return set(there.values_list("pk", flat=True))


class Values:
    """INSERT … VALUES (…), (…), for SQLite."""

    def __init__(
        self, blank: Model, varying: Sequence[str], connection: BaseDatabaseWrapper
    ) -> None:
        fields = blank._meta.concrete_fields
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        self._head = f"INSERT INTO {quote(blank._meta.db_table)} ({names})"
        self._fields = fields
        self._varying = [(n, field) for n, field in enumerate(fields) if field.attname in varying]
        self._same = [
            None if field.attname in varying else _default(field, blank, connection)
            for field in fields
        ]

    def insert(self, rows: Sequence[Row], connection: BaseDatabaseWrapper) -> int:
        """Return how many of `rows` were new."""
        parameters: list[Any] = []
        for row in rows:
            values = self._same.copy()
            for index, field in self._varying:
                values[index] = field.get_db_prep_save(row[field.attname], connection)
            parameters += values
        place = "(" + ", ".join(["%s"] * len(self._fields)) + ")"
        places = ", ".join([place] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(f"{self._head} VALUES {places} ON CONFLICT DO NOTHING", parameters)
            return int(cursor.rowcount)


class Arrays(Values):
    """INSERT … SELECT … FROM unnest(…), for PostgreSQL: one list for each column.

    The statement is the same for any number of rows, so it is planned once. Bodies go over the
    wire as they are; in Django's way they would be text in the statement, twice as long.
    """

    def __init__(
        self, blank: Model, varying: Sequence[str], connection: BaseDatabaseWrapper
    ) -> None:
        super().__init__(blank, varying, connection)
        columns, lists, arrays = [], [], []
        for index, field in enumerate(self._fields):
            kind = str(field.db_type(connection))
            if field.attname not in varying:
                columns.append(f"%s::{kind}")
                continue
            lists.append(f"v{index}")
            columns.append(f"v{index}::inet" if kind == "inet" else f"v{index}")
            arrays.append(f"%b::{'text' if kind.startswith(AS_TEXT) else kind}[]")
        self._constant = [
            value
            for value, field in zip(self._same, self._fields, strict=True)
            if field.attname not in varying
        ]
        self._sql = (
            f"{self._head} SELECT {', '.join(columns)} "  # noqa: S608
            f"FROM unnest({', '.join(arrays)}) AS v ({', '.join(lists)}) ON CONFLICT DO NOTHING"
        )

    def insert(self, rows: Sequence[Row], connection: BaseDatabaseWrapper) -> int:
        """Return how many of `rows` were new."""
        from psycopg import Cursor

        parameters = [*self._constant]
        for _, field in self._varying:
            values = [field.get_db_prep_save(row[field.attname], connection) for row in rows]
            if isinstance(field, GenericIPAddressField):
                values = [value and str(value) for value in values]
            parameters.append(values)
        connection.ensure_connection()
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            cursor.execute(self._sql, parameters, prepare=True)
            return cursor.rowcount


def _default(field: "Field[Any, Any]", blank: Model, connection: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(field.pre_save(blank, add=True), connection)
