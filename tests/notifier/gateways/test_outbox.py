"""The gateway that shows instead of sending."""

from notifier.gateways.gateway import Sms
from notifier.gateways.outbox import Outbox

SMS = Sms("+491701234567", "FAILED o/r main", "m-1")


def test_a_message_is_delivered_at_once() -> None:
    receipt = Outbox({}).send(SMS)
    assert (receipt.state, receipt.reason) == ("delivered", "Shown in the outbox.")


def test_every_message_has_its_own_id() -> None:
    outbox = Outbox({})
    assert outbox.send(SMS).provider_id != outbox.send(SMS).provider_id
