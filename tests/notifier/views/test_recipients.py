from typing import Any

import pytest
from django.test import Client

from notifier.models import Message, Recipient, Team
from tests.notifier.factories import make_recipient, make_rule

NUMBER = "+4915123456789"


def fields(**changed: Any) -> dict[str, Any]:
    """Return the form of a recipient as a browser would send it."""
    return {
        "name": "Ada",
        "country": "DE",
        "phone": "0151 23456789",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "logins": "",
        "is_active": "on",
    } | changed


def problems(client: Client, **changed: Any) -> str:
    answer = client.post("/recipients/new", fields(**changed))
    assert answer.status_code == 422
    return answer.content.decode()


def test_an_empty_list_says_what_a_recipient_is(operator: Client) -> None:
    answer = operator.get("/recipients/").content.decode()
    assert "No recipients yet" in answer
    assert "/recipients/new" in answer


@pytest.mark.parametrize("name", ["new", "1/edit", "1/delete"])
def test_a_viewer_may_not_open_a_page_that_changes(viewer: Client, name: str) -> None:
    assert viewer.get(f"/recipients/{name}").status_code == 403


@pytest.mark.parametrize("name", ["new", "1/edit", "1/delete", "1/test", "1/switch"])
def test_a_viewer_may_change_nothing(viewer: Client, name: str) -> None:
    assert viewer.post(f"/recipients/{name}").status_code == 403


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", "0151 23456789", NUMBER),
        ("DE", "0151/234-567 89", NUMBER),
        ("US", "+49 151 23456789", NUMBER),
        ("DE", "0049 151 23456789", NUMBER),
        ("GB", "07400 123456", "+447400123456"),
        ("US", "(201) 555-0123", "+12015550123"),
    ],
)
def test_numbers_are_kept_in_one_form(
    operator: Client, country: str, typed: str, kept: str
) -> None:
    operator.post("/recipients/new", fields(country=country, phone=typed))
    assert Recipient.objects.get().phone.as_e164 == kept


def test_the_default_country_is_chosen(operator: Client, settings: Any) -> None:
    settings.PHONENUMBER_DEFAULT_REGION = "AT"
    answer = operator.get("/recipients/new").content.decode()
    assert '<option value="AT" selected>Austria (+43)</option>' in answer


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0151 234", "Check the digits and the country"),
        ("+1 201 55501", "too few digits"),
        ("0151 2345678901234", "too many digits"),
        ("call me", "cannot be read as a phone number"),
        ("030 901820", "is a landline"),
        ("0800 1234567", "toll-free"),
    ],
)
def test_a_number_that_takes_no_message_is_explained_twice(
    operator: Client, typed: str, says: str
) -> None:
    answer = problems(operator, phone=typed)
    assert answer.count(says) == 2
    assert 'href="#id_phone"' in answer


def test_a_number_belongs_to_one_person(operator: Client) -> None:
    make_recipient(name="Grace", phone=NUMBER)
    assert "This is already the number of Grace." in problems(operator)


def test_what_was_typed_is_kept(operator: Client) -> None:
    assert 'value="0151 234"' in problems(operator, phone="0151 234")


def test_logins_come_one_a_line_without_at_sign_and_doubles(operator: Client) -> None:
    operator.post("/recipients/new", fields(logins="@ada\n\n  lovelace \nada\n"))
    assert Recipient.objects.get().logins == ["ada", "lovelace"]


def test_an_unknown_time_zone_is_refused(operator: Client) -> None:
    problems(operator, time_zone="Mars/Olympus")


def test_a_stored_time_zone_that_is_not_listed_stays(operator: Client) -> None:
    recipient = make_recipient(time_zone="Etc/GMT+3")
    answer = operator.get(f"/recipients/{recipient.pk}/edit").content.decode()
    assert '<option value="Etc/GMT+3" selected>' in answer


def test_editing_shows_the_number_with_its_country(operator: Client) -> None:
    recipient = make_recipient(phone="+447400123456")
    answer = operator.get(f"/recipients/{recipient.pk}/edit").content.decode()
    assert 'value="+44 7400 123456"' in answer
    assert '<option value="GB" selected>' in answer


def test_editing_keeps_what_was_not_changed(operator: Client) -> None:
    recipient = make_recipient(phone=NUMBER)
    answer = operator.post(f"/recipients/{recipient.pk}/edit", fields(name="Ada L."))
    assert answer.headers["Location"] == f"/recipients/{recipient.pk}/"
    recipient.refresh_from_db()
    assert (recipient.name, recipient.phone.as_e164) == ("Ada L.", NUMBER)


def test_the_list_covers_numbers(operator: Client) -> None:
    make_recipient(phone=NUMBER)
    answer = operator.get("/recipients/").content.decode()
    assert "+49 … 789" in answer
    assert "23456789" not in answer.replace(" ", "")


def test_an_operator_sees_the_whole_number_on_its_page(operator: Client) -> None:
    recipient = make_recipient(phone=NUMBER)
    assert "+49 1512 3456789" in operator.get(f"/recipients/{recipient.pk}/").content.decode()


def test_a_viewer_sees_it_covered_there_too(viewer: Client) -> None:
    recipient = make_recipient(phone=NUMBER)
    answer = viewer.get(f"/recipients/{recipient.pk}/").content.decode()
    assert "+49 … 789" in answer
    assert "23456789" not in answer.replace(" ", "")


def test_a_number_cannot_be_found_by_searching(operator: Client) -> None:
    make_recipient(phone=NUMBER)
    assert "Nothing matches" in operator.get("/recipients/?q=23456789").content.decode()


def test_somebody_in_two_teams_is_found_once(operator: Client) -> None:
    recipient = make_recipient()
    for name in ("Backend", "Backup"):
        Team.objects.create(name=name).members.add(recipient)
    answer = operator.get("/recipients/?q=back").content.decode()
    assert answer.count(f'data-key="recipient-{recipient.pk}"') == 1


def test_a_test_message_is_queued_and_shown(operator: Client) -> None:
    recipient = make_recipient()
    answer = operator.post(f"/recipients/{recipient.pk}/test", follow=True).content.decode()
    assert Message.objects.get().recipient == recipient
    assert "Test message from Leitstand for Ada" in answer
    assert "messages go to the outbox" in answer


def test_an_inactive_recipient_gets_no_test_message(operator: Client) -> None:
    recipient = make_recipient(is_active=False)
    answer = operator.post(f"/recipients/{recipient.pk}/test", follow=True).content.decode()
    assert not Message.objects.exists()
    assert "is inactive: nothing is sent" in answer


def test_the_page_names_the_rules_that_reach_them_by_name_and_by_team(operator: Client) -> None:
    recipient = make_recipient()
    team = Team.objects.create(name="Backend")
    team.members.add(recipient)
    make_rule(name="By name", to=[recipient])
    make_rule(name="By team", teams=[team])
    make_rule(name="For others")
    answer = operator.get(f"/recipients/{recipient.pk}/").content.decode()
    assert "By name" in answer and "By team" in answer
    assert "For others" not in answer


def test_markup_in_names_and_logins_is_shown_as_text(operator: Client) -> None:
    recipient = make_recipient(name="<img src=x onerror=a>", logins=["<b>bold</b>"])
    paths = ("", f"{recipient.pk}/", f"{recipient.pk}/edit", f"{recipient.pk}/delete")
    pages = "".join(operator.get(f"/recipients/{path}").content.decode() for path in paths)
    assert "<img src=x" not in pages
    assert "<b>bold" not in pages


def test_deleting_says_which_rules_lose_them_and_keeps_messages(operator: Client) -> None:
    recipient = make_recipient()
    make_rule(name="Main is red", to=[recipient])
    operator.post(f"/recipients/{recipient.pk}/test")
    assert "Main is red" in operator.get(f"/recipients/{recipient.pk}/delete").content.decode()
    operator.post(f"/recipients/{recipient.pk}/delete")
    assert not Recipient.objects.exists()
    assert Message.objects.get().recipient_name == "Ada"


def test_switching_off_and_on(operator: Client) -> None:
    recipient = make_recipient()
    operator.post(f"/recipients/{recipient.pk}/switch", {"active": "0"})
    assert not Recipient.objects.get().is_active
    operator.post(f"/recipients/{recipient.pk}/switch", {"active": "1"})
    assert Recipient.objects.get().is_active


def test_a_list_of_many_is_read_with_few_queries(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    team = Team.objects.create(name="Backend")
    team.members.set([make_recipient(name=f"Person {number}") for number in range(30)])
    with django_assert_max_num_queries(14):
        operator.get("/recipients/")
