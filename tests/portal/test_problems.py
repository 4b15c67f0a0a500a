import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from notifier.models import Recipient
from portal.accounts.models import User
from portal.accounts.tokens import create_token
from tests.notifier.factories import make_recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    user = User.objects.create_user("ada@example.com", role="admin")
    token = create_token(user, name="test", scopes=["admin"]).text
    return APIClient(headers={"Authorization": f"Token {token}"}, raise_request_exception=False)


def check(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["type"]) == (status, status, "about:blank")
    assert body["title"] and body["detail"]
    return body


def test_a_missing_row_is_a_problem(client: APIClient) -> None:
    check(client.get("/api/v1/recipients/7"), 404)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2", "/api/v1/recipients/", "/api/%00"])
def test_a_missing_address_is_a_problem(client: APIClient, path: str) -> None:
    check(client.get(path), 404)


@pytest.mark.parametrize("pk", ["0", "-1", "abc", str(10**40), "1.5", "%00", "%ED%A0%80", "١"])
def test_an_id_that_cannot_be_is_missing(client: APIClient, pk: str) -> None:
    for part in ("recipients", "deliveries"):
        check(client.get(f"/api/v1/{part}/{pk}"), 404)


def test_a_page_that_is_missing_stays_a_page() -> None:
    assert "html" in Client().get("/nothing")["Content-Type"]


def test_a_wrong_method_is_a_problem(client: APIClient) -> None:
    answer = client.put("/api/v1/recipients", {})
    check(answer, 405)
    assert "POST" in answer["Allow"]


def test_a_missing_sign_in_is_a_problem() -> None:
    answer = APIClient().get("/api/v1/recipients")
    check(answer, 401)
    assert answer["WWW-Authenticate"] == "Token"


def test_a_wrong_token_is_a_problem() -> None:
    client = APIClient(headers={"Authorization": "Token lst_wrong"})
    check(client.get("/api/v1/recipients"), 401)


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_another_content_type_is_a_problem(client: APIClient, kind: str) -> None:
    check(client.post("/api/v1/recipients", b"a=1", content_type=kind), 415)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"NaN",
        b"[" * 100_000,
        b'{"name": ' + b"[" * 60 + b"]" * 60 + b"}",
        rb'{"name": "\ud800"}',
        rb'{"\udfff": 1}',
        b"1" * 5000,
    ],
)
def test_a_body_that_is_not_usable_json_is_a_problem(client: APIClient, body: bytes) -> None:
    check(client.post("/api/v1/recipients", body, content_type="application/json"), 400)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_a_body_that_is_no_object_is_a_problem(client: APIClient, body: bytes) -> None:
    check(client.post("/api/v1/recipients", body, content_type="application/json"), 400)


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "base64", "idna", "nothing"])
def test_json_is_utf_8_whatever_is_said(client: APIClient, charset: str) -> None:
    answer = client.post(
        "/api/v1/teams", b'{"name": "A"}', content_type=f"application/json; charset={charset}"
    )
    assert answer.status_code == 201


def test_a_large_body_is_a_problem(client: APIClient) -> None:
    body = b'{"name": "' + b"x" * 1024 * 1024 + b'"}'
    check(client.post("/api/v1/teams", body, content_type="application/json"), 413)


def test_invalid_fields_are_named(client: APIClient) -> None:
    body = check(client.post("/api/v1/recipients", {"phone": "12", "logins": ["a", 1]}), 400)
    assert body["errors"].keys() == {"name", "phone", "logins.1"}
    assert body["detail"] == "Some fields are not valid: name, phone, logins.1."


def test_an_unknown_field_is_an_error_with_a_hint(client: APIClient) -> None:
    fields = {"name": "Ada", "phone": "+4915123456789", "time_zones": "UTC", "colour": "red"}
    body = check(client.post("/api/v1/recipients", fields), 400)
    assert body["errors"] == {
        "time_zones": ["There is no such field. Did you mean time_zone?"],
        "colour": ["There is no such field."],
    }
    assert not Recipient.objects.exists()


def test_too_many_requests_are_a_problem(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    answers = [client.get("/api/v1/recipients") for _ in range(3)]
    check(answers[-1], 429)
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_a_bug_is_a_problem_and_is_logged(
    client: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_recipient()
    monkeypatch.setattr("notifier.api.people.sees_all", lambda _request: 1 / 0)
    answer = client.get("/api/v1/recipients", headers={"X-Request-Id": "abcdefgh-1"})
    assert "ZeroDivisionError" not in check(answer, 500)["detail"]
    assert answer["X-Request-Id"] == "abcdefgh-1"
    assert any(record.exc_info for record in caplog.records)


def test_what_django_refuses_is_a_problem(client: APIClient) -> None:
    query = "&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    check(client.get(f"/api/v1/recipients?{query}"), 400)


def test_a_wrong_host_is_a_problem(client: APIClient) -> None:
    check(client.get("/api/v1/recipients", headers={"Host": "evil.example"}), 400)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*"])
def test_answers_are_json_whatever_is_asked_for(client: APIClient, accept: str) -> None:
    answer = client.get("/api/v1/recipients", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_problems_speak_the_language_of_the_reader(client: APIClient) -> None:
    answer = client.put("/api/v1/recipients", {}, headers={"Accept-Language": "de"})
    assert check(answer, 405)["detail"] == 'Methode "PUT" nicht erlaubt.'
