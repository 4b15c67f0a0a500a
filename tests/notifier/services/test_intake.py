import json
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from notifier.domain.errors import InvalidSignature, UnusableBody
from notifier.domain.ids import uuid7
from notifier.models import Delivery, DeliveryBody
from notifier.services import sources
from notifier.services.intake import Incoming, begin, receive, store
from notifier.services.sources import UnknownSource, rotate_secret
from tests.notifier.factories import (
    SECRET,
    github_headers,
    make_source,
    receive_github,
    workflow_run,
)

pytestmark = pytest.mark.django_db


def test_it_keeps_the_raw_body() -> None:
    make_source()
    body = b'{"zen":  "spaces   stay", "n": 1.0}\n'
    delivery = receive("octo", github_headers(body), body, "192.0.2.7")
    assert bytes(DeliveryBody.objects.get(pk=delivery).content) == body


def test_it_waits_for_the_worker() -> None:
    make_source()
    row = receive_github(workflow_run())
    assert (row.verdict, row.state, row.attempts, row.provider_event) == (
        "accepted",
        "due",
        0,
        "workflow_run",
    )


def test_it_keeps_headers_and_address() -> None:
    make_source()
    row = receive_github(workflow_run(), delivery="abc-1")
    assert (row.headers["x-github-delivery"], row.remote) == ("abc-1", "192.0.2.7")


def test_nul_in_a_header_is_cut_out() -> None:
    make_source()
    body = b"{}"
    headers = {**github_headers(body), "x-odd": "a\0b"}
    row = Delivery.objects.get(pk=receive("octo", headers, body, None))
    assert row.headers["x-odd"] == "ab"


@pytest.mark.parametrize("secret", [SECRET, "wrong"])
def test_the_database_holds_no_secret_that_a_header_carried(secret: str) -> None:
    make_source(provider="gitlab")
    with suppress(InvalidSignature):
        receive(
            "octo", {"x-gitlab-token": secret, "authorization": f"Bearer {secret}"}, b"{}", None
        )
    headers = Delivery.objects.get().headers
    assert headers == {"x-gitlab-token": "[hidden]", "authorization": "[hidden]"}


def test_little_is_kept_of_the_headers_of_a_refused_request() -> None:
    make_source()
    headers = {f"x-{number}": "y" * 9000 for number in range(100)}
    with pytest.raises(InvalidSignature):
        receive("octo", {"user-agent": "curl", **headers}, b"{}", None)
    kept = Delivery.objects.get().headers
    assert kept["user-agent"] == "curl"
    assert len(json.dumps(kept)) < 10_000


def test_a_delivery_cannot_pass_for_a_redelivery_or_a_refusal() -> None:
    make_source()
    with time_machine.travel("2026-03-02T10:00:05Z", tick=False):
        for name in ("again:abc-1", "rejected:signature:202603021000", "abc-1", "abc-1"):
            receive_github(workflow_run(), delivery=name)
        with pytest.raises(InvalidSignature):
            receive("octo", github_headers(b"{}", secret="wrong"), b"{}", None)
    verdicts = Delivery.objects.order_by("id").values_list("verdict", flat=True)
    assert list(verdicts) == [*["accepted"] * 3, "duplicate", "rejected"]


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(UnknownSource):
        receive("nobody", {}, b"{}", None)


def test_a_source_that_is_switched_off_is_unknown() -> None:
    source = make_source()
    source.is_active = False
    source.save()
    with pytest.raises(UnknownSource):
        receive_github(workflow_run())


def test_a_wrong_signature_leaves_a_row_without_a_body() -> None:
    make_source()
    with pytest.raises(InvalidSignature):
        receive("octo", github_headers(b"{}", secret="wrong"), b"{}", "192.0.2.9")
    row = Delivery.objects.get()
    assert (row.verdict, row.state, row.remote) == ("rejected", "done", "192.0.2.9")
    assert not DeliveryBody.objects.exists()


@time_machine.travel("2026-03-02T10:00:05Z", tick=False)
def test_a_flood_of_wrong_signatures_is_one_row_a_minute() -> None:
    make_source()
    for _ in range(30):
        with pytest.raises(InvalidSignature):
            receive("octo", github_headers(b"{}", secret="wrong"), b"{}", None)
    assert list(Delivery.objects.values_list("repeats", flat=True)) == [29]


def test_refused_requests_that_wait_together_are_counted_together() -> None:
    make_source()
    body = json.dumps(workflow_run()).encode()
    wrong = github_headers(body, secret="wrong")
    receipts = [begin("octo", wrong, body, "192.0.2.1") for _ in range(3)]
    good = begin("octo", github_headers(body), body, "192.0.2.2")
    for receipt in receipts:
        with pytest.raises(InvalidSignature):
            receipt.result()
    assert Delivery.objects.get(pk=good.result()).verdict == "accepted"
    assert Delivery.objects.filter(verdict="rejected").count() <= 2


def test_refusals_for_different_reasons_are_different_rows() -> None:
    make_source()
    for body, secret in ((b"{}", "wrong"), (b"[]", SECRET)):
        with pytest.raises((InvalidSignature, UnusableBody)):
            receive("octo", github_headers(body, secret=secret), body, None)
    keys = Delivery.objects.values_list("key", flat=True)
    assert sorted(key.split(":")[1] for key in keys) == ["body", "signature"]


def test_a_redelivery_is_a_row_of_its_own_without_a_body() -> None:
    make_source()
    first = receive_github(workflow_run(), delivery="same")
    again = receive_github(workflow_run(), delivery="same")
    assert (again.verdict, again.first, again.repeats) == ("duplicate", first, 0)
    assert DeliveryBody.objects.count() == 1


def test_further_redeliveries_only_count() -> None:
    make_source()
    receive_github(workflow_run(), delivery="same")
    ids = {receive_github(workflow_run(), delivery="same").pk for _ in range(4)}
    assert (len(ids), Delivery.objects.get(pk=ids.pop()).repeats) == (1, 3)


def test_the_same_delivery_twice_in_one_batch_is_stored_once() -> None:
    source = make_source()
    row = receive_github(workflow_run(), delivery="x")
    Delivery.objects.all().delete()
    fields = {
        name: getattr(row, name)
        for name in (
            "source_id",
            "key",
            "received_at",
            "due_at",
            "remote",
            "provider_event",
            "headers",
        )
    }
    batch = [Incoming({**fields, "id": uuid7()}, b"{}") for _ in range(3)]
    ids = store(batch)
    verdicts = sorted(source.deliveries.values_list("verdict", flat=True))
    assert (len(set(ids)), verdicts) == (2, ["accepted", "duplicate"])


def test_the_same_id_at_two_sources_is_two_deliveries() -> None:
    make_source()
    make_source(slug="other")
    receive_github(workflow_run(), delivery="same")
    receive_github(workflow_run(), delivery="same", slug="other")
    assert Delivery.objects.filter(verdict="accepted").count() == 2


def test_the_old_secret_works_during_the_overlap() -> None:
    source = make_source()
    rotate_secret(source, overlap=timedelta(hours=1))
    assert receive_github(workflow_run()).verdict == "accepted"


def test_the_old_secret_ends_with_the_overlap() -> None:
    source = make_source()
    rotate_secret(source, overlap=timedelta(hours=1))
    sources.forget_doors()
    with (
        time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)),
        pytest.raises(InvalidSignature),
    ):
        receive_github(workflow_run())


def test_the_new_secret_works_at_once() -> None:
    source = make_source()
    new = rotate_secret(source)
    body = json.dumps(workflow_run()).encode()
    receive("octo", github_headers(body, secret=new), body, None)
    assert Delivery.objects.get().verdict == "accepted"


def test_secrets_are_encrypted_in_the_database() -> None:
    make_source()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notifier_source")
        assert SECRET not in str(cursor.fetchall())
