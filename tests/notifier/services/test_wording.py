from typing import Any

import pytest
from django.utils import translation

from notifier.models import Team
from notifier.services.drafts import doubts, draft_of, reached
from notifier.services.wording import sentence
from tests.notifier.factories import make_recipient, make_rule, make_source

pytestmark = pytest.mark.django_db


def said(**fields: Any) -> str:
    """Return the sentence of a rule for Ada in which the events of bots count."""
    ada = make_recipient()
    return sentence(draft_of(make_rule(to=[ada], **{"include_bots": True, **fields})))


def test_it_says_what_where_and_whom() -> None:
    backend = Team.objects.create(name="Backend")
    assert said(
        kinds=["pipeline", "deployment"],
        outcomes=["failed", "fixed"],
        branches=["@default"],
        repositories=["octo-org/*"],
        teams=[backend],
    ) == (
        "When a pipeline or a deployment failed or was fixed on the default branch "
        "of octo-org/*, tell Ada and team Backend."
    )


def test_a_rule_without_conditions_wants_anything() -> None:
    assert said() == "When anything happened, tell Ada."


@pytest.mark.parametrize(
    ("fields", "clause"),
    [
        ({"branches": ["main", "@default"]}, " on main or the default branch,"),
        ({"branches": ["!main"]}, " but not on main,"),
        ({"repositories": ["a/*", "!a/b"]}, " of a/* except a/b,"),
        ({"workflows": ["CI"]}, " in the workflow CI,"),
        ({"environments": ["prod-*"]}, " in the environment prod-*,"),
        ({"actors_in": ["ada"], "actors_out": ["ben"]}, " by ada but not by ben,"),
        ({"kinds": ["issue"], "outcomes": ["none"]}, "When an issue happened,"),
        ({"include_bots": False}, "Events of bots do not count."),
        ({"skip_own_events": True}, "Nobody is told of their own events."),
        ({"tell_actor": True}, "tell Ada and whoever caused it."),
    ],
)
def test_each_condition_is_said(fields: dict[str, Any], clause: str) -> None:
    assert clause in said(**fields)


def test_a_source_is_said_by_its_name() -> None:
    assert " at Octo," in said(sources=[make_source()])


def test_many_names_are_shortened() -> None:
    people = [make_recipient(name=f"P{number}") for number in range(7)]
    rule = make_rule(to=people, include_bots=True)
    assert sentence(draft_of(rule)).endswith("tell P0, P1, P2, P3 and 3 more.")


def test_nobody_is_said() -> None:
    assert "tell nobody." in sentence(draft_of(make_rule()))


def test_a_percent_sign_is_only_a_sign() -> None:
    assert " on 100%s," in said(branches=["100%s"])


def test_every_language_has_a_sentence() -> None:
    for language in ("en", "de"):
        with translation.override(language):
            assert "octo-org/*" in said(repositories=["octo-org/*"], name=language)


def test_members_of_teams_are_reached_once_and_only_when_active() -> None:
    ada, ben = make_recipient(), make_recipient(name="Ben", is_active=False)
    team = Team.objects.create(name="Backend")
    team.members.set([ada, ben])
    assert reached(draft_of(make_rule(to=[ada], teams=[team]))) == [ada]


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"kinds": ["push"]}, "reaches nobody"),
        ({"kinds": ["push"], "tell_actor": True}, "No recipient has a Git login"),
        ({"tell_actor": True, "skip_own_events": True}, "left out wins"),
        ({}, "Choose kinds or outcomes"),
        ({"kinds": ["pipeline", "job"]}, "Jobs repeat"),
    ],
)
def test_what_is_hardly_meant_is_doubted(fields: dict[str, Any], doubt: str) -> None:
    assert any(doubt in said for said in doubts(draft_of(make_rule(**fields))))


def test_a_sound_rule_is_not_doubted() -> None:
    ada = make_recipient(logins=["ada"])
    rule = make_rule(to=[ada], kinds=["pipeline"], outcomes=["failed"], tell_actor=True)
    assert doubts(draft_of(rule)) == []
