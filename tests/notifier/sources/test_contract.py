"""What every source must keep, run over each entry of the registry and each of its modes."""

import pytest

from notifier import sources
from notifier.domain.errors import InvalidSignature, UnsupportedType, UnusableBody
from notifier.domain.event import Event, Kind
from notifier.sources.source import Request, Source
from tests.notifier.sources import deliveries

BODY = b'{"zen": "Half measures are as bad as nothing at all."}'
MODES = [
    pytest.param(key, {"mode": mode} if mode else {}, id=f"{key}-{mode or 'only'}")
    for key in sources.SOURCES
    for mode in next(
        (
            [word for word, _ in setting.choices]
            for setting in sources.get(key).guide.settings
            if setting.name == "mode"
        ),
        [""],
    )
]
every_mode = pytest.mark.parametrize(("key", "config"), MODES)
every_source = pytest.mark.parametrize("key", list(sources.SOURCES))
Config = dict[str, str]


def proven(key: str, config: Config, secret: str, body: bytes = BODY) -> Request:
    return deliveries.request(body=body, headers=deliveries.proof(key, secret, body, config))


def changed(request: Request, change: dict[str, str]) -> Request:
    return Request({**request.headers, **change}, request.body, request.now)


def signature_header(key: str, config: Config) -> str:
    """Name the header that carries the proof itself."""
    return list(deliveries.proof(key, make(key, config), BODY, config))[-1]


def make(key: str, config: Config) -> str:
    return sources.get(key).make_secret(config)


@every_mode
def test_it_accepts_what_it_signed(key: str, config: Config) -> None:
    secret = make(key, config)
    sources.get(key).verify(proven(key, config, secret), [secret], config)


@every_mode
def test_it_accepts_the_second_secret_while_secrets_overlap(key: str, config: Config) -> None:
    old, new = make(key, config), make(key, config)
    sources.get(key).verify(proven(key, config, old), [new, old], config)


@every_mode
def test_secrets_are_long_and_never_twice_the_same(key: str, config: Config) -> None:
    made = {make(key, config) for _ in range(20)}
    assert len(made) == 20 and all(43 <= len(secret) <= 100 for secret in made)


@every_mode
def test_it_rejects_a_request_without_proof(key: str, config: Config) -> None:
    with pytest.raises(InvalidSignature):
        sources.get(key).verify(deliveries.request(body=BODY), [make(key, config)], config)


@every_mode
@pytest.mark.parametrize("value", ["", " ", "sha256=", "v1,", "Bearer", "Bearer ", "ünicöde ✓"])
def test_it_rejects_an_empty_or_foreign_proof(key: str, config: Config, value: str) -> None:
    secret = make(key, config)
    forged = changed(proven(key, config, secret), {signature_header(key, config): value})
    with pytest.raises(InvalidSignature):
        sources.get(key).verify(forged, [secret], config)


@every_mode
def test_it_rejects_a_truncated_proof(key: str, config: Config) -> None:
    secret, header = make(key, config), signature_header(key, config)
    request = proven(key, config, secret)
    with pytest.raises(InvalidSignature):
        cut = changed(request, {header: request.headers[header][:-1]})
        sources.get(key).verify(cut, [secret], config)


@every_mode
def test_it_rejects_the_proof_of_another_secret(key: str, config: Config) -> None:
    with pytest.raises(InvalidSignature):
        foreign = proven(key, config, make(key, config))
        sources.get(key).verify(foreign, [make(key, config)], config)


@every_mode
def test_it_rejects_a_changed_body_unless_the_proof_is_a_token(key: str, config: Config) -> None:
    secret = make(key, config)
    request = proven(key, config, secret)
    forged = Request(request.headers, request.body + b" ", request.now)
    if config.get("mode") in ("token", "bearer"):
        sources.get(key).verify(forged, [secret], config)
    else:
        with pytest.raises(InvalidSignature):
            sources.get(key).verify(forged, [secret], config)


@every_mode
@pytest.mark.parametrize("secrets", [[], [""], ["", "  "]])
def test_without_a_secret_nothing_verifies(key: str, config: Config, secrets: list[str]) -> None:
    signed_with_nothing = proven(key, config, secrets[-1] if secrets else "")
    with pytest.raises(InvalidSignature):
        sources.get(key).verify(signed_with_nothing, secrets, config)


@every_mode
def test_a_refusal_says_what_to_do_and_no_secret(key: str, config: Config) -> None:
    ours, theirs = make(key, config), make(key, config)
    with pytest.raises(InvalidSignature) as refusal:
        sources.get(key).verify(proven(key, config, theirs), [ours], config)
    text = str(refusal.value)
    assert "secret" in text and ours not in text and theirs not in text


@every_source
def test_it_has_a_label_a_guide_and_samples(key: str) -> None:
    source: Source = sources.get(key)
    assert source.key == key and source.label and deliveries.sample_names(key)
    assert any("{url}" in step for step in source.guide.steps)
    assert source.guide.docs.startswith("https://")


@every_source
def test_its_default_settings_are_right(key: str) -> None:
    settings = sources.get(key).guide.settings
    assert sources.get(key).check_config({s.name: s.default for s in settings}) == {}


@every_source
def test_unknown_settings_are_named(key: str) -> None:
    assert sources.get(key).check_config({"tpyo": "x"}) == {"tpyo": "There is no such setting."}


@every_source
def test_settings_that_are_no_text_are_named(key: str) -> None:
    names = [setting.name for setting in sources.get(key).guide.settings]
    config = dict.fromkeys(names, 1)
    assert sources.get(key).check_config(config) == dict.fromkeys(names, "This must be text.")


@every_source
def test_secrets_in_headers_are_known_by_name(key: str) -> None:
    hidden = sources.get(key).secret_headers
    assert "authorization" in hidden and all(name == name.lower() for name in hidden)


@every_source
def test_a_delivery_id_is_the_same_for_the_same_request(key: str) -> None:
    source, request = sources.get(key), deliveries.request(body=BODY)
    assert source.delivery_id(request) == source.delivery_id(request) != ""


@every_source
def test_bodies_without_an_id_differ_in_their_delivery_id(key: str) -> None:
    source = sources.get(key)
    one, two = (deliveries.request(body=body) for body in (b"{}", b"{ }"))
    assert source.delivery_id(one) != source.delivery_id(two)


@every_source
def test_delivery_ids_and_event_names_are_bounded_and_plain(key: str) -> None:
    source = sources.get(key)
    noise = "x\x00\ud800é" * 500
    names = [name for name in ALL_HEADERS if "content" not in name]
    request = deliveries.request(body=BODY, headers=dict.fromkeys(names, noise))
    identity, event = source.delivery_id(request), source.event_name(request)
    assert len(identity) <= 200 and len(event) <= 100
    assert f"{identity}{event}".isprintable()


@every_source
def test_an_unknown_event_is_kind_other(key: str) -> None:
    request = deliveries.request(headers=dict.fromkeys(EVENT_HEADERS, "moon_landing"))
    assert sources.get(key).parse(request, {}).kind is Kind.OTHER


@every_source
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"text"', id="a text"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b'{"a": "\xff"}', id="no UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"a": -Infinity}', id="infinite"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="a huge number"),
        pytest.param(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="a deep nest"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep objects"),
    ],
)
def test_it_refuses_what_is_no_json_object(key: str, body: bytes) -> None:
    with pytest.raises(UnusableBody):
        sources.get(key).parse(deliveries.request(body=body), {})


@every_source
def test_it_refuses_other_content_types(key: str) -> None:
    with pytest.raises(UnsupportedType, match=r"application/json"):
        sources.get(key).parse(deliveries.request(content_type="text/xml"), {})


@every_source
@pytest.mark.parametrize(
    "content_type", ["", "application/json", "Application/JSON; charset=utf-8"]
)
def test_it_reads_json_however_it_is_announced(key: str, content_type: str) -> None:
    event = sources.get(key).parse(deliveries.request(content_type=content_type), {})
    assert isinstance(event, Event)


EVENT_HEADERS = (
    "x-github-event",
    "x-gitlab-event",
    "x-gitea-event",
    "x-event-key",
    "x-event",
)
ALL_HEADERS = (
    *EVENT_HEADERS,
    "x-github-delivery",
    "x-forgejo-event-type",
    "x-gitea-delivery",
    "idempotency-key",
    "webhook-id",
    "x-request-uuid",
)
