from typing import Any

import pytest
from django.test import Client

from notifier.models import Message, Rule, Team
from tests.notifier import history
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)


def fields(**changed: Any) -> dict[str, Any]:
    """Return the form of a rule as a browser would send it."""
    return {
        "name": "Main is red",
        "is_active": "on",
        "kinds": ["pipeline"],
        "outcomes": ["failed", "fixed"],
        "branches": "@default",
        "repositories": "",
        "workflows": "",
        "environments": "",
        "actors_in": "",
        "actors_out": "",
        "max_parts": "2",
    } | changed


def read(**run: Any) -> None:
    """Let a workflow run arrive and be read."""
    history.read(receive_github(workflow_run(**run)))


@pytest.mark.parametrize("name", ["new", "1/edit", "1/delete"])
def test_a_viewer_may_not_open_a_page_that_changes(viewer: Client, name: str) -> None:
    assert viewer.get(f"/rules/{name}").status_code == 403


@pytest.mark.parametrize("name", ["new", "start", "1/edit", "1/delete", "1/switch"])
def test_a_viewer_may_change_nothing(viewer: Client, name: str) -> None:
    assert viewer.post(f"/rules/{name}").status_code == 403


def test_a_rule_is_made_from_lines_and_boxes(operator: Client) -> None:
    ada, team = make_recipient(), Team.objects.create(name="Backend")
    operator.post(
        "/rules/new",
        fields(
            repositories="octo-org/*\n\n !octo-org/sandbox ",
            actors_out="@renovate",
            recipients=[ada.pk],
            teams=[team.pk],
            include_bots="on",
        ),
    )
    rule = Rule.objects.get()
    assert rule.repositories == ["octo-org/*", "!octo-org/sandbox"]
    assert (rule.branches, rule.actors_out) == (["@default"], ["renovate"])
    assert (rule.kinds, rule.outcomes) == (["pipeline"], ["failed", "fixed"])
    assert ([*rule.recipients.all()], [*rule.teams.all()]) == ([ada], [team])
    assert rule.include_bots and not rule.tell_actor


def test_a_new_rule_starts_with_what_most_people_want(operator: Client) -> None:
    answer = operator.get("/rules/new").content.decode()
    assert "When a pipeline or a deployment failed or was fixed on the default branch" in answer
    assert "@default</textarea>" in answer


def test_a_link_from_a_person_ticks_them(operator: Client) -> None:
    ada = make_recipient()
    answer = operator.get(f"/rules/new?recipient={ada.pk}&team=x&source=99999").content.decode()
    assert "tell Ada." in answer


def test_a_wrong_pattern_is_told_with_its_line_twice(operator: Client) -> None:
    answer = operator.post("/rules/new", fields(branches="main\n@main"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("Line 2, “@main”: Only @default starts with @.") == 2
    assert "main\n@main</textarea>" in text


def test_a_wrong_rarer_condition_is_not_hidden(operator: Client) -> None:
    closed = operator.get("/rules/new").content.decode()
    answer = operator.post("/rules/new", fields(workflows="@ci")).content.decode()
    assert '<details class="stack"><summary>More conditions' in closed
    assert '<details class="stack" open><summary>More conditions' in answer


@pytest.mark.parametrize("key", ["0", "x", "-1", "9" * 30])
def test_somebody_who_does_not_exist_is_refused(operator: Client, key: str) -> None:
    assert operator.post("/rules/new", fields(recipients=[key])).status_code == 422
    assert operator.get(f"/rules/new?recipient={key}").status_code == 200


def test_checking_says_what_it_does_and_saves_nothing(operator: Client) -> None:
    ada = make_recipient()
    answer = operator.post("/rules/new", fields(recipients=[ada.pk], check="1"))
    assert answer.status_code == 200
    assert "When a pipeline failed or was fixed on the default branch, tell Ada." in (
        answer.content.decode()
    )
    assert not Rule.objects.exists()


def test_checking_needs_no_name_but_saving_does(operator: Client) -> None:
    assert operator.post("/rules/new", fields(name="", check="1")).status_code == 200
    assert operator.post("/rules/new", fields(name="")).status_code == 422


def test_checking_an_edit_changes_nothing(operator: Client) -> None:
    rule = make_rule(name="As it was", kinds=["push"])
    operator.post(f"/rules/{rule.pk}/edit", fields(check="1"))
    rule.refresh_from_db()
    assert (rule.name, rule.kinds) == ("As it was", ["push"])


def test_editing_shows_the_rule_as_it_is(operator: Client) -> None:
    rule = make_rule(repositories=["octo-org/*"], branches=["main", "release/*"])
    answer = operator.get(f"/rules/{rule.pk}/edit").content.decode()
    assert "main\nrelease/*</textarea>" in answer


def test_editing_changes_it(operator: Client) -> None:
    rule = make_rule(kinds=["push"])
    operator.post(f"/rules/{rule.pk}/edit", fields(name="Red", branches=""))
    rule.refresh_from_db()
    assert (rule.name, rule.kinds, rule.branches) == ("Red", ["pipeline"], [])


def test_the_list_says_in_words_what_each_rule_does(viewer: Client) -> None:
    make_rule(to=[make_recipient()], kinds=["deployment"], outcomes=["failed"])
    answer = viewer.get("/rules/").content.decode()
    assert "When a deployment failed, tell Ada." in answer
    assert "1 person" in answer


def test_a_rule_that_reaches_nobody_warns_on_list_and_page(viewer: Client) -> None:
    rule = make_rule(to=[make_recipient(is_active=False)])
    assert "Nobody" in viewer.get("/rules/").content.decode()
    page = viewer.get(f"/rules/{rule.pk}/").content.decode()
    assert "This rule reaches nobody." in page
    assert "Ada is inactive and gets nothing." in page


def test_the_page_shows_which_deliveries_would_have_matched(viewer: Client) -> None:
    make_source()
    rule = make_rule(branches=["@default"], outcomes=["failed"], to=[make_recipient()])
    read(run_id=1)
    read(run_id=2, branch="feature/x")
    read(run_id=3, conclusion="success")
    answer = viewer.get(f"/rules/{rule.pk}/").content.decode()
    assert "1 of the last 3 would have matched." in answer
    assert "Branch: wanted @default, got feature/x" in answer


def test_without_deliveries_it_says_what_will_be_there(viewer: Client) -> None:
    rule = make_rule()
    assert "Nothing to compare with yet" in viewer.get(f"/rules/{rule.pk}/").content.decode()


def test_the_text_is_shown_in_every_language_with_its_parts(viewer: Client) -> None:
    rule = make_rule(kinds=["pipeline"], outcomes=["failed"])
    answer = viewer.get(f"/rules/{rule.pk}/").content.decode()
    assert "FAILED octo-org/weather" in answer
    assert "FEHLGESCHLAGEN octo-org/weather" in answer
    assert "of 160 GSM-7 characters" in answer


def test_switching_off_and_on(operator: Client) -> None:
    rule = make_rule()
    answer = operator.post(f"/rules/{rule.pk}/switch", {"active": "0"}, follow=True)
    assert "this rule tells nobody" in answer.content.decode()
    operator.post(f"/rules/{rule.pk}/switch", {"active": "1"})
    assert Rule.objects.get().is_active


def test_deleting_a_rule_keeps_its_messages(operator: Client) -> None:
    make_source()
    rule = make_rule(to=[make_recipient()])
    read()
    assert "tell Ada" in operator.get(f"/rules/{rule.pk}/delete").content.decode()
    operator.post(f"/rules/{rule.pk}/delete")
    assert (Rule.objects.count(), Message.objects.count()) == (0, 1)


def test_markup_in_names_and_payloads_is_shown_as_text(operator: Client) -> None:
    make_source(name="<s>source</s>")
    rule = make_rule(name="<i>rule</i>", to=[make_recipient(name="<u>person</u>")])
    read(branch="<b>branch</b>")
    paths = ("", f"{rule.pk}/", f"{rule.pk}/edit", f"{rule.pk}/delete", "new")
    pages = "".join(operator.get(f"/rules/{path}").content.decode() for path in paths)
    for tag in ("<i>rule", "<u>person", "<s>source", "<b>branch"):
        assert tag not in pages


def test_an_empty_list_asks_for_somebody_to_tell_first(operator: Client) -> None:
    answer = operator.get("/rules/").content.decode()
    assert "First, somebody to tell" in answer


def test_an_empty_list_offers_the_starting_rules(operator: Client) -> None:
    make_recipient()
    answer = operator.get("/rules/").content.decode()
    assert "The default branch is red" in answer
    assert 'action="/rules/start"' in answer


def test_a_viewer_is_told_who_can_add_rules(viewer: Client) -> None:
    make_recipient()
    answer = viewer.get("/rules/").content.decode()
    assert "An operator can add a rule." in answer
    assert "/rules/start" not in answer


def test_one_button_makes_the_starting_rules(operator: Client) -> None:
    ada = make_recipient()
    answer = operator.post("/rules/start", {"to": f"recipient:{ada.pk}"}, follow=True)
    rule = Rule.objects.get()
    assert rule.recipients.get() == ada
    assert "Events of bots do not count" not in answer.content.decode()


def test_the_starting_rules_need_somebody_to_tell(operator: Client) -> None:
    make_recipient()
    answer = operator.post("/rules/start", {"to": "recipient:0"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Select a valid choice") == 2


def test_the_starting_rules_are_not_made_twice(operator: Client) -> None:
    ada = make_recipient()
    for _ in range(2):
        answer = operator.post("/rules/start", {"to": f"recipient:{ada.pk}"}, follow=True)
    assert Rule.objects.count() == 1
    assert "There are rules already" in answer.content.decode()


def test_a_list_of_many_is_read_with_few_queries(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    team = Team.objects.create(name="Backend")
    team.members.add(make_recipient())
    for number in range(30):
        make_rule(name=f"Rule {number}", teams=[team])
    with django_assert_max_num_queries(20):
        operator.get("/rules/")
