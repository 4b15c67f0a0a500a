"""The set-up pages in a real browser: what only a script shows, and whom they must not shut out."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from notifier.models import Rule, Source, Team
from tests.notifier.factories import make_recipient, make_rule, make_source

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Axe()


def test_the_sentence_follows_the_form(page: Page, sign_in: Callable[[str], Any]) -> None:
    make_recipient()
    sign_in("operator")
    page.goto("/rules/new")
    page.get_by_label("Ada").check()
    expect(page.locator("#sentence")).to_contain_text("tell Ada.")
    page.get_by_label("Branches").fill("release/*")
    page.get_by_label("Branches").blur()
    expect(page.locator("#sentence")).to_contain_text("on release/*")


def test_a_new_source_is_noticed_without_a_reload(
    page: Page, sign_in: Callable[[str], Any]
) -> None:
    from django.utils import timezone

    source = make_source()
    sign_in("operator")
    page.goto(f"/sources/{source.pk}/")
    expect(page.get_by_text("Waiting for the first delivery")).to_be_visible()
    Source.objects.update(verified_at=timezone.now(), last_delivery_at=timezone.now())
    expect(page.get_by_text("Verified", exact=True)).to_be_visible(timeout=15_000)


@pytest.mark.parametrize(
    "path",
    [
        "/sources/",
        "/sources/{source}/",
        "/sources/new",
        "/sources/new?provider=generic",
        "/sources/{source}/rotate",
        "/sources/{source}/delete",
        "/recipients/",
        "/recipients/{recipient}/",
        "/recipients/new",
        "/teams/",
        "/teams/{team}/",
        "/teams/{team}/edit",
        "/rules/",
        "/rules/{rule}/",
        "/rules/{rule}/edit",
    ],
)
def test_nobody_is_shut_out(page: Page, sign_in: Callable[[str], Any], path: str) -> None:
    ada, team = make_recipient(), Team.objects.create(name="Backend")
    team.members.add(ada)
    rule: Rule = make_rule(to=[ada], teams=[team])
    keys = {"source": make_source().pk, "recipient": ada.pk, "team": team.pk, "rule": rule.pk}
    sign_in("operator")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path.format(**keys))
    assert AXE.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
