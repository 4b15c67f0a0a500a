import json
from typing import Any

import pytest
from django.test import Client

from notifier.models import Delivery
from tests.notifier.factories import SECRET, github_headers, make_source, workflow_run

pytestmark = pytest.mark.django_db


def post(
    client: Client, body: bytes, headers: dict[str, str], slug: str = "octo", **extra: Any
) -> Any:
    kind = headers.pop("content-type", "application/json")
    return client.post(f"/hooks/{slug}", body, content_type=kind, headers=headers, **extra)


def test_it_answers_202_with_the_id_of_the_row(client: Client) -> None:
    make_source()
    body = json.dumps(workflow_run()).encode()
    answer = post(client, body, github_headers(body))
    assert (answer.status_code, json.loads(answer.content)) == (
        202,
        {"delivery": str(Delivery.objects.get().pk)},
    )


def test_a_wrong_signature_is_401_and_says_what_to_do(client: Client) -> None:
    make_source()
    answer = post(client, b"{}", github_headers(b"{}", secret="wrong"))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["detail"]


def test_an_unknown_address_is_404(client: Client) -> None:
    assert post(client, b"{}", github_headers(b"{}"), slug="nobody").status_code == 404


@pytest.mark.parametrize("path", ["/hooks/", "/hooks/a/b", "/hooks/Ä", "/hooks/%00"])
def test_an_impossible_address_is_404(client: Client, path: str) -> None:
    assert client.post(path, b"{}", content_type="application/json").status_code == 404


def test_a_large_body_is_413_before_it_is_read(client: Client, settings: Any) -> None:
    settings.NOTIFIER = {**settings.NOTIFIER, "HOOK_MAX_BYTES": 1024}
    make_source()
    body = b"x" * 1025
    assert post(client, body, github_headers(body)).status_code == 413


def test_a_get_says_that_this_takes_posts(client: Client) -> None:
    answer = client.get("/hooks/octo")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_it_starts_no_session(client: Client) -> None:
    make_source()
    answer = post(client, b"{}", github_headers(b"{}"))
    assert not answer.cookies


def test_the_door_is_open_to_form_bodies(client: Client) -> None:
    from urllib.parse import urlencode

    make_source()
    body = urlencode({"payload": json.dumps(workflow_run())}).encode()
    headers = {**github_headers(body), "content-type": "application/x-www-form-urlencoded"}
    assert post(client, body, headers).status_code == 202


def test_the_address_of_the_last_trusted_proxy_counts(client: Client, settings: Any) -> None:
    settings.NOTIFIER = {**settings.NOTIFIER, "TRUSTED_PROXIES": 1}
    make_source()
    headers = {**github_headers(b"{}"), "X-Forwarded-For": "203.0.113.1, 198.51.100.4"}
    post(client, b"{}", headers)
    assert Delivery.objects.get().remote == "198.51.100.4"


def test_a_forged_address_is_left_out(client: Client, settings: Any) -> None:
    settings.NOTIFIER = {**settings.NOTIFIER, "TRUSTED_PROXIES": 1}
    make_source()
    post(client, b"{}", {**github_headers(b"{}"), "X-Forwarded-For": "'; drop table"})
    assert Delivery.objects.get().remote is None


def test_a_body_that_is_no_json_object_is_400(client: Client) -> None:
    make_source()
    bodies = [b"", b"  ", b"[1]", b'"text"', b"payload={}", b"\x00\x01"]
    answers = [post(client, body, github_headers(body)).status_code for body in bodies]
    assert answers == [400] * len(bodies)


@pytest.mark.parametrize("start", [b"{", b" \r\n\t{", b"\xef\xbb\xbf{"])
def test_space_and_a_byte_order_mark_may_come_before_the_object(
    client: Client, start: bytes
) -> None:
    make_source()
    body = start + b'"zen": 1}'
    assert post(client, body, github_headers(body)).status_code == 202


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "text/json"])
def test_a_type_that_the_provider_does_not_send_is_415(client: Client, kind: str) -> None:
    make_source()
    headers = {**github_headers(b"{}"), "content-type": kind}
    assert post(client, b"{}", headers).status_code == 415


def test_a_form_is_415_where_the_provider_sends_none(client: Client) -> None:
    make_source(provider="gitlab", config={"mode": "token"})
    headers = {"x-gitlab-token": SECRET, "content-type": "application/x-www-form-urlencoded"}
    assert post(client, b"payload=%7B%7D", headers).status_code == 415


def test_a_form_without_an_object_is_400(client: Client) -> None:
    make_source()
    body = b"other=%7B%7D"
    headers = {**github_headers(body), "content-type": "application/x-www-form-urlencoded"}
    assert post(client, body, headers).status_code == 400


def test_nobody_learns_without_a_signature_what_a_body_must_look_like(client: Client) -> None:
    make_source()
    headers = {**github_headers(b"", secret="wrong"), "content-type": "text/plain"}
    assert post(client, b"", headers).status_code == 401


def test_errors_are_problems(client: Client) -> None:
    make_source()
    answers = [
        client.put("/hooks/octo"),
        post(client, b"{}", github_headers(b"{}"), slug="nobody"),
        post(client, b"[]", github_headers(b"[]")),
        post(client, b"{}", github_headers(b"{}", secret="wrong")),
    ]
    kinds = {answer["Content-Type"] for answer in answers}
    problems = [json.loads(answer.content) for answer in answers]
    assert kinds == {"application/problem+json"}
    assert [problem["status"] for problem in problems] == [405, 404, 400, 401]
    assert all(problem["title"] and problem["detail"] for problem in problems)
