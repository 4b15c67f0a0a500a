import pytest

from notifier.domain.own_secret import check_own_secret

PLAIN = "0" * 64
TOKEN = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def test_a_long_plain_text_is_fine() -> None:
    assert check_own_secret("correct-horse-battery", PLAIN) == ""


@pytest.mark.parametrize("secret", ["x" * 15, "x" * 201, " " + "x" * 20, "x" * 20 + "\n", "ü" * 20])
def test_what_cannot_travel_or_is_weak_is_refused(secret: str) -> None:
    assert check_own_secret(secret, PLAIN)


@pytest.mark.parametrize("secret", [TOKEN, TOKEN.removeprefix("whsec_")])
def test_a_signing_token_may_lack_its_prefix(secret: str) -> None:
    assert check_own_secret(secret, TOKEN) == ""


@pytest.mark.parametrize("secret", ["correct-horse-battery", "whsec_MDEyMzQ1Njc="])
def test_where_a_signing_token_is_needed_nothing_else_will_do(secret: str) -> None:
    assert "whsec_" in check_own_secret(secret, TOKEN)
