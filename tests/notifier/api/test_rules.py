from typing import Any

import pytest
from rest_framework.test import APIClient

from notifier.models import Rule, Team
from tests.notifier.factories import make_recipient, make_source


def test_a_rule_keeps_every_field(operator: APIClient) -> None:
    fields = {
        "name": "Main is red",
        "is_active": False,
        "sources": [make_source().pk],
        "repositories": ["octo-org/*"],
        "branches": ["@default", "release/?", "!old"],
        "kinds": ["pipeline"],
        "outcomes": ["failed", "fixed"],
        "workflows": ["CI"],
        "environments": ["production"],
        "actors_in": ["ada"],
        "actors_out": ["*bot"],
        "include_bots": True,
        "recipients": [make_recipient().pk],
        "teams": [Team.objects.create(name="Backend").pk],
        "tell_actor": True,
        "skip_own_events": True,
        "max_parts": 3,
    }
    created = operator.post("/api/v1/rules", fields).json()
    read = operator.get(f"/api/v1/rules/{created['id']}").json()
    assert {name: read[name] for name in fields} == fields


def test_an_empty_rule_wants_everything(operator: APIClient) -> None:
    rule = operator.post("/api/v1/rules", {"name": "All"}).json()
    assert (rule["kinds"], rule["branches"], rule["max_parts"]) == ([], [], 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kinds", ["party"]),
        ("outcomes", "failed"),
        ("repositories", [""]),
        ("repositories", ["!"]),
        ("branches", ["a\nb"]),
        ("branches", ["x" * 201]),
        ("workflows", ["x"] * 101),
        ("actors_in", [1]),
        ("max_parts", 0),
        ("max_parts", 5),
        ("max_parts", "2"),
        ("tell_actor", None),
        ("sources", [12345]),
    ],
)
def test_a_wrong_condition_is_named(operator: APIClient, field: str, value: Any) -> None:
    answer = operator.post("/api/v1/rules", {"name": "Wrong", field: value})
    places = {name.partition(".")[0] for name in answer.json()["errors"]}
    assert (answer.status_code, places, Rule.objects.count()) == (400, {field}, 0)


def test_two_rules_have_two_names(operator: APIClient) -> None:
    operator.post("/api/v1/rules", {"name": "All"})
    assert operator.post("/api/v1/rules", {"name": "All"}).json()["errors"].keys() == {"name"}


def test_a_rule_is_deleted(operator: APIClient) -> None:
    rule = operator.post("/api/v1/rules", {"name": "All"}).json()
    address = f"/api/v1/rules/{rule['id']}"
    assert [operator.delete(address).status_code for _ in range(2)] == [204, 404]
