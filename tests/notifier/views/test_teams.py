import pytest
from django.test import Client

from notifier.models import Recipient, Team
from tests.notifier.factories import make_recipient, make_rule


def test_an_empty_list_says_what_a_team_is(operator: Client) -> None:
    assert "No teams yet" in operator.get("/teams/").content.decode()


@pytest.mark.parametrize("name", ["new", "1/edit", "1/delete"])
def test_a_viewer_may_not_open_a_page_that_changes(viewer: Client, name: str) -> None:
    assert viewer.get(f"/teams/{name}").status_code == 403


@pytest.mark.parametrize("name", ["new", "1/edit", "1/delete"])
def test_a_viewer_may_change_nothing(viewer: Client, name: str) -> None:
    assert viewer.post(f"/teams/{name}").status_code == 403


def test_a_team_is_made_of_ticked_people(operator: Client) -> None:
    ada, _ben = make_recipient(), make_recipient(name="Ben")
    operator.post("/teams/new", {"name": "Backend", "members": [ada.pk]})
    assert list(Team.objects.get().members.all()) == [ada]


def test_people_are_told_apart_without_their_numbers(operator: Client) -> None:
    make_recipient(phone="+4915123456789", logins=["ada"], is_active=False)
    answer = operator.get("/teams/new").content.decode()
    assert "Ada · ada · +49 … 789 · inactive" in answer
    assert "23456789" not in answer


def test_without_people_it_says_where_to_add_them(operator: Client) -> None:
    assert "There is nobody to choose yet." in operator.get("/teams/new").content.decode()


def test_two_teams_have_two_names(operator: Client) -> None:
    Team.objects.create(name="Backend")
    answer = operator.post("/teams/new", {"name": "Backend"})
    assert answer.status_code == 422
    assert 'href="#id_name"' in answer.content.decode()


def test_a_failed_edit_leaves_the_heading_as_it_was(operator: Client) -> None:
    team = Team.objects.create(name="Backend")
    answer = operator.post(f"/teams/{team.pk}/edit", {"name": ""}).content.decode()
    assert "<h1>Edit Backend</h1>" in answer


def test_the_page_shows_members_with_covered_numbers_and_rules(viewer: Client) -> None:
    team = Team.objects.create(name="Backend")
    team.members.add(make_recipient(phone="+4915123456789"))
    make_rule(name="Main is red", teams=[team])
    answer = viewer.get(f"/teams/{team.pk}/").content.decode()
    assert "+49 … 789" in answer
    assert "Main is red" in answer


def test_a_team_without_members_is_marked(operator: Client) -> None:
    Team.objects.create(name="On call")
    assert "Nobody" in operator.get("/teams/").content.decode()


def test_deleting_a_team_keeps_its_members(operator: Client) -> None:
    team = Team.objects.create(name="Backend")
    team.members.add(make_recipient())
    operator.post(f"/teams/{team.pk}/delete")
    assert (Team.objects.count(), Recipient.objects.count()) == (0, 1)


def test_markup_in_a_name_is_shown_as_text(operator: Client) -> None:
    team = Team.objects.create(name="<i>x</i>")
    team.members.add(make_recipient(name="<u>y</u>"))
    paths = ("", f"{team.pk}/", f"{team.pk}/edit", f"{team.pk}/delete")
    pages = "".join(operator.get(f"/teams/{path}").content.decode() for path in paths)
    assert "<i>x" not in pages and "<u>y" not in pages
