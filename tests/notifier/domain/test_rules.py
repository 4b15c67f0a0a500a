"""What a rule wants, condition by condition."""

from typing import Any

import pytest

from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.rules import Check, Conditions, check, matches


def make_event(**changes: Any) -> Event:
    fields: dict[str, Any] = {
        "kind": Kind.PIPELINE,
        "outcome": Outcome.FAILED,
        "repository": "octo-org/octo-repo",
        "branch": "main",
        "workflow": "Build",
        "actor": "octocat",
    }
    return Event(**(fields | changes))


def wants(event: Event, **conditions: Any) -> bool:
    return matches(check(Conditions(**conditions), event, "octo-github"))


def test_a_rule_without_conditions_takes_what_a_person_did() -> None:
    assert check(Conditions(), make_event(), "octo-github") == (
        Check("include_bots", True, "a person", "a person"),
    )


def test_a_rule_that_takes_bots_too_has_nothing_to_check() -> None:
    assert check(Conditions(include_bots=True), make_event(), "octo-github") == ()


def test_every_condition_says_what_it_wanted_and_got() -> None:
    conditions = Conditions(
        source=("gitlab",),
        repositories=("octo-org/*", "!*/docs"),
        branches=("@default",),
        kinds=("pipeline", "deployment"),
        outcomes=("failed", "fixed"),
        workflows=("Deploy*",),
        environments=("prod",),
        actors_in=("mona",),
        actors_out=("octocat",),
    )
    assert check(conditions, make_event(), "octo-github") == (
        Check("source", False, "gitlab", "octo-github"),
        Check("repositories", True, "octo-org/*, !*/docs", "octo-org/octo-repo"),
        Check("branches", True, "@default", "main"),
        Check("kinds", True, "pipeline, deployment", "pipeline"),
        Check("outcomes", True, "failed, fixed", "failed"),
        Check("workflows", False, "Deploy*", "Build"),
        Check("environments", False, "prod", "(none)"),
        Check("actors_in", False, "mona", "octocat"),
        Check("actors_out", False, "not octocat", "octocat"),
        Check("include_bots", True, "a person", "a person"),
    )


@pytest.mark.parametrize(
    "conditions",
    [
        {"source": ("octo-github",)},
        {"repositories": ("OCTO-org/*",)},
        {"branches": ("ma*",)},
        {"kinds": ("pipeline",)},
        {"outcomes": ("failed",)},
        {"workflows": ("Build",)},
        {"actors_in": ("OctoCat",)},
        {"actors_out": ("mona", "*[bot]")},
        {"actors_out": ("*", "!octocat")},
    ],
)
def test_it_wants(conditions: dict[str, Any]) -> None:
    assert wants(make_event(), **conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        {"source": ("octo",)},
        {"repositories": ("octo-org",)},
        {"branches": ("Main",)},
        {"branches": ("!main",)},
        {"kinds": ("push",)},
        {"outcomes": ("passed", "cancelled")},
        {"workflows": ("build",)},
        {"environments": ("*prod*",)},
        {"actors_out": ("OCTO*",)},
        {"actors_out": ("!mona",)},
    ],
)
def test_it_does_not_want(conditions: dict[str, Any]) -> None:
    assert not wants(make_event(), **conditions)


@pytest.mark.parametrize(
    ("branch", "default_branch", "wanted"),
    [
        ("main", "", True),
        ("master", "", True),
        ("trunk", "trunk", True),
        ("main", "trunk", False),
        ("dev", "", False),
        ("", "", False),
        ("releases", "release*", False),
    ],
)
def test_the_default_branch_is_the_one_that_the_provider_names(
    branch: str, default_branch: str, wanted: bool
) -> None:
    event = make_event(branch=branch, default_branch=default_branch)
    assert wants(event, branches=("@default",)) is wanted


def test_the_default_branch_can_be_excluded() -> None:
    assert not wants(make_event(), branches=("!@default",))


def test_the_default_branch_stands_beside_patterns() -> None:
    event = make_event(branch="release/2")
    assert wants(event, branches=("@default", "release/*"))


def test_a_branch_pattern_crosses_slashes() -> None:
    assert wants(make_event(branch="feature/a/b"), branches=("feature/*",))


def test_bots_are_out_by_default() -> None:
    assert not wants(make_event(is_bot=True))


def test_bots_can_be_wanted() -> None:
    assert wants(make_event(is_bot=True), include_bots=True)


def test_an_unknown_actor_is_not_excluded() -> None:
    assert wants(make_event(actor=""), actors_out=("*",))
