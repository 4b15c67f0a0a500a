"""Every operation of the description, called with made-up and with hostile requests.

LEITSTAND_FUZZ_EXAMPLES=500 makes it thorough; the default keeps it short. It is deterministic.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.checks import CHECKS, load_all_checks

from notifier.models import Team
from notifier.services.sending import queue_test_message
from portal.accounts.models import User
from portal.accounts.tokens import create_token
from portal.wsgi import application
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import read

EXAMPLES = int(os.environ.get("LEITSTAND_FUZZ_EXAMPLES", "5"))

schema = schemathesis.openapi.from_dict(
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
)
schema.app = application
load_all_checks()
refusals = schema.config.checks.negative_data_rejection
refusals.expected_statuses = [*refusals.expected_statuses, "412", "413"]

# What only the rows can say (a name is taken, a number is none) stands in no description.
NOT_ASKED = [CHECKS.get_one("positive_data_acceptance")]

bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def rows(db: None) -> dict[str, str]:
    """Return the id of one row of everything, by its part of the address."""
    source, recipient = make_source(), make_recipient()
    rule = make_rule(to=[recipient])
    delivery = receive_github(workflow_run())
    read(delivery)
    return {
        "sources": str(source.pk),
        "recipients": str(recipient.pk),
        "teams": str(Team.objects.create(name="Backend").pk),
        "rules": str(rule.pk),
        "deliveries": str(delivery.pk),
        "messages": str(queue_test_message(recipient).pk),
        "users": str(User.objects.create_user("ben@example.com").pk),
    }


@pytest.fixture(autouse=True)
def one_transaction(db: None) -> Iterator[None]:
    """Keep the test's connection open at the ends of requests, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return what an administrator's script sends; nobody is slowed down."""
    for who in SimpleRateThrottle.THROTTLE_RATES:
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, who, None)
    admin = User.objects.create_user("ada@example.com", role="admin")
    return {"Authorization": f"Token {create_token(admin, name='fuzz', scopes=['admin']).text}"}


@schema.parametrize()
@bounded
def test_every_answer_is_as_described(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, excluded_checks=NOT_ASKED)


@schema.include(path_regex=r"/\{id\}").parametrize()
@bounded
def test_every_answer_about_a_row_is_as_described(
    case: Any, headers: dict[str, str], rows: dict[str, str]
) -> None:
    case.path_parameters = {"id": rows[case.path.split("/")[3]]}
    case.call_and_validate(headers=headers, excluded_checks=NOT_ASKED)
