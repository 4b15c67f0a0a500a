"""What every gateway must keep, run over the registry."""

from pkgutil import resolve_name
from typing import Any

import pytest

from notifier.gateways import GATEWAYS, build
from notifier.gateways.gateway import Receipt, Sms

SMS = Sms("+491701234567", "FAILED o/r main", "m-1")
PUBLISHED = (
    "<PublishResponse><PublishResult><MessageId>v-1</MessageId></PublishResult></PublishResponse>"
)

every_gateway = pytest.mark.parametrize("key", GATEWAYS)


@every_gateway
def test_its_key_is_that_of_the_registry(key: str) -> None:
    assert build(key, {}).key == key


@every_gateway
def test_it_has_a_label(key: str) -> None:
    assert build(key, {}).label


@every_gateway
def test_it_is_content_without_settings(key: str) -> None:
    assert resolve_name(GATEWAYS[key]).check({}) == {}


@every_gateway
def test_it_gives_a_receipt(key: str, vendor: Any) -> None:
    vendor.answers(PUBLISHED)
    receipt = build(key, {}).send(SMS)
    assert isinstance(receipt, Receipt)
    assert receipt.provider_id


@every_gateway
def test_it_is_made_without_a_connection(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    build(key, {})


def test_there_is_no_other_gateway() -> None:
    with pytest.raises(KeyError):
        build("pigeon", {})
