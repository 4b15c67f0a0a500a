"""What all tests share: who needs a browser or PostgreSQL, and the browser itself."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

# CI sets LEITSTAND_REQUIRE=browser,postgres: there a missing one is a failure, not a skip.
REQUIRED = os.environ.get("LEITSTAND_REQUIRE", "").split(",")
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True)
def _the_usual_language() -> None:
    """Django keeps the language of the last request in its thread."""
    translation.deactivate_all()
    translation.activate(settings.LANGUAGE_CODE)


def missing(need: str) -> str:
    """Return why the tests marked with `need` cannot run here, or nothing."""
    if need == "browser" and CHROMIUM is None:
        return "no Chromium here (Debian: apt install chromium)"
    engine = settings.DATABASES["default"]["ENGINE"]
    if need == "postgres" and engine != "django.db.backends.postgresql":
        return "LEITSTAND_DATABASE_URL names no PostgreSQL"
    return ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser_name" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    # See `playwright` below: whatever needs no browser comes first.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in ("browser", "postgres"):
        reason = missing(need) if item.get_closest_marker(need) else ""
        if reason and need in REQUIRED:
            pytest.fail(f"LEITSTAND_REQUIRE={need}, but {reason}", pytrace=False)
        if reason:
            pytest.skip(reason)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright.

    From here to the end of the session its event loop runs in this thread, and Django would
    refuse to use the database beside it. Nothing here is concurrent, so Django may be told.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": list(FLAGS),
        # Chromium's sandbox refuses to work for root, who runs CI.
        "chromium_sandbox": os.geteuid() != 0,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    return {**browser_context_args, "base_url": live_server.url}


@pytest.fixture
def sign_in(
    context: BrowserContext, live_server: Any, django_user_model: Any
) -> Callable[[str], Any]:
    """Return a function that signs a new user with the given role in and returns them."""

    def sign_in(role: str) -> Any:
        user = django_user_model.objects.create_user(f"{role}@example.com", role=role)
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return user

    return sign_in
