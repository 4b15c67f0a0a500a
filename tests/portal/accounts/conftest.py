"""People, browsers and tokens for the tests of accounts."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import Role, User
from portal.accounts.tokens import create_token

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    numbers = count(1)

    def make(*, role: str = Role.VIEWER, password: str | None = PASSWORD, **fields: Any) -> User:
        email = fields.pop("email", f"person{next(numbers)}@example.com")
        return User.objects.create_user(email, password, role=role, **fields)

    return make


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user(role=Role.ADMIN, email="ada@example.com", name="Ada")


@pytest.fixture
def viewer(make_user: Callable[..., User]) -> User:
    return make_user(email="vera@example.com", name="Vera")


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Sign in as a browser does: through the page, with the password."""

    def sign_in(user: User, *, password: str = PASSWORD, fresh: bool = False) -> Client:
        browser = Client()
        answer = browser.post("/accounts/login/", {"login": user.email, "password": password})
        assert answer.status_code == 302, answer.content
        if fresh:
            answer = browser.post("/accounts/reauthenticate/?next=/", {"password": password})
            assert answer.status_code == 302, answer.content
        return browser

    return sign_in


@pytest.fixture
def make_token() -> Callable[..., str]:
    """Make a token of a user and return its text."""

    def make(user: User, *scopes: str, days: int = 90) -> str:
        return create_token(user, name="script", scopes=scopes, days=days).text

    return make
