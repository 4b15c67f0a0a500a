"""Who may do what, walked over every operation of the description."""

import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from notifier.models import Delivery, Message, Recipient, Rule, Source, Team
from notifier.services.sending import queue_test_message
from tests.notifier.api.clients import Connect
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)

PARTS = ("sources", "recipients", "teams", "rules", "deliveries", "messages")
MODELS = (Source, Recipient, Team, Rule, Delivery, Message)


def operations() -> list[tuple[str, str]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]  # type: ignore[no-untyped-call]
    return [
        (method, path)
        for path, item in sorted(paths.items())
        for method in sorted(item)
        if re.match(rf"/api/v1/({'|'.join(PARTS)})\b", path)
    ]


ALL = operations()
READING = [(method, path) for method, path in ALL if method == "get"]
CHANGING = [(method, path) for method, path in ALL if method != "get"]


@pytest.fixture
def rows(db: None) -> dict[str, Any]:
    """Return one row of everything, by its part of the address."""
    source = make_source()
    recipient = make_recipient()
    team = Team.objects.create(name="Backend")
    rule = make_rule()
    delivery = receive_github(workflow_run())
    message = queue_test_message(recipient)
    return dict(zip(PARTS, (source, recipient, team, rule, delivery, message), strict=True))


def call(client: APIClient, method: str, path: str, rows: dict[str, Any]) -> Any:
    row = rows[path.split("/")[3]]
    return client.generic(
        method.upper(), path.replace("{id}", str(row.pk)), "{}", "application/json"
    )


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_every_operation_is_walked() -> None:
    assert (len(READING), len(CHANGING)) == (12, 20)


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_viewer_cannot_change_anything(
    method: str, path: str, viewer: APIClient, rows: dict[str, Any]
) -> None:
    before = everything()
    assert call(viewer, method, path, rows).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(("method", "path"), READING)
def test_a_viewer_can_read_everything(
    method: str, path: str, viewer: APIClient, rows: dict[str, Any]
) -> None:
    assert call(viewer, method, path, rows).status_code == 200


@pytest.mark.parametrize(("method", "path"), ALL)
def test_nobody_unknown_gets_anything(method: str, path: str, rows: dict[str, Any]) -> None:
    answer = call(APIClient(), method, path, rows)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_token_to_read_cannot_change(
    method: str, path: str, connect: Connect, rows: dict[str, Any]
) -> None:
    reader = connect("admin", "notify:read")
    assert call(reader, method, path, rows).status_code == 403


@pytest.mark.parametrize(("method", "path"), ALL)
def test_a_token_for_the_lake_opens_nothing_here(
    method: str, path: str, connect: Connect, rows: dict[str, Any]
) -> None:
    stranger = connect("admin", "lake:write", "query", "services:operate")
    assert call(stranger, method, path, rows).status_code == 403


def test_a_token_is_worth_no_more_than_its_person(connect: Connect, rows: dict[str, Any]) -> None:
    from portal.accounts.models import User

    client = connect("operator")
    User.objects.filter(email="operator@example.com").update(role="viewer")
    answer = call(client, "delete", "/api/v1/teams/{id}", rows)
    assert answer.status_code == 403


def test_a_session_needs_the_csrf_token(rows: dict[str, Any]) -> None:
    from portal.accounts.models import User

    user = User.objects.create_user("ben@example.com", "a-long-password", role="operator")
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    answer = call(client, "delete", "/api/v1/teams/{id}", rows)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
