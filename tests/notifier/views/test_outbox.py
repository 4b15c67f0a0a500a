import pytest
from django.test import Client

from notifier.models import Message
from notifier.models.message import MessageState
from tests.notifier.factories import make_recipient, make_rule, make_source
from tests.notifier.history import finish, run


def tell(*names: str) -> list[Message]:
    """Return the messages to new people with these names, delivered."""
    make_source()
    make_rule(to=[make_recipient(name=name) for name in names])
    messages = list(run().messages.order_by("pk"))
    for message in messages:
        finish(message)
    return messages


def test_an_empty_outbox_says_how_texts_get_there(viewer: Client) -> None:
    assert "No texts yet" in viewer.get("/outbox/").content.decode()


def test_it_shows_the_texts_of_whoever_got_one_last(viewer: Client) -> None:
    _ada, ben = tell("Ada", "Ben")
    text = viewer.get("/outbox/").content.decode()
    assert f"/messages/{ben.pk}/" in text
    assert "Ada" in text


def test_it_shows_the_texts_of_whom_one_chose(viewer: Client) -> None:
    ada, ben = tell("Ada", "Ben")
    text = viewer.get(f"/outbox/?recipient={ada.recipient_id}").content.decode()
    assert f"/messages/{ada.pk}/" in text
    assert f"/messages/{ben.pk}/" not in text


def test_the_newest_text_is_the_last(viewer: Client) -> None:
    (first,) = tell("Ada")
    second = run(run_id=2).messages.get()
    finish(second)
    text = viewer.get("/outbox/").content.decode()
    assert text.index(str(first.pk)) < text.index(str(second.pk))


def test_what_was_not_sent_is_on_no_phone(viewer: Client) -> None:
    (message,) = tell("Ada")
    finish(message, MessageState.FAILED)
    assert "No texts yet" in viewer.get("/outbox/").content.decode()


@pytest.mark.parametrize("wanted", ["999", "x", "-1", "9" * 30])
def test_an_unknown_recipient_is_404(viewer: Client, wanted: str) -> None:
    assert viewer.get(f"/outbox/?recipient={wanted}").status_code == 404


def test_markup_in_a_text_stays_text(viewer: Client) -> None:
    (message,) = tell("Ada")
    Message.objects.filter(pk=message.pk).update(text="<script>alert(1)</script>")
    assert "<script>alert" not in viewer.get("/outbox/").content.decode()
