import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from notifier.models import Delivery, Message
from notifier.models.message import MessageState
from tests.notifier.factories import make_recipient, make_rule, make_source
from tests.notifier.history import finish, run

LIST = "/messages/"


def make_message(**fields: Any) -> Message:
    """Return the message about a failed run to Ada, who is new."""
    if not Delivery.objects.exists():
        make_source()
    make_rule(name=f"Rule {Message.objects.count()}", to=[make_recipient(**fields)])
    run(run_id=Message.objects.count() + 1)
    return Message.objects.latest("pk")


def page(client: Client, message: Message) -> str:
    answer = client.get(f"/messages/{message.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    text = client.get(f"{LIST}?{query}").content.decode()
    return re.findall(r'data-key="([0-9a-f-]{36})"', text)


def test_an_empty_list_says_when_messages_are_made(viewer: Client) -> None:
    assert "No messages yet" in viewer.get(LIST).content.decode()


def test_a_filter_that_finds_nothing_can_be_cleared(viewer: Client) -> None:
    make_message()
    assert "Nothing matches" in viewer.get(f"{LIST}?state=failed").content.decode()


@pytest.mark.parametrize("query", ["state=queued", "text=failed", "text=ada", "from=2020-01-01"])
def test_it_filters_by_the_address(viewer: Client, query: str) -> None:
    message = make_message(name="Ada")
    assert listed(viewer, query) == [str(message.pk)]


@pytest.mark.parametrize("query", ["state=sent", "text=nowhere", "gateway=sns", "to=2020-01-01"])
def test_what_does_not_fit_is_left_out(viewer: Client, query: str) -> None:
    make_message()
    assert listed(viewer, query) == []


def test_it_filters_by_recipient(viewer: Client) -> None:
    message = make_message(name="Ada")
    other = make_recipient(name="Ben")
    assert listed(viewer, f"recipient={message.recipient_id}") == [str(message.pk)]
    assert listed(viewer, f"recipient={other.pk}") == []


def test_the_number_of_queries_does_not_grow_with_the_list(
    viewer: Client, django_assert_max_num_queries: Any
) -> None:
    make_source()
    make_rule(to=[make_recipient(name=f"P{number}") for number in range(12)])
    run()
    listed(viewer)
    with django_assert_max_num_queries(8):
        assert len(listed(viewer)) == 12


def test_the_number_is_masked_for_everybody(operator: Client) -> None:
    message = make_message(phone="+4915112345678")
    text = page(operator, message)
    assert "12345678" not in text
    assert "+49 … 678" in text


def test_the_detail_leads_to_the_delivery_and_back(viewer: Client) -> None:
    message = make_message()
    assert f"/deliveries/{message.delivery_id}/" in page(viewer, message)
    delivery = viewer.get(f"/deliveries/{message.delivery_id}/").content.decode()
    assert f"/messages/{message.pk}/" in delivery


def test_the_detail_says_why_it_failed(viewer: Client) -> None:
    message = make_message()
    finish(message, MessageState.FAILED, reason="The carrier refused the number.")
    assert "The carrier refused the number." in page(viewer, message)


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.DROPPED])
def test_an_operator_sends_again_what_did_not_arrive(operator: Client, state: Any) -> None:
    message = make_message()
    finish(message, state, reason="No network.")
    operator.post(f"/messages/{message.pk}/retry")
    message.refresh_from_db()
    assert (message.state, message.reason, message.attempts) == (MessageState.QUEUED, "", 0)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DELIVERED, MessageState.SENDING])
@pytest.mark.parametrize("way", ["retry", "send-anyway"])
def test_what_arrived_is_never_sent_again(operator: Client, state: Any, way: str) -> None:
    message = make_message()
    finish(message, state)
    answer = operator.post(f"/messages/{message.pk}/{way}", follow=True)
    assert "Only a message that failed" in answer.content.decode()
    message.refresh_from_db()
    assert message.state == state


def test_what_may_have_arrived_is_not_sent_again_by_the_way(operator: Client) -> None:
    message = make_message()
    finish(message, MessageState.UNKNOWN)
    operator.post(f"/messages/{message.pk}/retry")
    message.refresh_from_db()
    assert message.state == MessageState.UNKNOWN


def test_what_may_have_arrived_is_sent_again_when_somebody_insists(operator: Client) -> None:
    message = make_message()
    finish(message, MessageState.UNKNOWN)
    assert "it arrives twice" in page(operator, message)
    operator.post(f"/messages/{message.pk}/send-anyway")
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED


def test_a_message_to_somebody_deleted_cannot_be_sent_again(operator: Client) -> None:
    message = make_message()
    finish(message, MessageState.FAILED)
    assert message.recipient
    message.recipient.delete()
    answer = operator.post(f"/messages/{message.pk}/retry", follow=True)
    assert "The recipient was deleted." in answer.content.decode()


@pytest.mark.parametrize("way", ["retry", "send-anyway"])
def test_a_viewer_sends_nothing(viewer: Client, way: str) -> None:
    message = make_message()
    finish(message, MessageState.FAILED)
    assert viewer.post(f"/messages/{message.pk}/{way}").status_code == 403
    assert "Send again" not in page(viewer, message)


def test_a_message_outlives_its_delivery(viewer: Client) -> None:
    message = make_message()
    Delivery.objects.all().delete()
    assert "a delivery that was deleted" in page(viewer, message)


def test_what_is_not_there_is_404(viewer: Client) -> None:
    assert viewer.get(f"/messages/{uuid4()}/").status_code == 404
