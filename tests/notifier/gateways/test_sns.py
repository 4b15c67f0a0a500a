"""SNS against moto's server and against a server that misbehaves, both over HTTP."""

import logging
import socket
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

from notifier.domain.errors import NotifierError, SendFailed, SendUnknown
from notifier.gateways.gateway import Receipt, Sms
from notifier.gateways.sns import Sns
from notifier.gateways.sns_errors import CODES

NUMBER = "+491701234567"
PUBLISHED = (
    "<PublishResponse><PublishResult><MessageId>v-1</MessageId></PublishResult></PublishResponse>"
)
SMS = Sms(NUMBER, "FAILED o/r main: Läuft nicht €", "m-1")


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def shared() -> Sns:
    """One gateway for many tests: a client of boto3 takes a third of a second to make."""
    return Sns({})


def refused(gateway: Sns, sms: Sms = SMS) -> NotifierError:
    with pytest.raises((SendFailed, SendUnknown)) as caught:
        gateway.send(sms)
    return caught.value


def verdict(error: NotifierError) -> str:
    if isinstance(error, SendFailed):
        return "permanent" if error.permanent else "temporary"
    return "unknown"


def attributes(request: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    found, number = {}, 1
    while (entry := f"MessageAttributes.entry.{number}") + ".Name" in request:
        found[request[f"{entry}.Name"][0]] = (
            request[f"{entry}.Value.DataType"][0],
            request[f"{entry}.Value.StringValue"][0],
        )
        number += 1
    return found


def test_it_publishes_to_the_phone(
    aws: None, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    receipt = Sns({"sender_id": "Leitstand"}).send(SMS)
    sent = sns_backends["123456789012"]["eu-central-1"].sms_messages
    assert (receipt.state, sent[receipt.provider_id]) == ("sent", (NUMBER, SMS.text))


def test_it_passes_on_that_sns_refuses_a_number(
    aws: None, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    error = refused(Sns({}), Sms("01701234567", "x", "m-1"))
    assert (verdict(error), str(error)) == (
        "permanent",
        "SNS refused the number or the text."
        " (InvalidParameter: Phone number does not meet the E164 format)",
    )


def test_it_passes_on_that_sns_refuses_a_text(
    aws: None, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    assert verdict(refused(Sns({}), Sms(NUMBER, "x" * 1601, "m-1"))) == "permanent"


def test_it_sends_as_transactional_unless_told_otherwise(shared: Sns, vendor: Any) -> None:
    refused(shared)
    assert attributes(vendor.requests[0]) == {
        "AWS.SNS.SMS.SMSType": ("String", "Transactional"),
    }


def test_its_settings_become_attributes(vendor: Any) -> None:
    settings = {
        "sms_type": "Promotional",
        "sender_id": "Leitstand",
        "max_price": "0.20",
        "origination_number": "+12065550100",
    }
    refused(Sns(settings))
    assert attributes(vendor.requests[0]) == {
        "AWS.SNS.SMS.SMSType": ("String", "Promotional"),
        "AWS.SNS.SMS.SenderID": ("String", "Leitstand"),
        "AWS.SNS.SMS.MaxPrice": ("Number", "0.20"),
        "AWS.MM.SMS.OriginationNumber": ("String", "+12065550100"),
    }


def test_every_message_has_a_connection_of_its_own(shared: Sns, vendor: Any) -> None:
    vendor.answers(PUBLISHED)
    receipts = [shared.send(SMS), shared.send(SMS)]
    assert (receipts, vendor.connections) == ([Receipt("v-1", "sent")] * 2, 2)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_meaning(code: str, shared: Sns, vendor: Any) -> None:
    vendor.fails(code, status=500 if code.startswith("internal") else 400)
    error = refused(shared)
    assert (verdict(error), str(error)) == (CODES[code].state, f"{CODES[code].reason} ({code}: no)")


@pytest.mark.parametrize("code", ["ThrottlingException", "Throttling", "ThrottledException"])
def test_a_code_is_known_in_each_spelling(code: str, shared: Sns, vendor: Any) -> None:
    vendor.fails(code)
    assert verdict(refused(shared)) == "temporary"


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (400, "temporary"),
        (418, "temporary"),
        (429, "temporary"),
        (500, "unknown"),
        (502, "unknown"),
        (503, "temporary"),
        (504, "unknown"),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(
    status: int, wanted: str, shared: Sns, vendor: Any
) -> None:
    vendor.fails("BrandNewException", status=status)
    assert verdict(refused(shared)) == wanted


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (502, "<html>Bad gateway</html>", "unknown"),
        (503, "", "temporary"),
        (200, "this is not XML", "unknown"),
        (200, "<PublishResponse><PublishResult/></PublishResponse>", "unknown"),
        (400, "this is not XML", "unknown"),
    ],
)
def test_an_answer_that_is_none(
    status: int, body: str, wanted: str, shared: Sns, vendor: Any
) -> None:
    vendor.answers(body, status)
    assert verdict(refused(shared)) == wanted


def test_it_never_asks_twice(shared: Sns, vendor: Any) -> None:
    vendor.fails("Throttling")
    refused(shared)
    vendor.fails("InternalError", status=500)
    refused(shared)
    assert len(vendor.requests) == 2


def test_no_answer_in_time_is_unknown(vendor: Any) -> None:
    vendor.released.clear()
    error = refused(Sns({"read_timeout": "0.2"}))
    assert (verdict(error), len(vendor.requests), str(error)) == (
        "unknown",
        1,
        "SNS gave no answer; the message may be on its way. (ReadTimeoutError)",
    )


def test_a_connection_that_is_hung_up_is_unknown(shared: Sns, vendor: Any) -> None:
    vendor.hangs_up = True
    assert (verdict(refused(shared)), len(vendor.requests)) == ("unknown", 1)


def test_a_refused_connection_is_worth_another_try(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        error = refused(Sns({}))
    assert (verdict(error), str(error)) == (
        "temporary",
        "SNS cannot be reached. (EndpointConnectionError)",
    )


def test_a_failed_handshake_is_worth_another_try(
    vendor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", vendor.url.replace("http:", "https:"))
    assert (verdict(refused(Sns({}))), vendor.requests) == ("temporary", [])


@pytest.mark.parametrize("missing", ["AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
def test_a_portal_without_an_account_says_so(
    missing: str, vendor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    error = refused(Sns({}))
    assert (verdict(error), vendor.requests) == ("permanent", [])


@pytest.mark.parametrize(
    "message",
    [
        f"Invalid parameter: PhoneNumber Reason: {NUMBER} is not valid to publish to",
        "491701234567 is blocked, so is +12025550123",
    ],
)
def test_an_error_names_no_number(message: str, shared: Sns, vendor: Any) -> None:
    vendor.fails("InvalidParameter", message=message)
    told = "".join(traceback.format_exception(refused(shared)))
    assert not any(digits in told for digits in ("1701234567", "2025550123"))


def test_the_log_names_no_number(vendor: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.fails("InvalidParameter", message=f"{NUMBER} is not valid")
    refused(Sns({}))
    assert "1701234567" not in caplog.text
