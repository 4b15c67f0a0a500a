import pytest
from rest_framework.test import APIClient

from portal.accounts.models import User
from portal.accounts.tokens import create_token
from tests.notifier.api.clients import Connect


@pytest.fixture
def connect(db: None) -> Connect:
    """Return a maker of clients with a token: `connect("operator", "notify:read")`."""

    def client(role: str = "operator", *scopes: str) -> APIClient:
        user, _ = User.objects.get_or_create(
            email=f"{role}@example.com", defaults={"role": role, "name": role.title()}
        )
        given = scopes or (("notify:read",) if role == "viewer" else ("notify:write",))
        token = create_token(user, name="test", scopes=given).text
        return APIClient(headers={"Authorization": f"Token {token}"})

    return client


@pytest.fixture
def operator(connect: Connect) -> APIClient:
    return connect("operator")


@pytest.fixture
def viewer(connect: Connect) -> APIClient:
    return connect("viewer")
