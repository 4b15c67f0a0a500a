"""From a delivery to the phone: the services together, driven by the worker."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from notifier.domain.errors import SendFailed, SendUnknown
from notifier.gateways.gateway import Receipt, Settings, Sms
from notifier.models import Delivery, DeliveryBody, Message, Source, Team
from notifier.services import sending
from notifier.services.deliveries import NotReplayable, replay
from portal.work import Worker, queues
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)

pytestmark = pytest.mark.django_db


def work() -> None:
    Worker(queues()).run_once()


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


class Failing:
    """A gateway that answers with an error."""

    key = "failing"
    label = "Failing"

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    @staticmethod
    def check(settings: Settings) -> dict[str, str]:
        return {}

    def send(self, sms: Sms) -> Receipt:
        self.calls += 1
        raise self.error


def test_a_failed_run_on_main_reaches_the_phone() -> None:
    make_source()
    make_rule(to=[make_recipient(phone="+4915112345678")], outcomes=["failed"])
    delivery = receive_github(workflow_run())
    work()
    message = Message.objects.get()
    assert (message.state, str(message.phone.as_e164), message.delivery_id) == (
        "delivered",
        "+4915112345678",
        delivery.pk,
    )
    assert "octo-org/weather main" in message.text


def test_the_delivery_tells_what_was_read() -> None:
    make_source()
    delivery = receive_github(workflow_run())
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.kind, delivery.outcome, delivery.repository) == (
        "done",
        "pipeline",
        "failed",
        "octo-org/weather",
    )


def test_the_first_delivery_verifies_the_source() -> None:
    source = make_source()
    receive_github(workflow_run())
    work()
    source.refresh_from_db()
    assert source.verified_at is not None
    assert source.last_delivery_at is not None


def test_a_ping_is_read_and_tells_nobody() -> None:
    make_source()
    make_rule(to=[make_recipient()])
    delivery = receive_github({"zen": "Keep it simple.", "hook_id": 1}, event="ping")
    work()
    delivery.refresh_from_db()
    assert (delivery.kind, delivery.decisions, states()) == ("ping", [], [])


def test_a_rule_that_does_not_match_says_which_condition_failed() -> None:
    make_source()
    make_rule(to=[make_recipient()], branches=["release/*"], outcomes=["failed"])
    delivery = receive_github(workflow_run())
    work()
    delivery.refresh_from_db()
    (decision,) = delivery.decisions
    failed = [check["condition"] for check in decision["checks"] if not check["passed"]]
    assert (decision["matched"], failed, states()) == (False, ["branches"], [])


def test_two_rules_send_one_person_one_message() -> None:
    make_source()
    ada = make_recipient()
    make_rule(name="A", to=[ada])
    make_rule(name="B", to=[ada])
    delivery = receive_github(workflow_run())
    work()
    delivery.refresh_from_db()
    results = [line["result"] for rule in delivery.decisions for line in rule["recipients"]]
    assert (results, len(states())) == (["told", "skipped"], 1)


def test_a_team_is_told_one_by_one() -> None:
    make_source()
    team = Team.objects.create(name="Backend")
    team.members.set([make_recipient(name="Ada"), make_recipient(name="Grace")])
    make_rule(teams=[team])
    receive_github(workflow_run())
    work()
    assert states() == ["delivered", "delivered"]


def test_the_person_who_caused_it_can_be_left_out() -> None:
    make_source()
    ada, grace = make_recipient(name="Ada", logins=["Ada"]), make_recipient(name="Grace")
    make_rule(to=[ada, grace], skip_own_events=True)
    receive_github(workflow_run(actor="ada"))
    work()
    assert list(Message.objects.values_list("recipient_name", flat=True)) == ["Grace"]


def test_the_person_who_caused_it_can_be_told() -> None:
    make_source()
    make_recipient(name="Ada", logins=["ada"])
    make_recipient(name="Grace", logins=["grace"])
    make_rule(tell_actor=True)
    receive_github(workflow_run(actor="ada"))
    work()
    assert list(Message.objects.values_list("recipient_name", flat=True)) == ["Ada"]


def test_a_person_who_is_switched_off_gets_nothing() -> None:
    make_source()
    make_rule(to=[make_recipient(is_active=False)])
    receive_github(workflow_run())
    work()
    assert states() == []


def test_passed_after_failed_is_fixed() -> None:
    make_source()
    receive_github(workflow_run(run_id=1, started="2026-03-02T09:00:00Z"))
    passed = receive_github(
        workflow_run(run_id=2, conclusion="success", started="2026-03-02T10:00:00Z")
    )
    work()
    passed.refresh_from_db()
    assert passed.outcome == "fixed"


def test_a_redelivery_sends_nothing() -> None:
    make_source()
    make_rule(to=[make_recipient()])
    receive_github(workflow_run(), delivery="same")
    work()
    receive_github(workflow_run(), delivery="same")
    work()
    assert states() == ["delivered"]


def test_the_same_run_through_a_second_hook_sends_nothing() -> None:
    make_source()
    make_source(slug="organisation")
    make_rule(to=[make_recipient()])
    receive_github(workflow_run())
    receive_github(workflow_run(), slug="organisation")
    work()
    assert states() == ["delivered"]


def test_a_new_attempt_of_the_run_is_news() -> None:
    make_source()
    make_rule(to=[make_recipient()])
    receive_github(workflow_run(attempt=1))
    receive_github(workflow_run(attempt=2))
    work()
    assert states() == ["delivered", "delivered"]


def test_a_redelivery_sends_what_the_first_could_not(monkeypatch: pytest.MonkeyPatch) -> None:
    make_source()
    make_rule(to=[make_recipient()])
    refusing = Failing(SendFailed("The number does not exist.", permanent=True))
    with monkeypatch.context() as patch:
        patch.setattr(sending, "gateway", lambda: refusing)
        receive_github(workflow_run(), delivery="same")
        work()
    assert states() == ["failed"]
    receive_github(workflow_run(), delivery="same")
    work()
    assert states() == ["delivered"]


def test_replay_tells_whom_a_new_rule_names() -> None:
    make_source()
    delivery = receive_github(workflow_run())
    work()
    make_rule(to=[make_recipient()])
    replay(Delivery.objects.get(pk=delivery.pk))
    work()
    assert states() == ["delivered"]


def test_replay_does_not_send_twice() -> None:
    make_source()
    make_rule(to=[make_recipient()])
    delivery = receive_github(workflow_run())
    work()
    replay(Delivery.objects.get(pk=delivery.pk))
    work()
    assert states() == ["delivered"]


def test_replay_keeps_fixed() -> None:
    make_source()
    receive_github(workflow_run(run_id=1, started="2026-03-02T09:00:00Z"))
    fixed = receive_github(
        workflow_run(run_id=2, conclusion="success", started="2026-03-02T10:00:00Z")
    )
    receive_github(workflow_run(run_id=3, conclusion="success", started="2026-03-02T11:00:00Z"))
    work()
    replay(Delivery.objects.get(pk=fixed.pk))
    work()
    fixed.refresh_from_db()
    assert fixed.outcome == "fixed"


def test_a_rejected_request_cannot_be_replayed() -> None:
    row = Delivery(verdict="rejected", source=Source())
    with pytest.raises(NotReplayable):
        replay(row)


def test_a_body_that_is_no_json_is_ignored_with_a_reason() -> None:
    source = make_source(provider="gitea")
    row = Delivery.objects.create(source=source, key="1", verdict="accepted")
    DeliveryBody.objects.create(delivery=row, content=b"{not json")
    work()
    row.refresh_from_db()
    assert (row.verdict, row.state, bool(row.reason)) == ("ignored", "done", True)


def test_a_message_without_an_answer_is_unknown_and_never_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = Failing(SendUnknown("No answer."))
    monkeypatch.setattr(sending, "gateway", lambda: silent)
    make_source()
    make_rule(to=[make_recipient()])
    delivery = receive_github(workflow_run())
    work()
    replay(Delivery.objects.get(pk=delivery.pk))
    work()
    assert (states(), silent.calls) == (["unknown"], 1)


def test_a_refusal_that_may_pass_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Failing(SendFailed("Too many requests.", permanent=False))
    monkeypatch.setattr(sending, "gateway", lambda: busy)
    make_source()
    make_rule(to=[make_recipient()])
    receive_github(workflow_run())
    work()
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("queued", 1)
    assert "Too many requests." in message.reason


def test_a_refused_message_says_when_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = Failing(SendFailed("The number does not exist.", permanent=True))
    monkeypatch.setattr(sending, "gateway", lambda: refusing)
    message = sending.queue_test_message(make_recipient())
    work()
    message.refresh_from_db()
    assert (message.state, message.finished_at is not None) == ("failed", True)


def test_a_flood_is_held_not_lost(settings: Any) -> None:
    settings.NOTIFIER = {**settings.NOTIFIER, "HOURLY_LIMIT": 2}
    make_source()
    make_rule(to=[make_recipient()])
    for run_id in range(1, 4):
        receive_github(workflow_run(run_id=run_id))
    work()
    assert sorted(states()) == ["delivered", "delivered", "held"]
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        work()
    assert states() == ["delivered"] * 3


def test_the_limit_is_the_numbers_also_when_its_recipient_is_made_anew(settings: Any) -> None:
    settings.NOTIFIER = {**settings.NOTIFIER, "HOURLY_LIMIT": 1}
    for _ in range(2):
        recipient = make_recipient(phone="+4915123456789")
        sending.queue_test_message(recipient)
        work()
        recipient.delete()
    assert sorted(states()) == ["delivered", "held"]


def test_a_message_that_is_too_old_is_dropped() -> None:
    sending.queue_test_message(make_recipient())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        work()
    assert states() == ["dropped"]


def test_a_test_message_is_sent_like_any_other() -> None:
    sending.queue_test_message(make_recipient(language="de"))
    work()
    assert states() == ["delivered"]
