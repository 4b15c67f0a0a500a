import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client, override_settings

from portal.accounts.models import User

pytestmark = pytest.mark.django_db
Make = Callable[..., User]
SignIn = Callable[..., Client]


def totp(secret: str, *, steps_later: int = 0) -> str:
    """RFC 6238, written out: SHA-1, 30 seconds, six digits."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps_later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def add_totp(browser: Client) -> str:
    browser.get("/accounts/2fa/totp/activate/")
    secret = str(browser.session["mfa.totp.secret"])
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
    assert answer.status_code == 302
    # The code must not be used twice, and the tests cannot wait for the next.
    cache.clear()
    return secret


def password_step(browser: Client, user: User) -> str:
    answer = browser.post(
        "/accounts/login/", {"login": user.email, "password": "correct-horse-battery"}
    )
    return str(answer.headers.get("Location"))


def test_it_signs_in_with_address_and_password(viewer: User, client: Client) -> None:
    assert password_step(client, viewer) == "/"


def test_it_takes_the_address_in_any_case(viewer: User, client: Client) -> None:
    client.post(
        "/accounts/login/", {"login": "VERA@Example.com", "password": "correct-horse-battery"}
    )
    assert "_auth_user_id" in client.session


def test_it_refuses_a_wrong_password(viewer: User, client: Client) -> None:
    client.post("/accounts/login/", {"login": viewer.email, "password": "wrong"})
    assert "_auth_user_id" not in client.session


def test_it_says_the_same_for_an_unknown_address(viewer: User, client: Client) -> None:
    wrong = {"login": viewer.email, "password": "wrong"}
    unknown = {"login": "nobody@example.com", "password": "wrong"}
    answers = [client.post("/accounts/login/", form) for form in (wrong, unknown)]
    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert errors[0] == errors[1] and errors[0]


def test_it_does_not_let_in_who_is_not_active(make_user: Make, client: Client) -> None:
    user = make_user(is_active=False)
    assert password_step(client, user) == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_it_does_not_let_in_who_has_not_set_a_password(make_user: Make, client: Client) -> None:
    user = make_user(password=None)
    client.post("/accounts/login/", {"login": user.email, "password": "!"})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "confirm-email/x/"])
def test_there_is_no_page_to_sign_up_or_to_change_the_address(path: str, client: Client) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_sign_in_page_says_whom_to_ask_for_a_forgotten_password(client: Client) -> None:
    assert "An administrator can make a link" in client.get("/accounts/login/").text


def test_it_leads_back_to_the_page_that_was_asked_for(viewer: User, client: Client) -> None:
    answer = client.post(
        "/accounts/login/",
        {"login": viewer.email, "password": "correct-horse-battery", "next": "/help/?x=1"},
    )
    assert answer.headers["Location"] == "/help/?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "http://localhost/",
        "http://127.0.0.1:9/",
        "\x00//evil.example",
    ],
)
def test_it_leads_nowhere_else(target: str, viewer: User, client: Client) -> None:
    answer = client.post(
        "/accounts/login/",
        {"login": viewer.email, "password": "correct-horse-battery", "next": target},
    )
    assert answer.headers["Location"] == "/"


def test_failures_end_the_attempts_on_one_account(viewer: User, client: Client) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": viewer.email, "password": "wrong"})
    assert password_step(client, viewer) == "None"


def test_many_other_failures_do_not_make_it_forget_them(viewer: User, client: Client) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": viewer.email, "password": "wrong"})
    for number in range(400):
        cache.set(f"other-{number}", [1.0], 600)
    assert password_step(client, viewer) == "None"


def test_failures_end_the_attempts_from_one_address(viewer: User, client: Client) -> None:
    for number in range(10):
        client.post("/accounts/login/", {"login": f"x{number}@example.com", "password": "wrong"})
    assert password_step(client, viewer) == "None"


def test_a_made_up_forwarding_header_is_no_way_round_the_limit(
    viewer: User, client: Client
) -> None:
    for number in range(10):
        client.post(
            "/accounts/login/",
            {"login": f"x{number}@example.com", "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert password_step(client, viewer) == "None"


def test_it_asks_for_the_second_factor(viewer: User, sign_in: SignIn, client: Client) -> None:
    secret = add_totp(sign_in(viewer, fresh=True))
    assert password_step(client, viewer) == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    answer = client.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(viewer.pk)


def test_a_code_is_good_once(viewer: User, sign_in: SignIn) -> None:
    secret = add_totp(sign_in(viewer, fresh=True))
    code = totp(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        password_step(browser, viewer)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in first.session and "_auth_user_id" not in second.session


def test_wrong_codes_end_the_attempts(viewer: User, sign_in: SignIn, client: Client) -> None:
    secret = add_totp(sign_in(viewer, fresh=True))
    password_step(client, viewer)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_stands_in_once(viewer: User, sign_in: SignIn) -> None:
    owner = sign_in(viewer, fresh=True)
    add_totp(owner)
    code = owner.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    first, second = Client(), Client()
    for browser in (first, second):
        password_step(browser, viewer)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in first.session and "_auth_user_id" not in second.session


def test_second_factors_are_not_readable_in_the_database(viewer: User, sign_in: SignIn) -> None:
    secret = add_totp(sign_in(viewer, fresh=True))
    stored = Authenticator.objects.get(user=viewer, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored


def test_second_factors_need_a_fresh_password(viewer: User, sign_in: SignIn) -> None:
    answer = sign_in(viewer).get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def test_a_passkey_can_be_asked_for_without_a_name(client: Client) -> None:
    answer = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"


def test_a_new_password_ends_the_other_sessions(viewer: User, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(viewer), sign_in(viewer)
    here.post(
        "/accounts/password/change/",
        {
            "oldpassword": "correct-horse-battery",
            "password1": "another-battery-staple",
            "password2": "another-battery-staple",
        },
    )
    assert here.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302


def test_a_new_password_does_not_undo_a_change_of_role(viewer: User) -> None:
    from portal.accounts.adapter import AccountAdapter

    stale = User.objects.get(pk=viewer.pk)
    User.objects.filter(pk=viewer.pk).update(role="operator")
    AccountAdapter().set_password(stale, "another-battery-staple")
    viewer.refresh_from_db()
    assert viewer.role == "operator"


def test_one_can_sign_out_elsewhere(viewer: User, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(viewer), sign_in(viewer)
    here.post("/accounts/sessions/")
    assert here.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302


def test_reading_pages_writes_the_session_down_once_a_minute(
    viewer: User, sign_in: SignIn, django_assert_num_queries: Callable[..., object]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = sign_in(viewer)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get("/accounts/tokens/")
    assert not [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]


@override_settings(ACCOUNT_RATE_LIMITS=False)
def test_the_cookie_is_out_of_reach_of_scripts(viewer: User, sign_in: SignIn) -> None:
    cookie = sign_in(viewer).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
