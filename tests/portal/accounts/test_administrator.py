import pytest
from django.test import Client
from pydantic import SecretStr

from portal.accounts.models import OneTimeLink, Role, User
from portal.accounts.services import ensure_administrator
from portal.config import BadSetting, Config

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
FORM = {
    "email": "First@Example.com",
    "name": "First",
    "password": PASSWORD,
    "again": PASSWORD,
}


def config(email: str = "", password: str = "") -> Config:
    return Config(admin_email=email, admin_password=SecretStr(password))


def follow(link: str, browser: Client) -> None:
    browser.get(link.removeprefix("http://127.0.0.1:8000"))


def set_up_link() -> str:
    link = ensure_administrator(config())
    assert link is not None
    return link


def test_it_creates_the_administrator_of_the_settings() -> None:
    assert ensure_administrator(config("Root@Example.com", PASSWORD)) is None
    user = User.objects.get()
    assert (user.email, user.role, user.state, user.check_password(PASSWORD)) == (
        "root@example.com",
        Role.ADMIN,
        "active",
        True,
    )


def test_a_later_start_does_not_touch_the_password() -> None:
    ensure_administrator(config("root@example.com", PASSWORD))
    user = User.objects.get()
    user.set_password("something-else-entirely")
    user.save()
    ensure_administrator(config("root@example.com", PASSWORD))
    user.refresh_from_db()
    assert user.check_password("something-else-entirely")


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("root@example.com", "short", "LEITSTAND_ADMIN_PASSWORD: This password is too short"),
        ("root@example.com", "rootrootroot@example", "LEITSTAND_ADMIN_PASSWORD: The password is"),
        ("not-an-address", PASSWORD, "LEITSTAND_ADMIN_EMAIL: “not-an-address” is no e-mail"),
    ],
)
def test_it_says_what_is_wrong_with_the_settings(email: str, password: str, sentence: str) -> None:
    if "rootroot" in password:
        password = "root@example.com"
    with pytest.raises(BadSetting) as caught:
        ensure_administrator(config(email, password))
    assert str(caught.value).startswith(sentence)


def test_the_complaint_does_not_repeat_the_password() -> None:
    with pytest.raises(BadSetting) as caught:
        ensure_administrator(config("root@example.com", "hunter2"))
    assert "hunter2" not in str(caught.value)


def test_without_settings_it_returns_a_link() -> None:
    assert set_up_link().startswith("http://127.0.0.1:8000/welcome/")


def test_with_people_there_is_no_link(viewer: User) -> None:
    assert ensure_administrator(config()) is None


def test_the_token_of_a_link_is_not_kept() -> None:
    token = set_up_link().rstrip("/").rsplit("/", 1)[1]
    assert token not in str(OneTimeLink.objects.values())


def test_the_link_makes_the_first_administrator_and_signs_them_in(client: Client) -> None:
    follow(set_up_link(), client)
    answer = client.post("/welcome/", FORM)
    user = User.objects.get()
    assert answer.headers["Location"] == "/"
    assert (user.email, user.name, user.role) == ("first@example.com", "First", Role.ADMIN)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_token_does_not_stay_in_the_address(client: Client) -> None:
    answer = client.get(set_up_link().removeprefix("http://127.0.0.1:8000"))
    assert answer.headers["Location"] == "/welcome/"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_link_works_once() -> None:
    first, second = Client(), Client()
    link = set_up_link()
    follow(link, first)
    follow(link, second)
    first.post("/welcome/", FORM)
    answer = second.post("/welcome/", {**FORM, "email": "second@example.com"})
    assert answer.status_code == 404
    assert User.objects.count() == 1


def test_the_next_start_ends_the_last_link(client: Client) -> None:
    old = set_up_link()
    set_up_link()
    assert client.get(old.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_a_link_ends_after_a_day(client: Client) -> None:
    import time_machine

    link = set_up_link()
    with time_machine.travel(OneTimeLink.objects.get().expires_at):
        answer = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 404


def test_an_open_form_is_of_no_use_once_somebody_is_there(client: Client, admin: User) -> None:
    OneTimeLink.objects.all().delete()
    User.objects.all().delete()
    follow(set_up_link(), client)
    User.objects.create_user("other@example.com", PASSWORD, role=Role.ADMIN)
    answer = client.post("/welcome/", FORM)
    assert answer.status_code == 422
    assert User.objects.count() == 1


def test_a_weak_password_is_refused_and_the_link_stays_good(client: Client) -> None:
    follow(set_up_link(), client)
    assert client.post("/welcome/", {**FORM, "password": "x", "again": "x"}).status_code == 422
    assert client.post("/welcome/", FORM).status_code == 302


@pytest.mark.parametrize("token", ["x", "ä", "%00", "a" * 3000])
def test_a_made_up_link_leads_nowhere(token: str, client: Client) -> None:
    assert client.get(f"/welcome/{token}/").status_code == 404
