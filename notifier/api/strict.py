"""Serializers that take what the description says and nothing else."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MOST_IDS = 500
LARGEST_ID = 2**63 - 1


class Text(serializers.CharField):
    """Text: a number is none."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false: "yes" and 1 are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A whole number: "1" and true are none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "integer"},
        "maxItems": MOST_IDS,
    }
)
class Ids(serializers.ListField):
    """Rows of `model` by their ids, found in one query."""

    def __init__(self, *, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        child = Whole(min_value=1, max_value=LARGEST_ID)
        super().__init__(child=child, max_length=MOST_IDS, required=False, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        ids = super().to_internal_value(data)
        found = self.model._default_manager.in_bulk(ids)
        if missing := sorted(set(ids) - set(found)):
            text = _("There is no %(name)s with the id %(id)s.")
            name = self.model._meta.verbose_name
            raise serializers.ValidationError(text % {"name": name, "id": missing[0]})
        return list(found.values())

    def to_representation(self, data: Any) -> list[int]:
        return [row.pk for row in data.all()]


class Strict:
    """A mixin for serializers: a field that nobody knows is an error.

    Fields that can only be read may be sent back as they were read; they change nothing.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = list(self.fields)  # type: ignore[attr-defined]
            unknown = [str(name) for name in data if name not in known]
            if unknown:
                raise serializers.ValidationError({name: [_hint(name, known)] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


def _hint(name: str, known: list[str]) -> str:
    near = get_close_matches(name[:100], known, n=1)
    if near:
        return _("There is no such field. Did you mean %(name)s?") % {"name": near[0]}
    return _("There is no such field.")


class StrictSerializer(Strict, serializers.Serializer):  # type: ignore[type-arg]
    """A strict serializer of its own fields."""


class StrictModelSerializer(Strict, serializers.ModelSerializer):  # type: ignore[type-arg]
    """A strict serializer of a model's fields."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.BooleanField: Flag,
        models.PositiveSmallIntegerField: Whole,
    }
