"""Nothing secret and no whole phone number in any log line, whatever happens."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings as django_settings
from django.test import Client
from rest_framework.test import APIClient

from notifier.domain.errors import SendFailed
from notifier.gateways.gateway import Receipt, Settings, Sms
from notifier.models import Message, Source
from notifier.services import sending
from portal.accounts.models import Role, User
from portal.accounts.tokens import create_token
from portal.work import Worker, queues
from tests.notifier.factories import SECRET, github_headers, make_rule, workflow_run

PHONE = "+4915112345678"
PASSWORD = "a-quite-long-password-7"

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what the real formatter writes, every level included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    form = django_settings.LOGGING["formatters"]["structured"]
    arguments = {key: value for key, value in form.items() if key != "()"}
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**arguments))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


class Talkative:
    """A gateway that fails and names the number, as vendors do."""

    key = label = "talkative"

    @staticmethod
    def check(settings: Settings) -> dict[str, str]:
        return {}

    def send(self, sms: Sms) -> Receipt:
        if "Leitstand" in sms.text:
            raise ValueError(f"cannot send to {sms.to}: {sms.text}")
        raise SendFailed(f"{sms.to} is not in service", permanent=False)


def test_no_log_line_names_a_secret_or_a_number(
    written: io.StringIO, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "gateway", Talkative)
    ada = User.objects.create_user("ada@example.org", PASSWORD, role=Role.ADMIN)
    token = create_token(ada, name="Script", scopes=["admin"], days=1).text
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD + "x"})
    api = APIClient(headers={"Authorization": f"Token {token}"})
    made = api.post("/api/v1/sources", {"name": "Octo", "slug": "octo", "provider": "github"})
    rotated = api.post(f"/api/v1/sources/{made.json()['id']}/rotate", {"secret": SECRET})
    recipient = api.post("/api/v1/recipients", {"name": "Grace", "phone": PHONE})
    api.post("/api/v1/recipients", {"name": "Grace", "phone": PHONE + "x"})
    api.post(f"/api/v1/recipients/{recipient.json()['id']}/test")
    make_rule().recipients.set([recipient.json()["id"]])
    body = json.dumps(workflow_run()).encode()
    for secret in (SECRET, "wrong"):
        headers = github_headers(body, secret=secret)
        kind = headers.pop("content-type")
        client.post(f"/hooks/octo?token={SECRET}", body, content_type=kind, headers=headers)
    Worker(queues()).run_once()
    APIClient(headers={"Authorization": f"Token {token}x"}).get("/api/v1/sources")
    client.get(f"/nowhere/?phone={PHONE}&token={token}")

    assert Message.objects.count() == 2
    assert Source.objects.get().secret == SECRET
    assert rotated.status_code == 200
    lines = written.getvalue()
    assert "Traceback" in lines
    secrets = [PHONE, PHONE[1:], PASSWORD, token, token[4:], SECRET, made.json()["secret"]]
    assert [one for one in secrets if one in lines] == []
