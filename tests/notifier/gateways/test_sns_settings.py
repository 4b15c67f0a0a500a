"""What may be written into the settings of SNS."""

import pytest

from notifier.gateways.sns import Sns


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sender_id": "Leitstand", "max_price": "0.20", "sms_type": "Promotional"},
        {"origination_number": "+12065550100"},
        {"origination_number": "24273"},
        {"connect_timeout": "0.5", "read_timeout": "60"},
        {"sender_id": "", "max_price": ""},
    ],
)
def test_good_settings_are_fine(settings: dict[str, str]) -> None:
    assert Sns.check(settings) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sender_id", "Leit stand"),
        ("sender_id", "12345"),
        ("sender_id", "LeitstandMuenchen"),
        ("sender_id", "LS"),
        ("sender_id", "Müsli"),
        ("max_price", "0"),
        ("max_price", "cheap"),
        ("max_price", "-1"),
        ("origination_number", "0170 1234567"),
        ("sms_type", "transactional"),
        ("read_timeout", "0"),
        ("read_timeout", "600"),
        ("region", "eu-central-1"),
    ],
)
def test_bad_settings_are_explained(name: str, text: str) -> None:
    assert list(Sns.check({name: text})) == [name]


def test_it_does_not_start_with_bad_settings() -> None:
    with pytest.raises(ValueError, match="sms_type: Write Transactional or Promotional"):
        Sns({"sms_type": "Fast"})
