import json

import pytest

from notifier.domain.errors import InvalidSignature
from notifier.models import Delivery, DeliveryBody
from notifier.services import showing
from notifier.services.intake import receive
from notifier.services.showing import show, timeline
from tests.notifier.factories import (
    github_headers,
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import read

pytestmark = pytest.mark.django_db


def received(body: bytes) -> Delivery:
    make_source()
    pk = receive("octo", github_headers(body), body, None)
    return Delivery.objects.get(pk=pk)


def test_it_shows_the_body_without_secrets() -> None:
    delivery = received(b'{"hook": {"config": {"secret": "s3cret"}}, "n": 1}')
    shown = show(delivery, mask_email=False)
    assert shown.tree == {"hook": {"config": {"secret": "[hidden]"}}, "n": 1}
    assert json.loads(shown.text) == shown.tree


def test_addresses_are_masked_where_asked() -> None:
    delivery = received(b'{"pusher": {"email": "ada@example.com"}}')
    assert show(delivery, mask_email=True).tree == {"pusher": {"email": "[e-mail]"}}


def test_what_nobody_can_write_as_json_is_replaced() -> None:
    delivery = received(rb'{"half\ud800": "\udfff", "endless": 1e999}')
    assert show(delivery, mask_email=False).tree == {"half?": "?", "endless": "inf"}


def test_a_form_is_shown_as_its_json() -> None:
    make_source()
    body = b"payload=%7B%22a%22%3A1%7D"
    headers = {**github_headers(body), "content-type": "application/x-www-form-urlencoded"}
    delivery = Delivery.objects.get(pk=receive("octo", headers, body, None))
    assert show(delivery, mask_email=False).tree == {"a": 1}


def test_a_body_that_is_no_json_is_not_shown() -> None:
    shown = show(received(b'{"token=s3cret'), mask_email=False)
    assert (shown.tree, shown.text, shown.size) == (None, "", 14)
    assert shown.reason


def test_a_large_body_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "MOST_BYTES", 10)
    shown = show(received(b'{"a": "0123456789"}'), mask_email=False)
    assert (shown.tree, shown.reason) == (None, "The body is too large to be shown.")


def test_a_redelivery_shows_the_body_of_the_first() -> None:
    make_source()
    receive_github(workflow_run(), delivery="one")
    again = receive_github(workflow_run(), delivery="one")
    assert show(again, mask_email=False).tree["action"] == "completed"


def test_a_pruned_body_is_said_to_be_pruned() -> None:
    delivery = received(b"{}")
    DeliveryBody.objects.all().delete()
    assert show(delivery, mask_email=False).reason == "The body was pruned."


def test_a_rejected_request_shows_its_reason() -> None:
    make_source()
    with pytest.raises(InvalidSignature):
        receive("octo", {"content-type": "application/json"}, b"{}", None)
    delivery = Delivery.objects.get()
    assert show(delivery, mask_email=False).tree is None
    assert [step.what for step in timeline(delivery)] == ["received"]


def test_the_timeline_goes_from_the_request_to_the_message() -> None:
    make_source()
    make_rule(to=[make_recipient()])
    delivery = receive_github(workflow_run())
    waiting = [step.what for step in timeline(delivery)]
    read(delivery)
    done = [step.what for step in timeline(delivery)]
    assert (waiting, sorted(done)) == (["received", "due"], ["queued", "read", "received"])
