"""What is kept in English is shown in German."""

import pytest
from django.conf import settings
from django.test import Client

from notifier.models import Delivery, Message
from notifier.models.message import MessageState
from tests.notifier.factories import make_recipient, make_rule, make_source
from tests.notifier.history import finish, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(operator: Client) -> Client:
    operator.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    return operator


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_steps_of_a_provider(german: Client) -> None:
    text = page(german, f"/sources/{make_source().pk}/")
    assert "„Secret“: das Geheimnis dieser Quelle einfügen." in text
    assert "Workflow runs" in text


def test_why_a_rule_did_not_match(german: Client) -> None:
    make_source()
    make_rule(to=[make_recipient()], outcomes=["passed"], branches=["@default"])
    text = page(german, f"/deliveries/{run().pk}/")
    assert "Ergebnis ist fehlgeschlagen, verlangt: erfolgreich." in text


def test_why_a_message_failed(german: Client) -> None:
    make_source()
    make_rule(to=[make_recipient()])
    run()
    message = Message.objects.get()
    reason = "Gave up after 8 attempts: SNS cannot be reached. (EndpointConnectionError)"
    finish(message, MessageState.FAILED, reason=reason)
    text = page(german, f"/messages/{message.pk}/")
    assert "Nach 8 Versuchen aufgegeben: SNS ist nicht erreichbar. (EndpointConn" in text


def test_why_a_request_was_refused(german: Client, client: Client) -> None:
    source = make_source()
    client.post(f"/hooks/{source.slug}", data="{}", content_type="application/json")
    delivery = Delivery.objects.get(verdict="rejected")
    assert "Der Header X-Hub-Signature-256 fehlt" in page(german, f"/deliveries/{delivery.pk}/")
    assert delivery.reason.startswith("The X-Hub-Signature-256 header is missing")


def test_a_wrong_pattern(german: Client) -> None:
    answer = german.post("/rules/new", {"name": "x", "branches": "!", "max_parts": "1"})
    assert "Hier fehlt ein Muster" in answer.content.decode()


def test_what_a_rule_does(german: Client) -> None:
    rule = make_rule(
        to=[make_recipient(name="Ada")], kinds=["pipeline"], outcomes=["failed", "fixed"]
    )
    sentence = "Wenn eine Pipeline fehlschlägt oder wieder gelingt, geht eine Nachricht an Ada."
    assert sentence in page(german, f"/rules/{rule.pk}/")
