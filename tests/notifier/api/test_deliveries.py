from typing import Any

import pytest
from rest_framework.test import APIClient

from notifier.domain.errors import InvalidSignature
from notifier.models import Delivery, Message
from notifier.services.intake import receive
from tests.notifier.api.clients import Connect
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import read


def told(**fields: Any) -> Delivery:
    """Return a delivery that was read and told to Ada."""
    make_source()
    make_rule(to=[make_recipient(name="Ada", phone="+4915123456789")])
    delivery = receive_github({**workflow_run(), **fields})
    return read(delivery)


def test_the_whole_story_is_shown(viewer: APIClient) -> None:
    delivery = told()
    shown = viewer.get(f"/api/v1/deliveries/{delivery.pk}").json()
    assert shown["event"]["repository"] == "octo-org/weather"
    assert shown["decisions"][0]["recipients"][0]["result"] == "told"
    assert shown["headers"]["x-github-event"] == "workflow_run"
    assert shown["payload"]["workflow_run"]["conclusion"] == "failure"
    assert [step["what"] for step in shown["timeline"]] == ["received", "read", "queued"]
    assert shown["messages"][0]["recipient_name"] == "Ada"


def test_no_answer_has_the_whole_number(viewer: APIClient, operator: APIClient) -> None:
    delivery = told()
    texts = [
        client.get(f"/api/v1/{place}").text
        for client in (viewer, operator)
        for place in ("messages", f"deliveries/{delivery.pk}", "deliveries")
    ]
    assert not any("15123456789" in text for text in texts)


def test_viewers_do_not_see_addresses(viewer: APIClient, operator: APIClient) -> None:
    delivery = told(pusher={"email": "ada@example.com"})
    address = f"/api/v1/deliveries/{delivery.pk}"
    shown = [client.get(address).json()["payload"]["pusher"] for client in (viewer, operator)]
    assert shown == [{"email": "[e-mail]"}, {"email": "ada@example.com"}]


def test_secrets_in_a_body_are_hidden_from_everybody(connect: Connect) -> None:
    delivery = told(hook={"config": {"secret": "s3cret"}})
    shown = connect("admin", "admin").get(f"/api/v1/deliveries/{delivery.pk}")
    assert "s3cret" not in shown.text


def test_a_delivery_that_waits_has_no_event(viewer: APIClient) -> None:
    make_source()
    delivery = receive_github(workflow_run())
    shown = viewer.get(f"/api/v1/deliveries/{delivery.pk}").json()
    assert (shown["state"], shown["event"], shown["decisions"]) == ("due", None, [])


def test_a_list_is_short(viewer: APIClient) -> None:
    delivery = told()
    row = viewer.get("/api/v1/deliveries").json()["results"][0]
    assert (row["id"], row["outcome"]) == (str(delivery.pk), "failed")
    assert not row.keys() & {"headers", "payload", "event", "decisions"}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("outcome=failed", 1),
        ("outcome=passed", 0),
        ("outcome=failed&outcome=passed", 1),
        ("repository=octo-org/*&branch=main&kind=pipeline", 1),
        ("text=NIGHTLY", 1),
        ("verdict=rejected", 0),
        ("from=2020-01-01&to=2020-01-02", 0),
    ],
)
def test_the_list_is_filtered(viewer: APIClient, query: str, count: int) -> None:
    told()
    assert len(viewer.get(f"/api/v1/deliveries?{query}").json()["results"]) == count


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("outcome=broken", "outcome"),
        ("source=7", "source"),
        ("from=soon", "from"),
        ("outcom=failed", "outcom"),
        ("outcome=", "outcome"),
        ("text=", "text"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=ten", "page_size"),
        ("cursor=abc", "cursor"),
        ("cursor=cD1hYmM=", "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(viewer: APIClient, query: str, field: str) -> None:
    answer = viewer.get(f"/api/v1/deliveries?{query}")
    assert (answer.status_code, answer.json()["errors"].keys()) == (400, {field})


def test_pages_stay_put_while_rows_arrive(viewer: APIClient) -> None:
    make_source()
    old = [str(receive_github(workflow_run(run_id=run)).pk) for run in range(7)]
    page = viewer.get("/api/v1/deliveries?page_size=3").json()
    seen = [row["id"] for row in page["results"]]
    while page["next"]:
        receive_github(workflow_run(run_id=100 + len(seen)))
        page = viewer.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert seen == old[::-1]


def test_a_page_leads_back(viewer: APIClient) -> None:
    make_source()
    for run in range(4):
        receive_github(workflow_run(run_id=run))
    first = viewer.get("/api/v1/deliveries?page_size=2").json()
    second = viewer.get(first["next"]).json()
    assert viewer.get(second["previous"]).json()["results"] == first["results"]


def test_filters_stay_in_the_links(viewer: APIClient) -> None:
    told()
    make_source(slug="other")
    receive_github(workflow_run(run_id=2), slug="other")
    source = Delivery.objects.first().source_id  # type: ignore[union-attr]
    receive_github(workflow_run(run_id=3), slug="other")
    page = viewer.get(f"/api/v1/deliveries?page_size=1&source={source}").json()
    assert f"source={source}" in page["next"]


def test_a_replay_lets_the_worker_read_again(operator: APIClient) -> None:
    delivery = told()
    answer = operator.post(f"/api/v1/deliveries/{delivery.pk}/replay")
    assert (answer.status_code, answer.json()["state"]) == (202, "due")


def test_a_rejected_request_cannot_be_replayed(operator: APIClient) -> None:
    make_source()
    with pytest.raises(InvalidSignature):
        receive("octo", {"content-type": "application/json"}, b"{}", None)
    answer = operator.post(f"/api/v1/deliveries/{Delivery.objects.get().pk}/replay")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.parametrize("query", ["state=queued", "text=ada", "gateway=outbox"])
def test_messages_are_filtered(viewer: APIClient, query: str) -> None:
    told()
    found = viewer.get(f"/api/v1/messages?{query}").json()["results"]
    assert len(found) == (0 if query == "gateway=outbox" else 1)


def test_messages_lead_to_their_delivery(viewer: APIClient) -> None:
    delivery = told()
    found = viewer.get(f"/api/v1/messages?delivery={delivery.pk}").json()["results"]
    assert [message["id"] for message in found] == [str(Message.objects.get().pk)]


def test_a_list_takes_the_same_queries_however_long_it_is(
    viewer: APIClient, django_assert_max_num_queries: Any
) -> None:
    make_source()
    for run in range(10):
        receive_github(workflow_run(run_id=run))
    viewer.get("/api/v1/deliveries")
    with django_assert_max_num_queries(12):
        assert len(viewer.get("/api/v1/deliveries").json()["results"]) == 10
