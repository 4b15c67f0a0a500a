from typing import Any

import pytest

from notifier.domain.rules import Check
from notifier.models import Rule, Team
from notifier.models.message import MessageState
from notifier.services.explaining import Person, explain, why_not
from tests.notifier.factories import make_recipient, make_rule, make_source
from tests.notifier.history import finish, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def source() -> Any:
    return make_source()


def only(people: list[Person]) -> Person:
    (person,) = people
    return person


def test_whoever_was_told_has_the_state_of_the_message() -> None:
    make_rule(name="Main is red", to=[make_recipient(name="Ada")])
    delivery = run()
    finish(delivery.messages.get(), MessageState.FAILED, reason="No network.")
    ada = only(explain(delivery).meant)
    assert (ada.name, ada.state, ada.reason) == ("Ada", "failed", "No network.")
    assert ada.rules == ("Main is red",)


def test_the_words_of_a_gateway_about_its_success_are_no_reason() -> None:
    make_rule(to=[make_recipient()])
    delivery = run()
    finish(delivery.messages.get(), reason="Shown in the outbox.")
    assert only(explain(delivery).meant).reason == ""


def test_a_person_whom_two_rules_name_stands_there_once() -> None:
    ada = make_recipient(name="Ada")
    make_rule(name="A", to=[ada])
    make_rule(name="B", to=[ada])
    person = only(explain(run()).meant)
    assert (person.state, person.rules) == ("queued", ("A", "B"))


def test_whoever_is_switched_off_was_skipped_for_that() -> None:
    make_rule(to=[make_recipient(is_active=False)])
    person = only(explain(run()).meant)
    assert (person.state, person.reason) == ("skipped", "This recipient is switched off.")


def test_whoever_was_told_before_is_led_to_that_message() -> None:
    make_source(slug="other")
    make_rule(to=[make_recipient()])
    first = run()
    again = run(slug="other")
    person = only(explain(again).meant)
    assert person.state == "skipped"
    assert person.message == first.messages.get()


def test_whom_no_rule_names_was_not_told_for_that() -> None:
    make_rule(to=[make_recipient(name="Ada")])
    make_recipient(name="Ben")
    ben = only(explain(run()).others)
    assert (ben.name, ben.reason) == ("Ben", "No rule that was asked names them.")


def test_whose_rule_did_not_match_was_not_told_for_that() -> None:
    make_rule(name="Main", to=[make_recipient()], branches=["main"])
    reason = only(explain(run(branch="dev")).others).reason
    assert reason == "The rule “Main” did not match. Branch is dev, wanted: main."


def test_the_rule_that_came_closest_is_named() -> None:
    ada = make_recipient()
    make_rule(name="Far", to=[ada], branches=["x"], kinds=["push"])
    make_rule(name="Near", to=[ada], branches=["x"])
    assert "Near" in only(explain(run()).others).reason


def test_members_of_a_team_are_named_by_its_rule() -> None:
    team = Team.objects.create(name="On call")
    team.members.add(make_recipient(name="Ada"))
    make_rule(name="Main", teams=[team], branches=["x"])
    assert "Main" in only(explain(run()).others).reason


def test_matched_rules_come_first() -> None:
    make_rule(name="A", branches=["x"])
    make_rule(name="B")
    explanation = explain(run())
    assert [one.name for one in explanation.decisions] == ["B", "A"]
    assert [one.name for one in explanation.matched] == ["B"]


def test_a_rule_that_was_deleted_is_still_named() -> None:
    make_rule(name="Gone", to=[make_recipient()])
    delivery = run()
    Rule.objects.all().delete()
    (decision,) = explain(delivery).decisions
    assert (decision.rule, decision.name) == (0, "Gone")


def test_a_recipient_who_was_deleted_is_still_named() -> None:
    ada = make_recipient(name="Ada")
    make_rule(to=[ada])
    delivery = run()
    ada.delete()
    person = only(explain(delivery).meant)
    assert (person.recipient, person.name) == (0, "Ada")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (Check("branches", False, "@default", "dev"), "Branch is dev, wanted: the default branch."),
        (
            Check("environments", False, "production", "(none)"),
            "Environment is not given, wanted: production.",
        ),
        (Check("include_bots", False, "a person", "a bot"), "It was made by a bot."),
    ],
)
def test_a_condition_is_told_in_plain_words(check: Check, sentence: str) -> None:
    assert why_not(check) == sentence
