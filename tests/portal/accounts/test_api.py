from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Role, User

pytestmark = pytest.mark.django_db
MakeToken = Callable[..., str]


def by_token(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}


def change(client: Client, user: User, body: Any, token: str) -> Any:
    return client.patch(
        f"/api/v1/users/{user.pk}", body, content_type="application/json", headers=by_token(token)
    )


def test_me_says_who_a_token_speaks_for(
    viewer: User, make_token: MakeToken, client: Client
) -> None:
    answer = client.get("/api/v1/me", headers=by_token(make_token(viewer, "query")))
    assert answer.json() == {
        "email": "vera@example.com",
        "name": "Vera",
        "role": "viewer",
        "scopes": ["query"],
    }


def test_me_says_what_a_session_may_do(viewer: User, client: Client) -> None:
    client.force_login(viewer)
    assert client.get("/api/v1/me").json()["scopes"] == [
        "notify:read",
        "lake:read",
        "query",
        "services:read",
    ]


def test_me_is_nobody_without_a_token(client: Client) -> None:
    assert client.get("/api/v1/me").status_code == 401


def test_users_are_listed(admin: User, viewer: User, make_token: MakeToken, client: Client) -> None:
    answer = client.get("/api/v1/users", headers=by_token(make_token(admin, "admin"))).json()
    assert [user["email"] for user in answer["results"]] == ["vera@example.com", "ada@example.com"]
    assert set(answer) == {"next", "previous", "results"}


def test_a_user_has_no_password_and_no_hash(
    viewer: User, admin: User, make_token: MakeToken, client: Client
) -> None:
    headers = by_token(make_token(admin, "admin"))
    assert set(client.get(f"/api/v1/users/{viewer.pk}", headers=headers).json()) == {
        "id",
        "email",
        "name",
        "role",
        "is_active",
        "created_at",
        "joined_at",
        "last_login",
    }


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("viewer", ["notify:read", "query"]),
        ("operator", ["notify:write"]),
        ("admin", ["notify:write", "lake:write", "query", "services:operate"]),
    ],
)
def test_users_need_the_role_and_the_scope(
    role: str,
    scopes: list[str],
    make_user: Callable[..., User],
    make_token: MakeToken,
    client: Client,
) -> None:
    headers = by_token(make_token(make_user(role=role), *scopes))
    answers = [client.get(path, headers=headers) for path in ("/api/v1/users", "/api/v1/users/1")]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_role_can_be_changed(
    admin: User, viewer: User, make_token: MakeToken, client: Client
) -> None:
    answer = change(client, viewer, {"role": "operator"}, make_token(admin, "admin"))
    assert (answer.status_code, answer.json()["role"]) == (200, "operator")


def test_somebody_can_be_deactivated(
    admin: User, viewer: User, make_token: MakeToken, client: Client
) -> None:
    theirs = make_token(viewer, "query")
    change(client, viewer, {"is_active": False}, make_token(admin, "admin"))
    assert client.get("/api/v1/me", headers=by_token(theirs)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"role": "root"},
        {"role": None},
        {"is_active": "perhaps"},
        {"email": "other@example.com"},
        {"role": "viewer", "password": "x"},
        [],
        "viewer",
    ],
)
def test_what_makes_no_sense_is_400(
    body: Any, admin: User, viewer: User, make_token: MakeToken, client: Client
) -> None:
    answer = change(client, viewer, body, make_token(admin, "admin"))
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_last_administrator_stays(admin: User, make_token: MakeToken, client: Client) -> None:
    answer = change(client, admin, {"role": "viewer"}, make_token(admin, "admin"))
    admin.refresh_from_db()
    assert (answer.status_code, admin.role) == (400, Role.ADMIN)
    assert answer.json()["detail"] == "Ask another administrator to change your own account."


def test_somebody_who_does_not_exist_is_404(
    admin: User, make_token: MakeToken, client: Client
) -> None:
    headers = by_token(make_token(admin, "admin"))
    paths = ("/api/v1/users/999", "/api/v1/users/99999999999999999999")
    assert [client.get(path, headers=headers).status_code for path in paths] == [404, 404]


def test_a_session_needs_its_csrf_token(admin: User, viewer: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    answer = browser.patch(
        f"/api/v1/users/{viewer.pk}", {"role": "admin"}, content_type="application/json"
    )
    assert answer.status_code == 403
