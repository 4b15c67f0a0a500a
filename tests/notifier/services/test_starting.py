import pytest

from notifier.models import Message, Rule, Team
from notifier.services import starting
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import read

pytestmark = pytest.mark.django_db


def test_they_tell_the_chosen_person_when_the_default_branch_fails() -> None:
    make_source()
    starting.add_starting_rules(recipient=make_recipient())
    read(receive_github(workflow_run(actor="renovate[bot]")))
    assert Message.objects.get().recipient_name == "Ada"


def test_they_say_nothing_of_other_branches_and_of_what_passed() -> None:
    make_source()
    starting.add_starting_rules(recipient=make_recipient())
    read(receive_github(workflow_run(run_id=1, branch="dev")))
    read(receive_github(workflow_run(run_id=2, conclusion="success")))
    assert not Message.objects.exists()


def test_they_can_be_for_a_team() -> None:
    team = Team.objects.create(name="Backend")
    (rule,) = starting.add_starting_rules(team=team)
    assert rule.teams.get() == team


def test_they_are_only_for_an_empty_list() -> None:
    assert starting.are_offered()
    make_rule()
    assert not starting.are_offered()
    with pytest.raises(starting.RulesExist):
        starting.add_starting_rules(recipient=make_recipient())
    assert Rule.objects.count() == 1
