from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from notifier.domain.ids import uuid7
from notifier.models import Delivery, DeliveryBody
from notifier.services.intake import INSERT_BODIES, INSERT_DELIVERIES
from tests.notifier.factories import make_source

pytestmark = pytest.mark.django_db


def make_row(source: int, key: str, **fields: Any) -> dict[str, Any]:
    now = timezone.now()
    row = {"id": uuid7(), "source_id": source, "key": key, "received_at": now, "due_at": now}
    return {**row, "remote": None, "provider_event": "push", "headers": {}, **fields}


def test_it_stores_what_the_model_would() -> None:
    source = make_source().pk
    headers = {"x-odd": 'quote " backslash \\ ü {1,2} NULL'}
    row = make_row(source, "a", remote="192.0.2.1", headers=headers)
    INSERT_DELIVERIES([row])
    stored = Delivery.objects.get()
    assert {name: getattr(stored, name) for name in row} == row
    fresh = Delivery(verdict="accepted", **row)
    rest = {field.attname for field in Delivery._meta.concrete_fields} - row.keys()
    assert {name: getattr(stored, name) for name in rest} == {
        name: getattr(fresh, name) for name in rest
    }


def test_addresses_of_both_kinds_and_none_go_together() -> None:
    source = make_source().pk
    remotes = [None, "192.0.2.1", "2001:db8::1", None]
    rows = [make_row(source, str(n), remote=remote) for n, remote in enumerate(remotes)]
    INSERT_DELIVERIES(rows)
    assert list(Delivery.objects.order_by("key").values_list("remote", flat=True)) == remotes


def test_bodies_are_stored_byte_for_byte() -> None:
    source = make_source().pk
    rows = [make_row(source, str(number)) for number in range(3)]
    contents = [bytes(range(256)), b"", b"\\x00' \\\\"]
    INSERT_DELIVERIES(rows)
    INSERT_BODIES(
        [
            {"delivery_id": row["id"], "content": content}
            for row, content in zip(rows, contents, strict=True)
        ]
    )
    stored = DeliveryBody.objects.order_by("delivery_id").values_list("content", flat=True)
    assert [bytes(content) for content in stored] == contents


def test_it_tells_what_is_new() -> None:
    source = make_source().pk
    first, again, other = (make_row(source, key) for key in ("a", "a", "b"))
    assert INSERT_DELIVERIES([first]) == {first["id"]}
    assert INSERT_DELIVERIES([again, other]) == {other["id"]}


def test_what_does_not_fit_is_an_error_and_not_cut_off() -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no lengths")
    row = make_row(make_source().pk, "x" * 256)
    with pytest.raises(DatabaseError), transaction.atomic():
        INSERT_DELIVERIES([row])
