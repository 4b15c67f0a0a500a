"""The history in a real browser: what changes by itself, by keyboard, and on a narrow screen."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from notifier.models import Delivery
from notifier.models.message import MessageState
from tests.notifier.factories import make_recipient, make_rule, make_source
from tests.notifier.history import finish, run, titled

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Axe()


def test_what_is_new_waits_behind_a_button(page: Page, sign_in: Callable[[str], Any]) -> None:
    make_source()
    titled("The first")
    sign_in("viewer")
    page.clock.install()
    page.goto("/deliveries/?branch=main")
    titled("The second", run_id=2)
    titled("Elsewhere", run_id=3, branch="dev")
    page.clock.run_for(11_000)
    button = page.get_by_role("button", name="1 new")
    expect(button).to_be_visible()
    expect(page.get_by_text("The second")).to_have_count(0)
    button.click()
    expect(page.get_by_role("link", name="The second")).to_be_focused()
    expect(page.get_by_text("Elsewhere")).to_have_count(0)


def test_a_filter_stands_in_the_address_without_a_reload(
    page: Page, sign_in: Callable[[str], Any]
) -> None:
    make_source()
    titled("Red one")
    titled("Green one", run_id=2, branch="dev", conclusion="success")
    sign_in("viewer")
    page.goto("/deliveries/")
    page.get_by_label("Outcome").select_option("failed")
    expect(page.get_by_text("Green one")).to_have_count(0)
    assert page.url.endswith("/deliveries/?outcome=failed")
    page.get_by_role("link", name="Remove filter: Outcome Failed").click()
    expect(page.get_by_text("Green one")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Green one")).to_have_count(0)


def test_a_replay_asks_first_and_takes_the_keyboard(
    page: Page, sign_in: Callable[[str], Any]
) -> None:
    make_source()
    delivery = run()
    sign_in("operator")
    page.goto(f"/deliveries/{delivery.pk}/")
    page.get_by_role("button", name="Replay…").press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    delivery.refresh_from_db()
    assert delivery.state == "done"
    page.get_by_role("button", name="Replay…").press("Enter")
    page.get_by_role("button", name="Read it again").click()
    expect(page.get_by_text("It is read again")).to_be_visible()
    expect(page.get_by_text("Waits for the worker")).to_be_visible()
    Delivery.objects.filter(pk=delivery.pk).update(state="done")
    expect(page.get_by_text("Waits for the worker")).to_have_count(0, timeout=10_000)


def test_the_outbox_opens_at_the_newest_text(page: Page, sign_in: Callable[[str], Any]) -> None:
    make_source()
    make_rule(to=[make_recipient()])
    for number in range(9):
        finish(run(run_id=number).messages.get())
    sign_in("viewer")
    page.goto("/outbox/")
    expect(page.locator(".bubble").last).to_be_in_viewport()
    expect(page.locator(".bubble").first).not_to_be_in_viewport()


def test_it_works_without_a_script(
    browser: Browser, page: Page, sign_in: Callable[[str], Any], live_server: Any
) -> None:
    make_source()
    titled("Red one")
    sign_in("viewer")
    kept = page.context.storage_state()
    plain = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=kept
    ).new_page()
    plain.goto("/deliveries/")
    plain.get_by_label("Text").fill("nowhere")
    plain.get_by_role("button", name="Filter").click()
    expect(plain.get_by_text("Nothing matches")).to_be_visible()
    plain.get_by_role("link", name="Clear the filters").click()
    plain.get_by_role("link", name="Red one").click()
    expect(plain.get_by_role("heading", name="Timeline")).to_be_visible()
    plain.context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/deliveries/",
        "/deliveries/?outcome=failed&text=import",
        "/deliveries/{delivery}/",
        "/messages/",
        "/messages/{message}/",
        "/outbox/",
    ],
)
@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_is_shut_out(
    page: Page, sign_in: Callable[[str], Any], path: str, width: int
) -> None:
    make_source()
    make_rule(to=[make_recipient(name="Ada"), make_recipient(name="Ben")])
    make_rule(name="Never", branches=["release/*"])
    titled("One " + "very" * 40 + " long title", repository="octo-org/" + "name" * 30)
    delivery = run(run_id=2)
    first, second = delivery.messages.order_by("pk")
    finish(first)
    finish(second, MessageState.FAILED, reason="The network refused it.")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    sign_in("operator")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path.format(delivery=delivery.pk, message=second.pk))
    assert AXE.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []


@pytest.mark.parametrize("path", ["/", "/deliveries/", "/messages/", "/outbox/"])
def test_nobody_is_shut_out_of_an_empty_portal(
    page: Page, sign_in: Callable[[str], Any], path: str
) -> None:
    sign_in("viewer")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path)
    assert AXE.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
