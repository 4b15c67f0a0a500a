"""The committed description, and the pages that show it."""

import io
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from portal.accounts.models import User
from portal.accounts.tokens import create_token
from portal.config import ROOT

COMMITTED = ROOT / "schema.yml"
DESCRIPTION: dict[str, Any] = yaml.safe_load(COMMITTED.read_text())
OPERATIONS = [
    (path, method, operation)
    for path, item in DESCRIPTION["paths"].items()
    for method, operation in item.items()
]
NAMES = [operation["operationId"] for _path, _method, operation in OPERATIONS]


def test_the_committed_description_is_fresh() -> None:
    """Make it anew: manage.py spectacular --file schema.yml"""
    made = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    assert made.getvalue() == COMMITTED.read_text()


def test_every_operation_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_every_refusal_is_described(path: str, method: str, operation: dict[str, Any]) -> None:
    wanted = {"401", "403", "429"} if path.startswith("/api") else {"400", "401", "413", "415"}
    if "{" in path:
        wanted.add("404")
    if "requestBody" in operation:
        wanted |= {"400", "413", "415"}
    if any(one["name"] == "If-Match" for one in operation.get("parameters", ())):
        wanted.add("412")
    assert wanted <= operation["responses"].keys(), (method, path)


@pytest.mark.parametrize("name", ["Source", "Recipient", "Team", "Rule", "Delivery", "Message"])
def test_every_field_of_ours_is_explained(name: str) -> None:
    told: tuple[str, ...] = (
        "id",
        "title",
        "url",
        "text",
        "created_at",
        "updated_at",
        "received_at",
        "source",
    )
    told += ("repository", "branch", "workflow", "environment", "actor")
    fields = DESCRIPTION["components"]["schemas"][name]["properties"]
    silent = [field for field, shape in fields.items() if "description" not in shape]
    assert set(silent) <= set(told)


def somebody() -> APIClient:
    user = User.objects.create_user("ada@example.com", role="viewer")
    token = create_token(user, name="test", scopes=["notify:read"]).text
    return APIClient(headers={"Authorization": f"Token {token}"})


@pytest.mark.django_db
def test_the_description_is_for_everybody_with_a_token() -> None:
    accept = {"Accept": "application/vnd.oai.openapi+json"}
    answer = somebody().get("/api/schema/", headers=accept)
    assert answer.json()["paths"].keys() == DESCRIPTION["paths"].keys()


@pytest.mark.django_db
def test_no_parameter_gets_into_the_headers_of_the_description() -> None:
    answer = somebody().get("/api/schema/", {"version": "odd\0one"})
    assert (answer.status_code, "odd" in answer["Content-Disposition"]) == (200, False)


@pytest.mark.django_db
def test_the_description_is_for_nobody_else() -> None:
    assert APIClient().get("/api/schema/").status_code == 401


@pytest.mark.django_db
def test_the_page_asks_for_a_sign_in() -> None:
    answer = Client().get("/api/docs/")
    assert (answer.status_code, "next=/api/docs/" in answer["Location"]) == (302, True)


@pytest.mark.django_db
def test_the_page_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ada@example.com", "a-long-password"))
    page = client.get("/api/docs/").content.decode()
    assert "<style" not in page and "style=" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])
    assert "://" not in page.replace(settings.NOTIFIER["PUBLIC_URL"], "")
