"""How lists are searched: patterns and texts as conditions of a query."""

from django.db.models import F, Lookup, Q, Value
from django.db.models.functions import Upper


class Like(Lookup):
    """SQL's LIKE, letters compared without regard to case on every database."""

    lookup_name = "like"

    def as_sql(self, compiler, connection):  # type: ignore[no-untyped-def]
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right} ESCAPE '\\'", (*left_params, *right_params)


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


def _like(field: str, pattern: str) -> Like:
    return Like(Upper(F(field)), Upper(Value(pattern)))
