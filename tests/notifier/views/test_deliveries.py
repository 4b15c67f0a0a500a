import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from notifier.domain.errors import InvalidSignature
from notifier.models import Delivery, DeliveryBody, Message
from notifier.models.delivery import DeliveryState
from notifier.services import paging
from notifier.services.intake import receive
from notifier.views import lists
from tests.notifier.factories import (
    github_headers,
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import finish, old_id, read, run, titled

LIST = "/deliveries/"


def page(client: Client, delivery: Delivery) -> str:
    answer = client.get(reverse("notifier:delivery", args=[delivery.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    text = client.get(f"{LIST}?{query}").content.decode()
    return re.findall(r'data-key="([0-9a-f-]{36})"', text)


def refuse(slug: str = "octo") -> None:
    with pytest.raises(InvalidSignature):
        receive(slug, github_headers(b"{}", secret="wrong"), b"{}", "192.0.2.9")


def test_an_empty_history_says_what_to_do(viewer: Client) -> None:
    text = viewer.get(LIST).content.decode()
    assert "No deliveries yet" in text
    assert "make demo" in text


def test_the_newest_comes_first(viewer: Client) -> None:
    make_source()
    first, second = run(run_id=1), run(run_id=2)
    assert listed(viewer) == [str(second.pk), str(first.pk)]


def test_a_filter_that_finds_nothing_can_be_cleared(viewer: Client) -> None:
    make_source()
    run()
    text = viewer.get(f"{LIST}?text=nowhere").content.decode()
    assert "Nothing matches" in text
    assert "Clear the filters" in text


@pytest.mark.parametrize(
    "query",
    [
        "outcome=failed",
        "kind=pipeline",
        "verdict=accepted",
        "repository=octo-org/*",
        "branch=main",
        "text=NIGHTLY",
        "from=2020-01-01",
    ],
)
def test_it_filters_by_the_address(viewer: Client, query: str) -> None:
    make_source()
    wanted = run(conclusion="failure")
    assert listed(viewer, query) == [str(wanted.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "outcome=passed",
        "kind=push",
        "verdict=rejected",
        "repository=elsewhere/*",
        "branch=dev",
        "to=2020-01-01",
        "from=2999-01-01",
    ],
)
def test_what_does_not_fit_is_left_out(viewer: Client, query: str) -> None:
    make_source()
    run(conclusion="failure")
    assert listed(viewer, query) == []


def test_it_filters_by_source(viewer: Client) -> None:
    make_source()
    other = make_source(slug="other")
    run()
    wanted = run(slug="other")
    assert listed(viewer, f"source={other.pk}") == [str(wanted.pk)]


def test_a_filter_in_use_can_be_taken_away_alone(viewer: Client) -> None:
    make_source()
    run()
    text = viewer.get(f"{LIST}?outcome=failed&branch=main").content.decode()
    assert 'class="chip" href="?branch=main"' in text
    assert 'class="chip" href="?outcome=failed"' in text


def test_a_filter_that_cannot_be_understood_is_said_so(viewer: Client) -> None:
    answer = viewer.get(f"{LIST}?from=yesterday")
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("source", ["999", "x", "-1", "1" * 40])
def test_an_unknown_source_is_said_to_be_unknown(viewer: Client, source: str) -> None:
    assert viewer.get(f"{LIST}?source={source}").status_code == 422


@pytest.mark.parametrize("cursor", ["x", "before-zz", "after-", "before-" + "f" * 32, "%00"])
def test_a_cursor_from_elsewhere_does_no_harm(viewer: Client, cursor: str) -> None:
    make_source()
    run()
    assert viewer.get(f"{LIST}?cursor={cursor}").status_code == 200


def test_pages_do_not_shift_while_rows_arrive(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.services.paging.page.__defaults__", (2,))
    make_source()
    rows = [str(run(run_id=number).pk) for number in range(5)][::-1]
    text = viewer.get(f"{LIST}?branch=main").content.decode()
    older = re.search(r'rel="next" href="\?([^"]+)"', text)
    assert older
    run(run_id=99)
    query = older[1].replace("&amp;", "&")
    assert "branch=main" in query
    assert listed(viewer, query) == rows[2:4]


def test_one_can_go_back_to_the_newer_page(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifier.services.paging.page.__defaults__", (2,))
    make_source()
    rows = [run(run_id=number).pk for number in range(5)][::-1]
    older = f"cursor=before-{rows[3].hex}"
    text = viewer.get(f"{LIST}?{older}").content.decode()
    newer = re.search(r'rel="prev" href="\?([^"]+)"', text)
    assert newer
    assert listed(viewer, newer[1]) == [str(rows[2]), str(rows[3])]


def test_a_list_that_the_database_does_not_give_is_not_shown_as_empty(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(lists, "page", broken)
    answer = viewer.get(LIST)
    assert answer.status_code == 503
    assert "Could not load" in answer.content.decode()


@pytest.mark.parametrize("query", ["text=number", "text=Number+0", "branch=m*", "kind=pipeline"])
def test_a_search_that_takes_long_says_how_far_it_came_and_goes_on(
    viewer: Client, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(paging, "STRETCH", 2)
    monkeypatch.setattr(paging, "SEARCH_SECONDS", 0)
    make_source()
    rows = [titled(f"Number {number}", run_id=number) for number in range(5)]
    expected = [str(row.pk) for row in reversed(rows) if "+0" not in query or row is rows[0]]
    found, address = [], f"outcome=failed&{query}"
    for _ in range(3):
        text = viewer.get(f"{LIST}?{address}").content.decode()
        assert "Nothing matches" not in text
        found += re.findall(r'data-key="([0-9a-f-]{36})"', text)
        older = re.search(r'rel="next" href="\?([^"]+)"', text)
        if older:
            assert "Searched back to" in text
            address = older[1].replace("&amp;", "&")
    assert (found, older) == (expected, None)


def test_a_search_with_time_left_goes_on_by_itself(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "STRETCH", 2)
    make_source()
    rows = [titled(f"Number {number}", run_id=number) for number in range(5)]
    assert listed(viewer, "text=number+0") == [str(rows[0].pk)]
    assert "Nothing matches" in viewer.get(f"{LIST}?text=nowhere").content.decode()


def test_a_refused_request_is_counted_and_explained(viewer: Client) -> None:
    make_source()
    for _ in range(3):
        refuse()
    row = Delivery.objects.get()
    assert "3 requests" in viewer.get(LIST).content.decode()
    text = page(viewer, row)
    assert "does not fit the body" in text
    assert "rotate it here" in text
    assert "without its body" in text


def test_a_redelivery_leads_to_the_first(viewer: Client) -> None:
    make_source()
    first = read(receive_github(workflow_run(), delivery="one"))
    again = receive_github(workflow_run(), delivery="one")
    receive_github(workflow_run(), delivery="one")
    text = viewer.get(f"{LIST}?verdict=duplicate").content.decode()
    assert "Redelivery (2)" in text
    assert f'href="/deliveries/{first.pk}/"' in text
    assert f'href="/deliveries/{again.pk}/"' in page(viewer, first)


def test_it_counts_who_was_told(viewer: Client) -> None:
    make_source()
    make_rule(to=[make_recipient(name="Ada"), make_recipient(name="Ben")])
    told = run()
    finish(told.messages.all()[0])
    text = viewer.get(LIST).content.decode()
    assert "1 waiting" in text


def test_the_number_of_queries_does_not_grow_with_the_list(
    viewer: Client, django_assert_max_num_queries: Any
) -> None:
    make_source()
    make_rule(to=[make_recipient()])
    for number in range(12):
        run(run_id=number)
    listed(viewer)
    with django_assert_max_num_queries(8):
        assert len(listed(viewer)) == 12


def test_the_detail_asks_few_queries_however_many_are_told(
    viewer: Client, django_assert_max_num_queries: Any
) -> None:
    make_source()
    people = [make_recipient(name=f"P{number}") for number in range(15)]
    make_rule(to=people)
    make_rule(name="Never", to=people, branches=["release/*"])
    told = run()
    page(viewer, told)
    with django_assert_max_num_queries(14):
        page(viewer, told)


def test_the_detail_says_why_somebody_was_told(viewer: Client) -> None:
    make_source()
    make_rule(name="Main is red", to=[make_recipient(name="Ada")], outcomes=["failed"])
    text = page(viewer, run())
    assert "Main is red" in text
    assert str(Message.objects.get().pk) in text


def test_the_detail_says_why_somebody_was_not_told(viewer: Client) -> None:
    make_source()
    make_rule(name="Main is red", to=[make_recipient(name="Ada")], branches=["main"])
    text = page(viewer, run(branch="dev"))
    assert "Branch is dev, wanted: main." in text
    assert "1 person was not told" in text


def test_the_detail_shows_the_body_without_secrets(viewer: Client) -> None:
    make_source()
    payload = {**workflow_run(), "hook": {"config": {"secret": "hunter2-hunter2"}}}
    text = page(viewer, read(receive_github(payload)))
    assert "hunter2" not in text
    assert "[hidden]" in text


def test_only_a_viewer_sees_no_addresses(viewer: Client, operator: Client) -> None:
    make_source()
    delivery = read(receive_github({**workflow_run(), "pusher": {"email": "ada@example.org"}}))
    assert "ada@example.org" not in page(viewer, delivery)
    assert "ada@example.org" in page(operator, delivery)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_address_that_is_no_web_page_is_no_link(viewer: Client, address: str) -> None:
    make_source()
    delivery = titled("x")
    Delivery.objects.filter(pk=delivery.pk).update(url=address)
    assert f'href="{address}' not in page(viewer, delivery)


def test_a_title_cannot_bring_markup(viewer: Client) -> None:
    make_source()
    delivery = titled("<script>alert(1)</script><img src=x onerror=alert(1)>")
    for text in (page(viewer, delivery), viewer.get(LIST).content.decode()):
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_title_cannot_turn_the_text_around_it(viewer: Client) -> None:
    make_source()
    delivery = titled("safe \u202e gnp.exe")
    Delivery.objects.filter(pk=delivery.pk).update(title="safe \u202e gnp.exe")
    text = page(viewer, delivery)
    assert "<bdi>safe \u202e gnp.exe</bdi>" in text
    assert "\u202e" not in text[text.index('id="body"') :]
    assert "\\u202e" in text


def test_an_operator_can_have_it_read_again(operator: Client) -> None:
    make_source()
    delivery = run()
    answer = operator.post(f"/deliveries/{delivery.pk}/replay", follow=True)
    assert "It is read again" in answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE


def test_a_viewer_cannot_have_it_read_again(viewer: Client) -> None:
    make_source()
    delivery = run()
    assert viewer.post(f"/deliveries/{delivery.pk}/replay").status_code == 403
    assert "Replay" not in page(viewer, delivery)


def test_what_has_no_body_cannot_be_read_again(operator: Client) -> None:
    make_source()
    delivery = run()
    DeliveryBody.objects.all().delete()
    assert "Replay" not in page(operator, delivery)
    answer = operator.post(f"/deliveries/{delivery.pk}/replay", follow=True)
    assert "pruned" in answer.content.decode()


def test_a_replay_by_get_is_refused(operator: Client) -> None:
    make_source()
    assert operator.get(f"/deliveries/{run().pk}/replay").status_code == 405


def test_what_is_not_there_is_404(viewer: Client) -> None:
    assert viewer.get(f"/deliveries/{uuid4()}/").status_code == 404


def test_a_stranger_is_sent_to_the_sign_in(client: Client, db: None) -> None:
    answer = client.get(LIST)
    assert answer.status_code == 302
    assert "/login" in answer["Location"]


def test_dates_are_read_off_the_ids(viewer: Client) -> None:
    make_source()
    delivery = run()
    fields = {f.attname: getattr(delivery, f.attname) for f in Delivery._meta.concrete_fields}
    moved = Delivery(**{**fields, "id": old_id(3), "key": "old"})
    moved.received_at = delivery.received_at.replace(year=delivery.received_at.year - 1)
    moved.save(force_insert=True)
    assert listed(viewer, f"from={delivery.received_at.date()}") == [str(delivery.pk)]
