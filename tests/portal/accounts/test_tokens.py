import logging
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.crypto import hash_token

from portal.accounts.models import ApiToken, User
from portal.accounts.openapi import TokenScheme
from portal.accounts.tokens import TokenAuthentication, UnusableToken, create_token
from portal.logs import redact

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
MakeToken = Callable[..., str]

ADDRESS = "/api/schema/"
FORM = {"name": "deploy", "scopes": ["notify:read"], "days": "30"}


def ask(header: str) -> int:
    return Client().get(ADDRESS, headers={"Authorization": header}).status_code


def shown(page: str) -> str:
    found = re.search(r"lst_[0-9a-f]{64}", page)
    assert found is not None
    return found[0]


@pytest.fixture
def token(admin: User, make_token: MakeToken) -> str:
    return make_token(admin, "admin")


def test_a_token_opens_the_api(token: str) -> None:
    assert ask(f"Token {token}") == 200


@pytest.mark.parametrize("form", ["token {}", "TOKEN {}", "Token  {}", "  Token {}  ", "Token {} "])
def test_the_header_may_be_written_loosely(form: str, token: str) -> None:
    assert ask(form.format(token)) == 200


@pytest.mark.parametrize(
    "form",
    [
        "Token",
        "Token ",
        "Token {} {}",
        "Token {}x",
        "Token\x00{}",
        "Token {}\x00",
        "Token \x00",
        "Token lst_",
        "Token lst_" + "0" * 64,
        "Token lst_" + "é" * 64,
        "Token \xff\xfe",
        "Token \udcff",
        "Token ☃",
        "Token " + "a" * 100_000,
        "Token,{}",
        "Bearer {}",
        "Basic {}",
        "{}",
        "Token {}, Token {}",
    ],
)
def test_everything_else_is_401_and_no_error(form: str, token: str) -> None:
    assert ask(form.replace("{}", token)) == 401


def test_a_short_prefix_of_a_token_is_not_enough(token: str) -> None:
    assert ask(f"Token {token[:15]}") == 401


def test_401_names_the_scheme(client: Client) -> None:
    assert client.get(ADDRESS).headers["WWW-Authenticate"] == "Token"


def test_a_wrong_token_is_not_made_good_by_a_session(admin: User, client: Client) -> None:
    client.force_login(admin)
    answer = client.get(ADDRESS, headers={"Authorization": "Token lst_" + "0" * 64})
    assert answer.status_code == 401


def test_an_expired_token_is_refused_and_stays_where_it_is(token: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=90, seconds=1)):
        assert ask(f"Token {token}") == 401
    assert ApiToken.objects.count() == 1


def test_using_one_token_deletes_no_other(admin: User, token: str) -> None:
    ApiToken.objects.create(user=admin, name="old", expiry=timedelta(days=-1))
    ask(f"Token {token}")
    assert ApiToken.objects.count() == 2


def test_the_token_of_somebody_inactive_is_refused(admin: User, token: str) -> None:
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert ask(f"Token {token}") == 401


def test_only_the_hash_is_kept(token: str) -> None:
    assert token not in str(ApiToken.objects.values())


def test_a_use_is_noted_once_a_minute(token: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(f"Token {token}")
        first = ApiToken.objects.get().last_used
        with CaptureQueriesContext(connection) as queries:
            ask(f"Token {token}")
        assert not [
            q["sql"] for q in queries if "accounts_apitoken" in q["sql"] and "UPDATE" in q["sql"]
        ]
        clock.shift(61)
        ask(f"Token {token}")
    assert first is not None
    assert ApiToken.objects.get().last_used == first + timedelta(seconds=61)


def test_the_page_shows_a_token_once(viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(viewer, fresh=True)
    made = browser.post("/accounts/tokens/new/", FORM)
    text = shown(made.text)
    assert "no-store" in made.headers["Cache-Control"]
    assert ApiToken.objects.get(digest=hash_token(text)).scopes == ["notify:read"]
    listed = browser.get("/accounts/tokens/").text
    assert text[:8] in listed and text not in listed


def test_a_token_needs_a_fresh_password(viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(viewer)
    answers = [browser.get("/accounts/tokens/new/"), browser.post("/accounts/tokens/new/", FORM)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert not ApiToken.objects.exists()


def test_the_form_offers_what_the_role_allows(viewer: User, sign_in: SignIn) -> None:
    form = sign_in(viewer, fresh=True).get("/accounts/tokens/new/").context["form"]
    offered = [name for name, _label in form.fields["scopes"].choices]
    assert offered == ["notify:read", "lake:read", "query", "services:read"]


@pytest.mark.parametrize(
    "change", [{"scopes": ["notify:write"]}, {"scopes": []}, {"days": "9999"}, {"name": " "}]
)
def test_the_page_refuses_more_than_it_offers(
    change: dict[str, object], viewer: User, sign_in: SignIn
) -> None:
    answer = sign_in(viewer, fresh=True).post("/accounts/tokens/new/", {**FORM, **change})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_it_lasts_90_days_unless_told_otherwise(viewer: User, sign_in: SignIn) -> None:
    form = sign_in(viewer, fresh=True).get("/accounts/tokens/new/").context["form"]
    assert form["days"].initial == 90


def test_a_revoked_token_is_refused(admin: User, token: str, sign_in: SignIn) -> None:
    uid = ApiToken.objects.get().uid
    sign_in(admin).post(f"/accounts/tokens/{uid}/")
    assert ask(f"Token {token}") == 401


def test_the_token_of_somebody_else_does_not_exist(
    viewer: User, token: str, sign_in: SignIn
) -> None:
    browser = sign_in(viewer)
    uid = ApiToken.objects.get().uid
    assert browser.post(f"/accounts/tokens/{uid}/").status_code == 404
    assert token[:8] not in browser.get("/accounts/tokens/").text
    assert ask(f"Token {token}") == 200


def test_tokens_do_not_reach_the_log(
    token: str, viewer: User, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        made = sign_in(viewer, fresh=True).post("/accounts/tokens/new/", FORM)
        for text in (token, shown(made.text), token[:-1]):
            ask(f"Token {text}")
            ask(f"Token {text} {text}")
    assert not re.search(r"lst_[0-9a-f]{12}", caplog.text)


def test_a_token_in_a_log_line_is_hidden(token: str) -> None:
    event = redact(None, "info", {"event": f"called with {token} by somebody"})
    assert event["event"] == "called with [hidden] by somebody"


# manage.py create_token --------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_alone(admin: User) -> None:
    out = run("--user", "ADA@example.com", "--name", "ci", "--scope", "notify:read", "query")
    assert re.fullmatch(r"lst_[0-9a-f]{64}\n", out)
    row = ApiToken.objects.get()
    assert (row.user, row.name, row.scopes) == (admin, "ci", ["notify:read", "query"])
    assert row.expiry - row.created - timedelta(days=90) < timedelta(seconds=5)


def test_the_command_takes_scopes_one_by_one(admin: User) -> None:
    run(
        "--user", admin.email, "--name", "ci", "--scope", "query", "--scope", "admin", "--days", "1"
    )
    assert ApiToken.objects.get().scopes == ["query", "admin"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--user", "nobody@example.com", "--scope", "query"], "no account with the address"),
        (["--user", "vera@example.com", "--scope", "admin"], "does not allow the scope “admin”"),
        (["--user", "vera@example.com", "--scope", "root"], "“root” is no scope"),
        (["--user", "vera@example.com", "--scope", "query", "--days", "0"], "between 1 and 3650"),
        (["--user", "vera@example.com", "--scope", "query", "--name", ""], "Give the token a name"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str], sentence: str, viewer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--name", "ci", *arguments)
    assert sentence in str(ended.value)


def test_the_command_wants_its_arguments() -> None:
    with pytest.raises(CommandError, match="--user"):
        run("--name", "ci")


def test_somebody_inactive_gets_no_token(viewer: User) -> None:
    viewer.is_active = False
    with pytest.raises(UnusableToken):
        create_token(viewer, name="x", scopes=["query"])


def test_the_api_description_knows_the_token() -> None:
    found = OpenApiAuthenticationExtension.get_match(TokenAuthentication)
    assert isinstance(found, TokenScheme)


def test_a_token_under_another_scheme_is_told_how_to_come(viewer: User, client: Client) -> None:
    token = create_token(viewer, name="Script", scopes=["notify:read"]).text
    answer = client.get("/api/v1/sources", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, "Authorization: Token lst_" in answer.json()["detail"]) == (
        401,
        True,
    )
