import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.resolvers import RegexPattern
from django.views import View
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal import urls as project_urls
from portal.accounts import access
from portal.accounts.models import Role, User
from portal.accounts.tokens import create_token

# Said again here on purpose: whoever opens a page to the world changes two places.
PUBLIC = {
    "healthz",
    "readyz",
    "set_language",
    "set_theme",
    "account_login",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "accounts:link",
    "accounts:welcome",
    "notifier:hook",
}
# What a viewer may send: to their own account, and nothing else.
VIEWER_MAY_CHANGE = {
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
    "usersessions_list",
    "accounts:account",
    "accounts:new_token",
    "accounts:revoke_token",
}
SAMPLES = {
    "int": "1",
    "slug": "some",
    "str": "some",
    "path": "some/path",
    "uuid": "00000000-0000-7000-8000-000000000000",
}


def addresses(
    patterns: list[Any], prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the name and an example of every address of the project."""
    for pattern in patterns:
        route = prefix + example(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", f"/{route}"


def example(pattern: Any) -> str:
    """Return an address that `pattern` takes: a route, or an expression of a REST router."""
    if isinstance(pattern, RegexPattern):
        return re.sub(r"\(\?P<\w+>[^)]*\)", "1", str(pattern)).strip("^$")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], str(pattern))


ADDRESSES = sorted(addresses(get_resolver().url_patterns))
GUARDED = [(name, address) for name, address in ADDRESSES if name not in PUBLIC]
FOR_OPERATORS = [(name, address) for name, address in GUARDED if name not in VIEWER_MAY_CHANGE]
UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]


def is_refused(answer: Any) -> bool:
    to_sign_in = str(answer.headers.get("Location", "")).startswith("/accounts/login/?next=")
    return answer.status_code == 401 or (answer.status_code == 302 and to_sign_in)


def test_the_public_pages_are_these() -> None:
    assert access.PUBLIC == PUBLIC


def test_every_address_has_a_name_and_is_an_example_of_itself() -> None:
    resolver = get_resolver()
    found = [(resolver.resolve(address).view_name, address) for _name, address in ADDRESSES]
    assert found == ADDRESSES


def test_only_the_webhook_door_is_behind_its_prefix() -> None:
    assert [name for name, address in ADDRESSES if address.startswith("/hooks/")] == [
        "notifier:hook"
    ]


@pytest.mark.parametrize(("name", "address"), GUARDED)
@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in(name: str, address: str, client: Client) -> None:
    methods = ["GET", "HEAD", "OPTIONS", *UNSAFE]
    assert [m for m in methods if not is_refused(client.generic(m, address))] == []


@pytest.mark.parametrize(("name", "address"), FOR_OPERATORS)
@pytest.mark.django_db
def test_a_viewer_cannot_change_anything(
    name: str, address: str, viewer: User, client: Client
) -> None:
    client.force_login(viewer)
    assert [m for m in UNSAFE if client.generic(m, address).status_code != 403] == []


@pytest.mark.parametrize(("name", "address"), [a for a in GUARDED if a[1].startswith("/api/v1/")])
@pytest.mark.django_db
def test_the_token_of_a_viewer_cannot_change_anything(
    name: str, address: str, viewer: User, client: Client
) -> None:
    token = create_token(viewer, name="x", scopes=access.scopes_of("viewer")).text
    headers = {"Authorization": f"Token {token}"}
    answers = {m: client.generic(m, address, headers=headers).status_code for m in UNSAFE}
    assert answers == dict.fromkeys(UNSAFE, 403)


# Views of a made-up app, each a way to forget something -----------------------------------------


class Plain(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("plain")

    post = get


class ForAdmins(Plain):
    read_role = "admin"


class AnybodyWrites(Plain):
    write_role = "viewer"


@login_not_required
def says_it_is_public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


def function(request: HttpRequest) -> HttpResponse:
    return HttpResponse("function")


class Rest(APIView):
    scope = "notify"

    def get(self, request: Request) -> Response:
        return Response("rest")

    post = get


class RestWithoutScope(Rest):
    scope = ""


class RestThatForgets(Rest):
    permission_classes = (AllowAny,)


class RestForAdmins(Rest):
    read_role = "admin"
    write_role = "admin"


class RestForAnyToken(Rest):
    scope = access.ANY_TOKEN


urlpatterns = [
    path("plain", Plain.as_view(), name="plain"),
    path("admins", ForAdmins.as_view(), name="admins"),
    path("anybody", AnybodyWrites.as_view(), name="anybody"),
    path("public", says_it_is_public, name="public"),
    path("function", function, name="function"),
    path("nameless", function),
    path("rest", Rest.as_view(), name="rest"),
    path("rest-scopeless", RestWithoutScope.as_view(), name="rest_scopeless"),
    path("rest-forgets", RestThatForgets.as_view(), name="rest_forgets"),
    path("rest-admins", RestForAdmins.as_view(), name="rest_admins"),
    path("rest-any", RestForAnyToken.as_view(), name="rest_any"),
    *project_urls.urlpatterns,
]


@pytest.fixture
def made_up_site() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize("where", ["plain", "admins", "public", "function", "nameless"])
@pytest.mark.django_db
def test_a_page_that_is_not_listed_is_closed(where: str, made_up_site: None) -> None:
    assert is_refused(Client().get(f"/{where}"))


@pytest.mark.django_db
def test_a_rest_view_that_forgets_its_permissions_is_closed(made_up_site: None) -> None:
    assert is_refused(Client().get("/rest-forgets"))


@pytest.mark.parametrize(
    ("role", "method", "where", "status"),
    [
        ("viewer", "GET", "plain", 200),
        ("viewer", "HEAD", "plain", 200),
        ("viewer", "OPTIONS", "plain", 200),
        ("viewer", "POST", "plain", 403),
        ("viewer", "POST", "function", 403),
        ("viewer", "POST", "anybody", 200),
        ("viewer", "GET", "admins", 403),
        ("viewer", "HEAD", "admins", 403),
        ("viewer", "OPTIONS", "admins", 403),
        ("operator", "POST", "plain", 200),
        ("operator", "POST", "function", 200),
        ("operator", "GET", "admins", 403),
        ("admin", "GET", "admins", 200),
        ("", "GET", "plain", 403),
        ("superuser", "GET", "plain", 403),
        ("viewer", "GET", "rest", 200),
        ("viewer", "POST", "rest", 403),
        ("operator", "POST", "rest", 200),
        ("operator", "GET", "rest-admins", 403),
    ],
)
@pytest.mark.django_db
def test_the_role_decides(
    role: str,
    method: str,
    where: str,
    status: int,
    make_user: Callable[..., User],
    made_up_site: None,
) -> None:
    browser = Client()
    browser.force_login(make_user(role=role))
    assert browser.generic(method, f"/{where}").status_code == status


@pytest.mark.parametrize(
    ("scopes", "method", "where", "status"),
    [
        (["notify:read"], "GET", "rest", 200),
        (["notify:read"], "HEAD", "rest", 200),
        (["notify:read"], "POST", "rest", 403),
        (["notify:write"], "GET", "rest", 200),
        (["notify:write"], "POST", "rest", 200),
        (["lake:write", "query", "services:operate"], "GET", "rest", 403),
        (["notify:read", "notify:write"], "GET", "rest-scopeless", 403),
        (["admin"], "POST", "rest-scopeless", 200),
        (["query"], "GET", "rest-any", 200),
    ],
)
@pytest.mark.django_db
def test_the_scope_of_a_token_decides_too(
    scopes: list[str], method: str, where: str, status: int, admin: User, made_up_site: None
) -> None:
    token = create_token(admin, name="x", scopes=scopes).text
    headers = {"Authorization": f"Token {token}"}
    assert Client().generic(method, f"/{where}", headers=headers).status_code == status


@pytest.mark.django_db
def test_a_token_loses_what_its_owner_loses(admin: User, made_up_site: None) -> None:
    token = create_token(admin, name="x", scopes=["admin"]).text
    User.objects.filter(pk=admin.pk).update(role=Role.VIEWER)
    headers = {"Authorization": f"Token {token}"}
    assert Client().post("/rest", headers=headers).status_code == 403


@pytest.mark.django_db
def test_a_token_opens_no_page(admin: User, made_up_site: None) -> None:
    token = create_token(admin, name="x", scopes=["admin"]).text
    assert is_refused(Client().get("/plain", headers={"Authorization": f"Token {token}"}))


def test_credentials_without_scopes_are_refused(rf: RequestFactory) -> None:
    request = Request(rf.get("/"))
    request.user = User(role=Role.ADMIN)
    request.auth = object()
    assert not access.MayUse().has_permission(request, Rest())


@pytest.mark.django_db
def test_it_comes_back_to_the_page_but_not_to_a_form(client: Client) -> None:
    locations = [
        client.generic(method, "/users/?q=a").headers["Location"] for method in ("GET", "POST")
    ]
    assert locations == ["/accounts/login/?next=/users/%3Fq%3Da", "/accounts/login/?next=/"]


@pytest.mark.django_db
def test_a_fragment_moves_the_whole_page_to_the_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/audit/?q=1"}
    answer = client.get("/audit/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        401,
        "/accounts/login/?next=/audit/",
    )


def test_a_misspelt_role_is_a_loud_error(rf: RequestFactory) -> None:
    with pytest.raises((KeyError, PermissionDenied)):
        access.may(User(role=Role.ADMIN), "operater")
