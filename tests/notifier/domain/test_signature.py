"""Signatures, against vectors that others published."""

import pytest

from notifier.domain import signature
from notifier.domain.errors import InvalidSignature

# The example of the Standard Webhooks specification.
TOKEN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_the_example_of_standard_webhooks_verifies() -> None:
    signature.verify_standard(HEADERS, BODY, [TOKEN], 1614265330, place="there")


def test_its_secret_may_come_without_the_prefix() -> None:
    bare = TOKEN.removeprefix("whsec_")
    signature.verify_standard(HEADERS, BODY, [bare], 1614265330, place="there")


@pytest.mark.parametrize("header", list(HEADERS))
def test_each_of_its_headers_is_needed(header: str) -> None:
    with pytest.raises(InvalidSignature):
        signature.verify_standard(HEADERS | {header: ""}, BODY, [TOKEN], 1614265330, place="there")


def test_a_token_is_compared_whole() -> None:
    for given in ("secre", "secret2", "Secret"):
        with pytest.raises(InvalidSignature):
            signature.verify_token(given, ["secret"], header="X", place="there")


def test_a_digest_is_that_of_rfc_4231() -> None:
    digest = signature.hex_digest(b"Jefe", b"what do ya want for nothing?")
    assert digest == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
