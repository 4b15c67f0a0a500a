"""Generic JSON: three proofs of origin, and fields found by paths."""

import base64
import json
from typing import Any

import pytest

from notifier.domain.errors import InvalidSignature
from notifier.domain.event import Event, Kind, Outcome
from notifier.sources.generic import FIELDS, SOURCE
from tests.notifier.sources.deliveries import hex_hmac, parsed, request

SECRET = "slack water"
BODY = b'{"outcome": "failed"}'


def read(body: dict[str, Any], **config: str) -> Event:
    return SOURCE.parse(request(body=json.dumps(body).encode()), config)


def test_header_and_prefix_of_the_signature_are_settings() -> None:
    config = {"signature_header": "X-Seal", "signature_prefix": "v0:"}
    headers = {"x-seal": f"v0:{hex_hmac(SECRET, BODY)}"}
    SOURCE.verify(request(body=BODY, headers=headers), [SECRET], config)


def test_a_bare_digest_is_a_setting_too() -> None:
    headers = {"x-hub-signature-256": hex_hmac(SECRET, BODY)}
    SOURCE.verify(request(body=BODY, headers=headers), [SECRET], {"signature_prefix": "="})


def test_a_digest_may_be_written_in_base64() -> None:
    config = {"signature_encoding": "base64"}
    digest = base64.b64encode(bytes.fromhex(hex_hmac(SECRET, BODY))).decode()
    headers = {"x-hub-signature-256": f"sha256={digest}"}
    SOURCE.verify(request(body=BODY, headers=headers), [SECRET], config)


def test_where_base64_is_set_hexadecimal_is_refused() -> None:
    headers = {"x-hub-signature-256": f"sha256={hex_hmac(SECRET, BODY)}"}
    with pytest.raises(InvalidSignature):
        SOURCE.verify(
            request(body=BODY, headers=headers), [SECRET], {"signature_encoding": "base64"}
        )


def test_a_bearer_token_counts_only_as_bearer() -> None:
    with pytest.raises(InvalidSignature, match="Authorization"):
        SOURCE.verify(
            request(headers={"authorization": f"Basic {SECRET}"}), [SECRET], {"mode": "bearer"}
        )


def test_a_mode_that_nobody_knows_verifies_nothing() -> None:
    headers = {"x-hub-signature-256": f"sha256={hex_hmac(SECRET, BODY)}"}
    with pytest.raises(InvalidSignature):
        SOURCE.verify(request(body=BODY, headers=headers), [SECRET], {"mode": "none"})


def test_the_delivery_id_comes_from_the_configured_header() -> None:
    headers = {"x-build-id": "77", "webhook-id": "78"}
    assert SOURCE.delivery_id(request(headers=headers), {"delivery_header": "X-Build-Id"}) == "77"
    assert SOURCE.delivery_id(request(headers=headers)) == "78"


def test_fields_are_read_by_their_own_names() -> None:
    assert parsed("generic", "plain") == Event(
        kind=Kind.PIPELINE,
        outcome=Outcome.FAILED,
        repository="hafen/lotse",
        branch="main",
        default_branch="main",
        workflow="nightly",
        actor="mira-k",
        title="Round up the pilotage fee",
        url="https://ci.example.org/77",
        run_id="77",
        attempt="2",
        order="00000000001772439245",
    )


def test_fields_are_read_by_paths() -> None:
    assert parsed("generic", "mapped") == Event(
        kind=Kind.PIPELINE,
        outcome=Outcome.FAILED,
        repository="hafen/lotse",
        branch="main",
        workflow="test",
        actor="lotse-bot",
        is_bot=True,
        title="Nightly build",
        run_id="77",
        order="2026-03-02T08:19:44.000Z",
    )


def test_words_of_the_sender_are_translated() -> None:
    assert parsed("generic", "recovered").outcome is Outcome.FIXED


def test_an_empty_object_is_an_event_that_says_nothing() -> None:
    assert parsed("generic", "empty") == Event(kind=Kind.OTHER)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("SUCCESS", Outcome.PASSED),
        ("Failure", Outcome.FAILED),
        ("timed out", Outcome.FAILED),
        ("canceled", Outcome.CANCELLED),
        ("in-progress", Outcome.RUNNING),
        ("fixed", Outcome.FIXED),
        (True, Outcome.PASSED),
        (False, Outcome.FAILED),
        ("completed", Outcome.NONE),
        ("whatever", Outcome.NONE),
        ([], Outcome.NONE),
    ],
)
def test_common_words_are_known(word: object, outcome: Outcome) -> None:
    assert read({"outcome": word}).outcome is outcome


def test_the_senders_words_come_before_the_common_ones() -> None:
    assert read({"outcome": "error"}, outcomes="error=cancelled").outcome is Outcome.CANCELLED


def test_without_a_kind_the_event_header_decides() -> None:
    deploy = request(body=b'{"outcome": "failed"}', headers={"x-event": "deploy"})
    assert SOURCE.parse(deploy, {}).kind is Kind.DEPLOYMENT


def test_without_any_kind_an_outcome_makes_a_pipeline() -> None:
    assert read({"outcome": "failed"}).kind is Kind.PIPELINE


def test_a_tag_is_marked_as_one() -> None:
    assert read({"branch": "refs/tags/v2.14"}).branch == "tag:v2.14"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("mode", "none", "Choose one of: hmac, standard, bearer."),
        ("signature_header", "X Seal:", "This is no name of a header."),
        ("outcomes", "success", "'success' is no pair. Write word=meaning, parted by commas."),
        (
            "outcomes",
            "ok=great",
            "'great' is none of: failed, fixed, passed, cancelled, running, none.",
        ),
        ("branch", "a..b", "'a..b' is no path. Write keys joined by dots, such as build.status."),
        ("branch", "a |", "Between two bars there must be a path."),
    ],
)
def test_mistakes_in_settings_are_named(name: str, value: str, error: str) -> None:
    assert SOURCE.check_config({name: value}) == {name: error}


def test_good_settings_are_no_mistakes() -> None:
    config = {
        "kinds": "build_finished=pipeline,\nrollout=deployment",
        "repository": "/repo/full.name | repo.name | =hafen/lotse",
        "title": "commits.-1.message",
        "branch": "",
    }
    assert SOURCE.check_config(config) == {}


def test_every_field_of_an_event_has_a_setting() -> None:
    assert set(FIELDS) == set(Event(kind=Kind.OTHER).as_dict())
