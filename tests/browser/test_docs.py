"""The page of the REST API in a real browser: it works without the Internet and inline code."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Request, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(django_user_model: Any) -> str:
    client = Client()
    client.force_login(
        django_user_model.objects.create_user("ada@example.com", "long enough 12", role="admin")
    )
    return client.cookies["sessionid"].value


def test_an_operation_can_be_tried_out(browser: Browser, live_server: Any, session: str) -> None:
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    said: list[str] = []
    foreign: list[str] = []

    def follow(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            foreign.append(request.url)

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", follow)
    page.goto("/api/docs/")
    operation = page.locator("#operations-teams-teams_create")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill('{"name": "Backend"}')
    operation.get_by_role("button", name="Execute").click()
    status = operation.locator(".live-responses-table tbody .response-col_status")
    expect(status).to_contain_text("201")
    context.close()
    assert (said, foreign) == ([], [])
