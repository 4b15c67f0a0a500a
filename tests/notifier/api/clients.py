"""A maker of REST clients: `connect("operator", "notify:read")`."""

from collections.abc import Callable

from rest_framework.test import APIClient

Connect = Callable[..., APIClient]
