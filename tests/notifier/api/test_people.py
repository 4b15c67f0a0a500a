from typing import Any

import pytest
from rest_framework.test import APIClient

from notifier.models import Message, Recipient, Team
from tests.notifier.factories import make_recipient

ADA = {"name": "Ada", "phone": "+49 151 23456789"}


def test_a_number_is_kept_as_e164(operator: APIClient) -> None:
    answer = operator.post("/api/v1/recipients", ADA)
    assert (answer.status_code, answer.json()["phone"]) == (201, "+4915123456789")


def test_a_number_without_country_is_one_of_the_portal(operator: APIClient) -> None:
    answer = operator.post("/api/v1/recipients", {**ADA, "phone": "0151 23456789"})
    assert answer.json()["phone"] == "+4915123456789"


def test_a_number_is_used_once_however_it_is_written(operator: APIClient) -> None:
    operator.post("/api/v1/recipients", ADA)
    again = operator.post("/api/v1/recipients", {"name": "Ben", "phone": "015123456789"})
    assert again.json()["errors"].keys() == {"phone"}


@pytest.mark.parametrize("phone", ["12", "+49", "", None, 4915123456789, "+4915123456789x" * 99])
def test_what_is_no_number_is_refused(operator: APIClient, phone: Any) -> None:
    answer = operator.post("/api/v1/recipients", {**ADA, "phone": phone})
    assert answer.json()["errors"].keys() == {"phone"}


def test_viewers_see_the_end_of_a_number(viewer: APIClient, operator: APIClient) -> None:
    recipient = make_recipient(phone="+4915123456789")
    address = f"/api/v1/recipients/{recipient.pk}"
    shown = [client.get(address).json()["phone"] for client in (viewer, operator)]
    assert shown == ["+49 … 789", "+4915123456789"]
    assert "4915123456789" not in viewer.get("/api/v1/recipients").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("language", "xx"),
        ("logins", "ada"),
        ("logins", {"a": 1}),
        ("is_active", "yes"),
        ("is_active", 1),
        ("name", 7),
        ("name", "x" * 101),
        ("name", "a\x00b"),
    ],
)
def test_a_wrong_value_is_named(operator: APIClient, field: str, value: Any) -> None:
    answer = operator.post("/api/v1/recipients", {**ADA, field: value})
    assert (answer.status_code, answer.json()["errors"].keys()) == (400, {field})


def test_a_test_message_is_queued(operator: APIClient) -> None:
    recipient = make_recipient(phone="+4915123456789")
    answer = operator.post(f"/api/v1/recipients/{recipient.pk}/test")
    body = answer.json()
    assert (answer.status_code, body["state"], body["phone"]) == (201, "queued", "+49 … 789")
    assert body["id"] == str(Message.objects.get().pk)


def test_nobody_who_is_switched_off_gets_a_test_message(operator: APIClient) -> None:
    recipient = make_recipient(is_active=False)
    assert operator.post(f"/api/v1/recipients/{recipient.pk}/test").status_code == 409
    assert not Message.objects.exists()


def test_messages_outlive_their_recipient(operator: APIClient) -> None:
    recipient = make_recipient(name="Ada")
    message = operator.post(f"/api/v1/recipients/{recipient.pk}/test").json()
    assert operator.delete(f"/api/v1/recipients/{recipient.pk}").status_code == 204
    kept = operator.get(f"/api/v1/messages/{message['id']}").json()
    assert (kept["recipient"], kept["recipient_name"]) == (None, "Ada")


def test_a_team_has_members(operator: APIClient) -> None:
    ada, ben = make_recipient(name="Ada"), make_recipient(name="Ben")
    team = operator.post("/api/v1/teams", {"name": "Backend", "members": [ben.pk, ada.pk]}).json()
    assert sorted(team["members"]) == [ada.pk, ben.pk]
    changed = operator.patch(f"/api/v1/teams/{team['id']}", {"members": [ada.pk]}).json()
    assert changed["members"] == [ada.pk]
    assert operator.get(f"/api/v1/recipients/{ada.pk}").json()["teams"] == [team["id"]]


@pytest.mark.parametrize("members", [[7], ["1"], [True], [0], [2**63], [None], 7, list(range(501))])
def test_members_are_ids_of_recipients(operator: APIClient, members: Any) -> None:
    answer = operator.post("/api/v1/teams", {"name": "Backend", "members": members})
    places = {name.partition(".")[0] for name in answer.json()["errors"]}
    assert (answer.status_code, places, Team.objects.count()) == (400, {"members"}, 0)


def test_everybody_is_listed(viewer: APIClient) -> None:
    for name in ("Ada", "Ben"):
        make_recipient(name=name)
    answer = viewer.get("/api/v1/recipients").json()
    assert [one["name"] for one in answer["results"]] == ["Ben", "Ada"]
    assert Recipient.objects.count() == 2


def test_a_landline_is_refused_like_on_the_page(operator: APIClient) -> None:
    answer = operator.post("/api/v1/recipients", {"name": "Ada", "phone": "+49 30 901820"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["phone"])
