"""The look in a real browser: accessible, narrow, without a word from the content policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/accounts/login/", "/design/", "/help/", "/accounts/password/change/", "/accounts/2fa/"]
THEMES = ["light", "dark"]


@pytest.fixture
def session(django_user_model: Any) -> str:
    """Return the session of a signed-in administrator."""
    client = Client()
    client.force_login(
        django_user_model.objects.create_user("ada@example.com", "long enough 12", role="admin")
    )
    return client.cookies["sessionid"].value


def opened(
    browser: Browser, address: str, path: str, session: str, **options: Any
) -> tuple[Page, list[str]]:
    """Return a page at `path` and what its console said."""
    context = browser.new_context(base_url=address, **options)
    if path != "/accounts/login/":
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: listen(said, message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path)
    return page, said


def listen(said: list[str], message: ConsoleMessage) -> None:
    """Keep complaints; hints of the browser's makers are not among them."""
    if message.type in ("error", "warning"):
        said.append(f"{message.type}: {message.text}")


@pytest.fixture
def design(browser: Browser, live_server: Any, session: str) -> Iterator[Page]:
    page, _said = opened(browser, live_server.url, "/design/", session)
    yield page
    page.context.close()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    browser: Browser, live_server: Any, session: str, path: str, theme: str, width: int
) -> None:
    page, _said = opened(
        browser,
        live_server.url,
        path,
        session,
        color_scheme=theme,
        viewport={"width": width, "height": 800},
    )
    found = Axe().run(page)
    page.context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_no_page_scrolls_sideways_at_320_pixels(
    browser: Browser, live_server: Any, session: str, path: str, script: bool
) -> None:
    page, _said = opened(
        browser,
        live_server.url,
        path,
        session,
        viewport={"width": 320, "height": 640},
        java_script_enabled=script,
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert width == 320


@pytest.mark.parametrize("path", PAGES)
def test_the_console_stays_silent(
    browser: Browser, live_server: Any, session: str, path: str
) -> None:
    page, said = opened(browser, live_server.url, path, session)
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert said == []


def test_the_menu_opens_without_scripts(browser: Browser, live_server: Any, session: str) -> None:
    page, _said = opened(
        browser,
        live_server.url,
        "/help/",
        session,
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
    )
    page.get_by_role("button", name="Menu").click()
    expect(page.locator("#menu")).to_be_visible()
    page.context.close()


def test_the_theme_changes_without_a_reload(design: Page) -> None:
    design.locator(".account summary").click()
    design.get_by_role("button", name="Dark").click()
    expect(design.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_theme_is_there_before_the_page_is_painted(
    browser: Browser, live_server: Any, session: str
) -> None:
    page, _said = opened(
        browser, live_server.url, "/accounts/login/", session, java_script_enabled=False
    )
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.context.close()


def test_a_filter_is_in_the_address_without_empty_fields(design: Page) -> None:
    design.get_by_label("Outcome").first.select_option("failed")
    expect(design.locator(".chip")).to_have_count(1)
    assert design.url.endswith("/design/?outcome=failed")


def test_a_slash_goes_to_the_search(design: Page) -> None:
    design.keyboard.press("/")
    expect(design.get_by_label("Search")).to_be_focused()


def test_keys_can_be_switched_off(design: Page) -> None:
    design.keyboard.press("?")
    design.get_by_role("switch", name="Single keys are on").click()
    design.get_by_role("button", name="Close").click()
    design.keyboard.press("/")
    expect(design.get_by_label("Search")).not_to_be_focused()


def test_a_dialog_gives_the_focus_back(design: Page) -> None:
    opener = design.get_by_role("button", name="Delete…")
    opener.click()
    expect(design.get_by_role("button", name="Cancel")).to_be_focused()
    design.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_the_first_tab_skips_to_the_content(design: Page) -> None:
    design.keyboard.press("Tab")
    design.keyboard.press("Enter")
    expect(design.locator("main")).to_be_focused()


def make_live(page: Page, html: str) -> None:
    """Let the list of the design page look at the address /fresh, which answers `html`."""
    page.route("**/fresh", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.evaluate(
        """() => {
          Object.assign(document.getElementById("rows").dataset,
            { live: "/fresh", liveEvery: "0.1", liveLabel: "%d new" });
          document.dispatchEvent(new Event("htmx:afterSettle"));
        }"""
    )


ROW = '<tr data-key="{}"><td><a href="#row">{}</a></td></tr>'


def fresh_list(*rows: tuple[str, str]) -> str:
    cells = "".join(ROW.format(key, text) for key, text in rows)
    return f'<table><tbody id="rows">{cells}</tbody></table>'


def test_new_rows_wait_behind_a_button(design: Page) -> None:
    make_live(design, fresh_list(("new-1", "Fresh"), ("row-0", "Changed")))
    expect(design.get_by_role("button", name="1 new")).to_be_visible()
    expect(design.locator("#rows tr").first).to_have_attribute("data-key", "row-0")


def test_a_known_row_is_refreshed_where_it_stands(design: Page) -> None:
    make_live(design, fresh_list(("new-1", "Fresh"), ("row-0", "Changed")))
    expect(design.locator("[data-key=row-0]")).to_have_text("Changed")


def test_a_row_that_has_the_focus_is_left_alone(design: Page) -> None:
    design.locator("[data-key=row-0] a").first.focus()
    make_live(design, fresh_list(("new-1", "Fresh"), ("row-0", "Changed")))
    expect(design.get_by_role("button", name="1 new")).to_be_visible()
    expect(design.locator("[data-key=row-0] a").first).to_be_focused()


def test_new_rows_come_when_asked_for(design: Page) -> None:
    make_live(design, fresh_list(("new-1", "Fresh"), ("row-0", "Changed")))
    design.get_by_role("button", name="1 new").click()
    expect(design.locator("[data-key=new-1] a")).to_be_focused()


def test_a_copy_button_copies(design: Page) -> None:
    design.context.grant_permissions(["clipboard-read", "clipboard-write"])
    design.get_by_role("button", name="Copy Secret").click()
    expect(design.get_by_text("Copied").first).to_be_visible()
    assert design.evaluate("navigator.clipboard.readText()") == "made-up-0000-example"


def test_a_form_is_sent_once(browser: Browser, live_server: Any, session: str) -> None:
    page, _said = opened(browser, live_server.url, "/accounts/login/", session)
    page.route("**/accounts/login/", lambda route: route.fulfill(status=204))
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill("long enough 12")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_disabled()
    page.context.close()
