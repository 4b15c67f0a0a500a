"""Whatever is sent, a source answers with an event or a named error and with nothing else."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notifier import sources
from notifier.domain.errors import InvalidSignature, UnusableBody
from notifier.domain.event import Event, Kind, Outcome
from notifier.sources.source import Config
from tests.notifier.sources import deliveries

every_source = pytest.mark.parametrize("key", list(sources.SOURCES))
quick = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

TEXTS = ["", " ", "\x00", "\ud800", "a\nb", "refs/heads/", "refs/tags/", "x" * 5000]
ADDRESSES = ["javascript:alert(1)", "http://[", "https://\u202e", "http://a b"]
TIMES: list[Any] = ["9999-12-31T23:59:59-23:59", "0001-01-01", 10**30, -1, 1e308]
SHAPES: list[Any] = [None, True, False, [], {}, [[]], [None], {"": ""}, {"id": {}}]
NASTY = st.sampled_from([*TEXTS, *ADDRESSES, *TIMES, *SHAPES])
VALUES = st.recursive(
    NASTY | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
OTHERS: tuple[Any, ...] = (None, [], "\x00", 10**20)
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
PROOFS = (
    "x-hub-signature-256",
    "x-hub-signature",
    "x-gitlab-token",
    "x-gitea-signature",
    "x-forgejo-signature",
    "authorization",
    "webhook-signature",
    "webhook-timestamp",
)
EVENTS = {
    "github": "x-github-event",
    "gitlab": "x-gitlab-event",
    "gitea": "x-gitea-event",
    "bitbucket": "x-event-key",
    "generic": "x-event",
}


def check(event: Event) -> None:
    """Assert what the database and the pages count on."""
    assert isinstance(event.kind, Kind) and isinstance(event.outcome, Outcome)
    for name, value in event.as_dict().items():
        if name != "is_bot":
            assert isinstance(value, str) and len(value) <= (2000 if name == "url" else 300), name
            assert value == value.encode().decode(), name
            assert not CONTROLS.search(value), name
    assert not event.url or event.url.lower().startswith(("http://", "https://"))
    assert len(event.fact("any")) < 2000


def parse(key: str, body: bytes, headers: dict[str, str], config: Config) -> None:
    try:
        event = sources.get(key).parse(deliveries.request(body=body, headers=headers), config)
    except UnusableBody as error:
        assert str(error)
    else:
        check(event)


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every (container, key) in a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in list(pairs):
        yield value, key
        if isinstance(member, dict | list):
            yield from nodes(member)


@every_source
@quick
@given(body=st.dictionaries(st.text(max_size=10), VALUES, max_size=6), event=st.text(max_size=20))
@example(body={"repository": [], "sender": "x"}, event="push")
def test_any_json_object_is_an_event_or_unusable(key: str, body: Any, event: str) -> None:
    parse(key, json.dumps(body).encode(), {EVENTS[key]: event}, {})


@every_source
@quick
@given(body=st.binary(max_size=200))
def test_any_bytes_are_an_event_or_unusable(key: str, body: bytes) -> None:
    parse(key, body, {}, {})


@every_source
@quick
@given(data=st.data())
def test_mutated_samples_are_events_or_unusable(key: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(deliveries.sample_names(key)))
    headers, body, config = deliveries.sample(key, name)
    tree = json.loads(body)
    for _ in range(data.draw(st.integers(1, 6))):
        places = list(nodes(tree))
        if not places:
            break
        container, place = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()):
            container[place] = copy.deepcopy(data.draw(VALUES))
        else:
            del container[place]
    parse(key, json.dumps(tree).encode(), headers, config)


@every_source
def test_every_node_of_every_sample_may_be_missing_or_of_another_type(key: str) -> None:
    for name in deliveries.sample_names(key):
        headers, body, config = deliveries.sample(key, name)
        tree = json.loads(body)
        for container, place in list(nodes(tree)):
            kept = container[place]
            for other in OTHERS:
                container[place] = other
                parse(key, json.dumps(tree).encode(), headers, config)
            container[place] = kept


@every_source
@quick
@given(
    value=st.text(max_size=80),
    name=st.sampled_from(PROOFS),
    mode=st.sampled_from(["", "token", "signing", "hmac", "standard", "bearer", "odd"]),
    secret=st.text(max_size=40),
)
@example(value="\ud800", name="x-gitlab-token", mode="token", secret="s")
@example(value="ÿ", name="x-hub-signature-256", mode="", secret="\ud800")
def test_any_header_verifies_or_is_refused(
    key: str, value: str, name: str, mode: str, secret: str
) -> None:
    headers = {"webhook-id": "1", "webhook-timestamp": str(int(deliveries.NOW)), name: value}
    request = deliveries.request(headers=headers)
    try:
        sources.get(key).verify(request, [secret], {"mode": mode} if mode else {})
    except InvalidSignature as error:
        assert str(error)
    else:
        assert value.strip().removeprefix("Bearer").strip() == secret.strip() != ""


@every_source
@quick
@given(config=st.dictionaries(st.text(max_size=12) | st.just("mode"), VALUES, max_size=4))
def test_any_settings_are_checked_and_survived(key: str, config: dict[str, Any]) -> None:
    source = sources.get(key)
    assert all(isinstance(error, str) for error in source.check_config(config).values())
    assert source.make_secret(config)


@quick
@given(
    config=st.dictionaries(
        st.sampled_from([s.name for s in sources.get("generic").guide.settings]),
        st.text(max_size=30) | st.sampled_from(["a.0.b", "/a~1b/0", "=x|y", "|", "=", "..", "a=b"]),
        max_size=6,
    ),
    body=st.dictionaries(st.sampled_from(["a", "b", "kind", "outcome", "url"]), VALUES, max_size=4),
)
def test_any_mapping_finds_an_event(config: dict[str, str], body: Any) -> None:
    parse("generic", json.dumps(body).encode(), {}, config)
