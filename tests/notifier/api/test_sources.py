from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from notifier.domain.errors import InvalidSignature
from notifier.models import Delivery, Source
from notifier.services.intake import receive
from tests.notifier.factories import (
    SECRET,
    github_headers,
    make_source,
    receive_github,
    workflow_run,
)

NEW = {"name": "Octo", "slug": "octo", "provider": "github"}


def create(client: APIClient, **fields: Any) -> Any:
    return client.post("/api/v1/sources", {**NEW, **fields})


def test_creating_answers_address_and_secret(operator: APIClient) -> None:
    answer = create(operator)
    body = answer.json()
    assert answer.status_code == 201
    assert body["url"].endswith("/hooks/octo")
    assert body["secret"] == Source.objects.get().secret
    assert answer["Cache-Control"] == "no-store"


def test_the_secret_is_never_answered_again(operator: APIClient) -> None:
    secret = create(operator).json()["secret"]
    pk = Source.objects.get().pk
    answers = [
        operator.get("/api/v1/sources"),
        operator.get(f"/api/v1/sources/{pk}"),
        operator.patch(f"/api/v1/sources/{pk}", {"name": "New"}),
    ]
    assert [secret in answer.text for answer in answers] == [False] * 3
    assert [answer.status_code for answer in answers] == [200] * 3


def test_a_secret_of_the_provider_is_taken(operator: APIClient) -> None:
    create(operator, provider="gitlab", secret="made-by-gitlab-itself")
    assert Source.objects.get().secret == "made-by-gitlab-itself"


@pytest.mark.parametrize("secret", ["short", "with spaces inside", "ümläut-secret", 12345678])
def test_an_unusable_secret_is_refused(operator: APIClient, secret: Any) -> None:
    assert create(operator, secret=secret).json()["errors"].keys() == {"secret"}


def test_what_the_provider_says_about_its_settings_is_answered(operator: APIClient) -> None:
    answer = create(operator, provider="generic", config={"mode": "magic", "colour": "red"})
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {"config.mode", "config.colour"}


def test_settings_are_checked_on_a_change_too(operator: APIClient) -> None:
    source = make_source(provider="generic")
    answer = operator.patch(f"/api/v1/sources/{source.pk}", {"config": {"mode": "magic"}})
    assert answer.status_code == 400


def test_settings_are_kept(operator: APIClient) -> None:
    answer = create(operator, provider="generic", config={"mode": "bearer"})
    assert answer.json()["config"] == {"mode": "bearer"}


def test_a_source_can_be_created_switched_off(operator: APIClient) -> None:
    assert create(operator, is_active=False).json()["is_active"] is False


def test_the_provider_cannot_be_changed(operator: APIClient) -> None:
    source = make_source()
    answer = operator.patch(f"/api/v1/sources/{source.pk}", {"provider": "gitlab"})
    assert answer.json()["errors"].keys() == {"provider"}


def test_what_was_read_can_be_sent_back(operator: APIClient) -> None:
    address = f"/api/v1/sources/{make_source().pk}"
    read = operator.get(address).json()
    answer = operator.put(address, {**read, "name": "Renamed"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Renamed")


@pytest.mark.parametrize("slug", ["Upper", "with space", "-start", "ümlaut", "x" * 64, ""])
def test_an_unusable_address_is_refused(operator: APIClient, slug: str) -> None:
    assert create(operator, slug=slug).json()["errors"].keys() == {"slug"}


def test_an_address_is_used_once(operator: APIClient) -> None:
    make_source()
    assert create(operator).json()["errors"].keys() == {"slug"}


def test_rotating_keeps_the_old_secret_for_a_while(operator: APIClient) -> None:
    source = make_source()
    answer = operator.post(f"/api/v1/sources/{source.pk}/rotate", {"overlap_hours": 2})
    until = Source.objects.get().previous_until
    assert answer.status_code == 200
    assert until and abs(until - timezone.now() - timedelta(hours=2)) < timedelta(minutes=1)
    body = b"{}"
    for secret in (SECRET, answer.json()["secret"]):
        receive("octo", github_headers(body, secret=secret), body, None)
    assert Delivery.objects.count() == 2


def test_rotating_without_overlap_ends_the_old_secret(operator: APIClient) -> None:
    source = make_source()
    operator.post(f"/api/v1/sources/{source.pk}/rotate", {"overlap_hours": 0})
    with pytest.raises(InvalidSignature):
        receive("octo", github_headers(b"{}"), b"{}", None)


def test_rotating_takes_a_secret_of_the_provider(operator: APIClient) -> None:
    source = make_source()
    answer = operator.post(f"/api/v1/sources/{source.pk}/rotate", {"secret": "from-the-provider"})
    assert answer.json()["secret"] == "from-the-provider"


def test_rotating_needs_no_body(operator: APIClient) -> None:
    source = make_source()
    assert operator.post(f"/api/v1/sources/{source.pk}/rotate").status_code == 200


@pytest.mark.parametrize("hours", [-1, 721, "2", True, 1.5, None, 10**400])
def test_an_overlap_is_a_number_of_hours(operator: APIClient, hours: Any) -> None:
    source = make_source()
    answer = operator.post(f"/api/v1/sources/{source.pk}/rotate", {"overlap_hours": hours})
    assert answer.json()["errors"].keys() == {"overlap_hours"}


def test_a_source_without_history_is_deleted(operator: APIClient) -> None:
    source = make_source()
    assert operator.delete(f"/api/v1/sources/{source.pk}").status_code == 204
    assert not Source.objects.exists()


def test_a_source_in_use_must_be_switched_off_first(operator: APIClient) -> None:
    source = make_source()
    receive_github(workflow_run())
    address = f"/api/v1/sources/{source.pk}"
    refused = operator.delete(address)
    operator.patch(address, {"is_active": False})
    deleted = operator.delete(address)
    assert (refused.status_code, deleted.status_code) == (409, 204)
    assert not Delivery.objects.exists()


def test_a_secret_that_is_no_signing_token_is_refused_where_one_is_needed(
    operator: APIClient,
) -> None:
    source = {"name": "Lab", "slug": "lab", "provider": "gitlab", "config": {"mode": "signing"}}
    answer = operator.post("/api/v1/sources", {**source, "secret": "a-plain-secret-of-mine"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["secret"])
