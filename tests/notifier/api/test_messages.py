import pytest
from rest_framework.test import APIClient

from notifier.models import Message
from notifier.services.sending import queue_test_message
from tests.notifier.factories import make_recipient


def message_in(state: str) -> Message:
    message = queue_test_message(make_recipient())
    Message.objects.filter(pk=message.pk).update(state=state)
    return message


@pytest.mark.parametrize("state", ["failed", "dropped"])
def test_what_did_not_arrive_is_sent_again(operator: APIClient, state: str) -> None:
    message = message_in(state)
    answer = operator.post(f"/api/v1/messages/{message.pk}/send-again", {})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")


@pytest.mark.parametrize("state", ["queued", "sending", "delivered", "unknown"])
def test_what_may_have_arrived_is_not_sent_again(operator: APIClient, state: str) -> None:
    message = message_in(state)
    answer = operator.post(f"/api/v1/messages/{message.pk}/send-again", {})
    message.refresh_from_db()
    assert (answer.status_code, message.state) == (409, state)


def test_doubt_can_be_overruled(operator: APIClient) -> None:
    message = message_in("unknown")
    path = f"/api/v1/messages/{message.pk}/send-again"
    assert operator.post(path, {"despite_doubt": True}).status_code == 202


def test_a_viewer_sends_nothing(viewer: APIClient) -> None:
    message = message_in("failed")
    assert viewer.post(f"/api/v1/messages/{message.pk}/send-again", {}).status_code == 403
