"""What is shown of a delivery."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.redact import headers, payload

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["variables", "token", "value", "email", "key"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


def nested(depth: int) -> Any:
    tree: Any = "deep"
    for _ in range(depth):
        tree = [{"a": tree}]
    return tree


def test_secret_headers_are_hidden_whatever_their_case() -> None:
    shown = headers(
        {
            "X-Gitlab-Token": "s3cret",
            "authorization": "Bearer s3cret",
            "X-Door": "s3cret",
            "X-Hub-Signature-256": "sha256=757107ea",
        },
        {"x-door"},
    )
    assert shown == {
        "X-Gitlab-Token": "[hidden]",
        "authorization": "[hidden]",
        "X-Door": "[hidden]",
        "X-Hub-Signature-256": "sha256=757107ea",
    }


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (
            {"object_attributes": {"variables": [{"key": "DB", "value": "s3cret"}]}},
            {"object_attributes": {"variables": [{"key": "DB", "value": "[hidden]"}]}},
        ),
        ({"variables": {"DB": "s3cret"}}, {"variables": {"DB": "[hidden]"}}),
        ({"hook": {"config": {"secret": "x"}}}, {"hook": {"config": {"secret": "[hidden]"}}}),
        ({"secret": "x", "ref": "main"}, {"secret": "[hidden]", "ref": "main"}),
        (
            {"deployment": {"payload": {"a": 1}, "id": 7}},
            {"deployment": {"payload": "[hidden]", "id": 7}},
        ),
        ({"deployment": {"payload": ""}}, {"deployment": {"payload": ""}}),
        (
            {"clientApiKey": "x", "API-KEY": "y"},
            {"clientApiKey": "[hidden]", "API-KEY": "[hidden]"},
        ),
        ({"name": "MY_TOKEN", "value": 7}, {"name": "MY_TOKEN", "value": "[hidden]"}),
        ({"tokens": ["x", "y"]}, {"tokens": "[hidden]"}),
        (
            {"secret_scanning": {"status": "enabled"}, "has_secret": True, "token": None},
            {"secret_scanning": {"status": "enabled"}, "has_secret": True, "token": None},
        ),
        (
            {"access_tokens_url": "https://api.example/tokens?token=x"},
            {"access_tokens_url": "https://api.example/tokens?token=[hidden]"},
        ),
        ({"ghp_abcdefgh": 1}, {"[hidden]": 1}),
        (
            {"clone_url": "https://mona:pw@git.example/r.git"},
            {"clone_url": "https://[hidden]@git.example/r.git"},
        ),
    ],
)
def test_a_payload_is_shown_without_secrets(tree: Any, wanted: Any) -> None:
    assert payload(tree) == wanted


def test_it_changes_nothing_in_place() -> None:
    tree = {"secret": "x", "a": [{"token": "y"}]}
    payload(tree)
    assert tree == {"secret": "x", "a": [{"token": "y"}]}


def test_addresses_stay_where_they_may_be_seen() -> None:
    assert payload({"email": "mona@example.org"}) == {"email": "mona@example.org"}


def test_addresses_are_hidden_from_viewers() -> None:
    tree = {"pusher": {"email": "mona@corp"}, "message": "Signed-off-by: M <mona@example.org>"}
    assert payload(tree, mask_email=True) == {
        "pusher": {"email": "[e-mail]"},
        "message": "Signed-off-by: M <[e-mail]>",
    }


@pytest.mark.parametrize("depth", [100, 900])
def test_a_deep_tree_is_cut(depth: int) -> None:
    assert json.dumps(payload(nested(depth))).count("[too deep]") == 1


@given(JSON, st.booleans())
def test_any_json_can_be_shown(tree: Any, mask_email: bool) -> None:
    json.dumps(payload(tree, mask_email=mask_email))


@given(st.lists(st.text(max_size=5), max_size=8), st.sampled_from(["token", "password", "secret"]))
def test_a_secret_is_found_at_any_place(path: list[str], name: str) -> None:
    tree: Any = {name: "s3cret-value"}
    for key in path:
        tree = {key: [tree]}
    assert "s3cret-value" not in json.dumps(payload(tree))
