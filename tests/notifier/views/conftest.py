"""Signed-in clients: one for each role."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


def signed_in(role: str) -> Client:
    """Return a client in which somebody with `role` is signed in."""
    user = get_user_model().objects.create_user(f"{role}@example.com", "x" * 12, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in("operator")


@pytest.fixture
def viewer(db: None) -> Client:
    return signed_in("viewer")
