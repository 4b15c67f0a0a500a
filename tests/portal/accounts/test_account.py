from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(viewer: User, sign_in: Callable[..., Client]) -> Client:
    return sign_in(viewer)


def test_one_can_change_ones_name(browser: Client, viewer: User) -> None:
    browser.post("/accounts/me/", {"name": "Vera M."})
    viewer.refresh_from_db()
    assert viewer.name == "Vera M."


def test_one_cannot_change_more_than_the_name(browser: Client, viewer: User) -> None:
    browser.post("/accounts/me/", {"name": "V", "role": "admin", "email": "x@example.com"})
    viewer.refresh_from_db()
    assert (viewer.role, viewer.email) == ("viewer", "vera@example.com")


def test_a_name_that_is_too_long_is_kept_in_the_form(browser: Client) -> None:
    answer = browser.post("/accounts/me/", {"name": "x" * 151})
    assert answer.status_code == 422
    assert "x" * 151 in answer.text


@pytest.mark.parametrize("path", ["me/", "2fa/", "2fa/totp/activate/", "sessions/"])
def test_no_browser_keeps_what_is_ones_own(browser: Client, path: str) -> None:
    assert "no-store" in browser.get(f"/accounts/{path}")["Cache-Control"]


def test_it_leads_to_all_that_is_ones_own(browser: Client) -> None:
    page = browser.get("/accounts/me/").text
    paths = ("password/change/", "2fa/", "sessions/", "tokens/")
    assert [path for path in paths if f'href="/accounts/{path}"' not in page] == []


@pytest.mark.parametrize("path", ["password/change/", "2fa/", "sessions/", "tokens/"])
def test_these_pages_open(path: str, browser: Client) -> None:
    assert browser.get(f"/accounts/{path}").status_code == 200


def test_signing_out_is_a_button_and_not_a_link(browser: Client) -> None:
    browser.get("/accounts/logout/")
    assert browser.get("/accounts/me/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize("path", ["me/", "login/", "2fa/", "sessions/", "tokens/"])
def test_no_page_has_a_style_or_script_of_its_own(path: str, browser: Client) -> None:
    visitor = Client() if path == "login/" else browser
    page = visitor.get(f"/accounts/{path}").text
    assert " style=" not in page and "<style" not in page and "<script>" not in page
