from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from notifier.domain.ids import uuid7
from notifier.filters import DeliveryFilter, MessageFilter
from notifier.models import Delivery, Message
from notifier.services.looking import first_id_at
from tests.notifier.factories import make_recipient, make_source

pytestmark = pytest.mark.django_db


def make_delivery(**fields: Any) -> Delivery:
    source = fields.pop("source", None) or make_source(slug=f"s{uuid7().hex}")
    if "received_at" in fields:
        fields["id"] = first_id_at(fields["received_at"])
    return Delivery.objects.create(source=source, key=uuid7().hex, **fields)


def found(query: str) -> list[Any]:
    filters = DeliveryFilter(QueryDict(query))
    assert filters.is_valid(), filters.errors
    return list(filters.qs)


def test_it_takes_a_repository_as_it_is() -> None:
    kept = make_delivery(repository="octo/weather")
    make_delivery(repository="octo/weather-station")
    assert found("repository=octo/weather") == [kept]


@pytest.mark.parametrize("pattern", ["octo/*", "OCTO/*", "*/weather", "*wea*er*"])
def test_a_star_stands_for_anything(pattern: str) -> None:
    kept = make_delivery(repository="octo/weather")
    make_delivery(repository="other/climate")
    assert found(f"repository={pattern}") == [kept]


@pytest.mark.parametrize("sign", ["%25", "_", "%5C", "%27"])
def test_signs_of_sql_mean_themselves(sign: str) -> None:
    make_delivery(title="nothing special", branch="main")
    assert found(f"text={sign}") == []
    assert found(f"branch=m{sign}*") == []


def test_it_finds_a_percent_sign() -> None:
    kept = make_delivery(title="100% done")
    make_delivery(title="1000 done")
    assert found("text=100%25") == [kept]


@pytest.mark.parametrize("column", ["title", "repository", "branch", "actor", "workflow"])
def test_text_is_looked_for_in_every_column_that_people_read(column: str) -> None:
    kept = make_delivery(**{column: "Nightly Import"})
    make_delivery()
    assert found("text=nightly") == [kept]


def test_a_word_given_twice_means_either() -> None:
    failed, fixed = make_delivery(outcome="failed"), make_delivery(outcome="fixed")
    make_delivery(outcome="passed")
    assert found("outcome=failed&outcome=fixed") == [fixed, failed]


def test_an_empty_value_does_not_filter() -> None:
    kept = make_delivery()
    assert found("outcome=&source=&text=&from=&repository=") == [kept]


def test_a_day_counts_to_its_end() -> None:
    late = make_delivery(received_at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    make_delivery(received_at=datetime(2026, 3, 3, tzinfo=UTC))
    make_delivery(received_at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    assert found("from=2026-03-02&to=2026-03-02") == [late]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-02T14:30:00Z",
        "2026-03-02T15:30:00%2B01:00",
        "2026-03-02T15:30:00+01:00",
        "2026-03-03T14:29:00%2B23:59",
    ],
)
def test_a_moment_has_a_zone(moment: str) -> None:
    make_delivery(received_at=datetime(2026, 3, 2, 14, 29, tzinfo=UTC))
    kept = make_delivery(received_at=datetime(2026, 3, 2, 14, 30, tzinfo=UTC))
    assert found(f"from={moment}") == [kept]


@pytest.mark.parametrize(
    "query",
    [
        "kind=party",
        "outcome=failed&outcome=broken",
        "source=99999999999999999999999999",
        "source=octo",
        "from=yesterday",
        "from=2026-02-30",
        "from=0001-01-01",
        "to=9999-12-31",
        "to=9999-12-31T23:59:59-12:00",
        "text=%00",
        f"repository={'x' * 301}",
    ],
)
def test_an_invalid_value_is_an_error(query: str) -> None:
    assert not DeliveryFilter(QueryDict(query)).is_valid()


def test_a_message_that_was_queued_again_counts_from_then() -> None:
    old, now = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    again = Message.objects.create(
        id=first_id_at(old), created_at=now, text="FAILED", encoding="gsm7", parts=1
    )
    assert list(MessageFilter(QueryDict("from=2026-03-09&to=2026-03-09")).qs) == [again]


def test_messages_are_found_by_text_and_name() -> None:
    ada = make_recipient(name="Ada")
    fields = {"encoding": "gsm7", "parts": 1}
    kept = Message.objects.create(recipient=ada, recipient_name="Ada", text="FAILED", **fields)
    Message.objects.create(recipient_name="Ben", text="FIXED", **fields)
    queries = ("text=ada", "text=failed", f"recipient={ada.pk}")
    assert [list(MessageFilter(QueryDict(query)).qs) for query in queries] == [[kept]] * 3


def test_a_form_offers_any_and_shows_what_is_chosen() -> None:
    form = DeliveryFilter(QueryDict("outcome=failed&outcome=fixed")).form
    html = str(form["outcome"])
    assert html.count(" selected") == 2
    assert " multiple" in html
