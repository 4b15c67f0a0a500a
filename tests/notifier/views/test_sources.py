from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifier.models import Delivery, Source
from notifier.services.sources import find_door
from tests.notifier.factories import (
    SECRET,
    github_headers,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)

NEW = "/sources/new?provider=github"
OWN_SECRET = "a-secret-from-elsewhere"


def create(client: Client, provider: str = "github", **fields: Any) -> Source:
    """Add a source by its form and return it; the secret has not been looked at yet."""
    answer = client.post(
        f"/sources/new?provider={provider}", {"name": "Octo", "slug": "", "secret": "", **fields}
    )
    assert answer.status_code == 302, answer.content.decode()
    return Source.objects.latest("pk")


def secret_page(source: Source) -> str:
    return reverse("notifier:source-secret", args=[source.pk])


def page(client: Client, source: Source, name: str = "source") -> str:
    return client.get(reverse(f"notifier:{name}", args=[source.pk])).content.decode()


def test_an_empty_list_says_what_a_source_is_and_offers_one(operator: Client) -> None:
    answer = operator.get("/sources/").content.decode()
    assert "No sources yet" in answer
    assert "/sources/new" in answer


def test_a_viewer_is_offered_nothing_to_change(viewer: Client) -> None:
    source = make_source()
    pages = viewer.get("/sources/").content.decode() + page(viewer, source)
    assert "/sources/new" not in pages
    assert f"/sources/{source.pk}/edit" not in pages


@pytest.mark.parametrize("name", ["new", "1/edit", "1/rotate", "1/delete", "1/secret"])
def test_a_viewer_may_not_open_a_page_that_changes(viewer: Client, name: str) -> None:
    assert viewer.get(f"/sources/{name}").status_code == 403


@pytest.mark.parametrize("name", ["new", "1/edit", "1/rotate", "1/delete", "1/switch"])
def test_a_viewer_may_change_nothing(viewer: Client, name: str) -> None:
    assert viewer.post(f"/sources/{name}").status_code == 403


def test_the_first_step_offers_every_provider(operator: Client) -> None:
    answer = operator.get("/sources/new").content.decode()
    for provider in ("github", "gitlab", "gitea", "bitbucket", "generic"):
        assert f'href="?provider={provider}"' in answer


def test_an_unknown_provider_leads_back_to_the_choice(operator: Client) -> None:
    assert operator.post("/sources/new?provider=nobody").headers["Location"] == "/sources/new"


def test_the_slug_is_made_from_the_name(operator: Client) -> None:
    assert create(operator, name="Team Ärger: Build_1").slug == "team-arger-build-1"


def test_owner_and_repository_stay_apart_in_the_slug(operator: Client) -> None:
    assert create(operator, name="octo-org/hello").slug == "octo-org-hello"


def test_a_taken_slug_gets_a_number(operator: Client) -> None:
    make_source(slug="octo")
    assert create(operator).slug == "octo-2"


def test_a_name_without_letters_gives_the_provider_as_slug(operator: Client) -> None:
    assert create(operator, name="日本").slug == "github"


def test_the_secret_is_shown_once_with_address_and_steps(operator: Client) -> None:
    source = create(operator)
    shown = operator.get(secret_page(source)).content.decode()
    assert source.secret in shown
    assert f"/hooks/{source.slug}" in shown
    assert "Workflow runs" in shown


def test_the_secret_is_never_shown_again(operator: Client) -> None:
    source = create(operator)
    operator.get(secret_page(source))
    again = operator.get(secret_page(source), follow=True)
    assert source.secret not in again.content.decode()
    assert again.redirect_chain[0][0] == f"/sources/{source.pk}/"


def test_the_secret_is_for_the_session_that_made_it(operator: Client) -> None:
    source = make_source()
    assert SECRET not in operator.get(secret_page(source), follow=True).content.decode()


def test_the_secret_is_kept_in_no_cache(operator: Client) -> None:
    answer = operator.get(secret_page(create(operator)))
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_session_keeps_no_secret(operator: Client) -> None:
    source = create(operator)
    assert source.secret not in str(dict(operator.session.items()))


def test_other_pages_never_show_the_secret(operator: Client) -> None:
    source = make_source()
    names = ("source", "source-edit", "source-rotate", "source-delete")
    pages = "".join(page(operator, source, name) for name in names)
    assert SECRET not in pages + operator.get("/sources/").content.decode()


def test_my_own_secret_is_taken(operator: Client) -> None:
    assert create(operator, secret=OWN_SECRET).secret == OWN_SECRET


@pytest.mark.parametrize("secret", ["short", " with-a-blank-before", "mit-umläuten-geschrieben"])
def test_a_poor_secret_of_my_own_is_refused(operator: Client, secret: str) -> None:
    answer = operator.post(NEW, {"name": "Octo", "secret": secret})
    assert answer.status_code == 422
    assert not Source.objects.exists()


def test_a_signing_token_of_my_own_must_be_one(operator: Client) -> None:
    fields = {"name": "Lab", "setting_mode": "signing", "secret": OWN_SECRET}
    answer = operator.post("/sources/new?provider=gitlab", fields)
    assert "whsec_" in answer.content.decode()
    assert answer.status_code == 422


def test_only_settings_that_differ_from_their_default_are_kept(operator: Client) -> None:
    source = create(
        operator,
        "generic",
        setting_mode="bearer",
        setting_signature_encoding="hex",
        setting_branch="build.branch",
        setting_title="title",
    )
    assert source.config == {"mode": "bearer", "branch": "build.branch"}


def test_settings_that_are_a_text_start_empty(operator: Client) -> None:
    form = operator.get("/sources/new?provider=generic").context["form"]
    assert {field.value() for field in form.text_fields()} == {""}


def test_a_wrong_setting_is_told_at_the_field_and_on_top(operator: Client) -> None:
    fields = {"name": "X", "setting_mode": "hmac", "setting_signature_encoding": "hex"}
    answer = operator.post("/sources/new?provider=generic", {**fields, "setting_kinds": "nonsense"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("is no pair") == 2
    assert 'href="#id_setting_kinds"' in text


def test_an_error_keeps_what_was_typed_and_says_error_in_the_title(operator: Client) -> None:
    answer = operator.post(NEW, {"name": "Octo", "slug": "Not Good"}).content.decode()
    assert 'value="Not Good"' in answer
    assert "<title>Error:" in answer


def test_markup_in_a_name_is_shown_as_text(operator: Client) -> None:
    source = make_source(name="<script>alert(1)</script>")
    pages = page(operator, source) + operator.get("/sources/").content.decode()
    assert "<script>alert(1)" not in pages
    assert "&lt;script&gt;alert(1)" in pages


def test_a_new_source_waits_for_its_first_delivery_and_asks_again(operator: Client) -> None:
    answer = page(operator, make_source())
    assert "Waiting for the first delivery" in answer
    assert 'hx-trigger="every 5s"' in answer


def test_a_verified_source_asks_no_more(operator: Client) -> None:
    source = make_source()
    Source.objects.update(verified_at=timezone.now(), last_delivery_at=timezone.now())
    answer = page(operator, source, "source-state")
    assert "Verified" in answer
    assert "hx-trigger" not in answer


def test_a_refused_request_is_told_with_its_reason(operator: Client) -> None:
    from notifier.domain.errors import InvalidSignature
    from notifier.services.intake import receive

    source = make_source()
    with pytest.raises(InvalidSignature):
        receive("octo", github_headers(b"{}", secret="wrong"), b"{}", "192.0.2.7")
    assert "does not fit the body" in page(operator, source)


def test_editing_changes_name_and_settings_and_keeps_the_address(operator: Client) -> None:
    source = make_source(provider="gitlab")
    operator.post(
        f"/sources/{source.pk}/edit", {"name": "Lab", "setting_mode": "token", "slug": "other"}
    )
    source.refresh_from_db()
    assert (source.name, source.slug, source.config) == ("Lab", "octo", {})


def test_settings_that_the_secret_does_not_fit_lead_to_a_new_one(operator: Client) -> None:
    source = make_source(provider="gitlab")
    answer = operator.post(f"/sources/{source.pk}/edit", {"name": "Lab", "setting_mode": "signing"})
    assert answer.headers["Location"] == f"/sources/{source.pk}/rotate"


def test_rotating_shows_the_new_secret_once(operator: Client) -> None:
    source = make_source()
    answer = operator.post(f"/sources/{source.pk}/rotate", {"overlap": "3600"}, follow=True)
    source.refresh_from_db()
    assert source.secret != SECRET
    assert source.secret in answer.content.decode()
    assert source.secret not in operator.get(secret_page(source), follow=True).content.decode()


def test_rotating_tells_the_end_of_the_old_secret_as_other_pages_do(operator: Client) -> None:
    source = make_source()
    answer = operator.post(f"/sources/{source.pk}/rotate", {"overlap": "3600"}, follow=True)
    source.refresh_from_db()
    until = timezone.localtime(source.previous_until)
    assert f"works until {until:%Y-%m-%d %H:%M}." in answer.content.decode()


def test_rotating_keeps_the_old_secret_as_long_as_chosen(operator: Client) -> None:
    source = make_source()
    operator.post(f"/sources/{source.pk}/rotate", {"overlap": "3600"})
    soon = timezone.now() + timedelta(minutes=59)
    assert SECRET in find_door("octo").secrets(soon)
    assert SECRET not in find_door("octo").secrets(soon + timedelta(minutes=2))
    assert "still works until" in page(operator, source)


def test_rotating_at_once_refuses_the_old_secret_at_once(operator: Client) -> None:
    source = make_source()
    operator.post(f"/sources/{source.pk}/rotate", {"overlap": "0"})
    assert SECRET not in find_door("octo").secrets(timezone.now())


def test_switching_off_and_on(operator: Client) -> None:
    source = make_source()
    operator.post(f"/sources/{source.pk}/switch", {"active": "0"})
    assert "answered with 404" in page(operator, source)
    operator.post(f"/sources/{source.pk}/switch", {"active": "1"})
    assert Source.objects.get().is_active


def test_a_source_in_use_is_switched_off_before_it_is_deleted(operator: Client) -> None:
    source = make_source()
    receive_github(workflow_run())
    assert "Deactivate it first" in page(operator, source, "source-delete")
    operator.post(f"/sources/{source.pk}/delete", {"slug": "octo"})
    assert Source.objects.exists()


def test_deleting_takes_the_deliveries_along(operator: Client) -> None:
    source = make_source()
    receive_github(workflow_run())
    Source.objects.update(is_active=False)
    assert "Its 1 delivery is deleted" in page(operator, source, "source-delete")
    operator.post(f"/sources/{source.pk}/delete", {"slug": "octo"})
    assert (Source.objects.count(), Delivery.objects.count()) == (0, 0)


def test_deleting_asks_for_the_right_address_part(operator: Client) -> None:
    source = make_source()
    answer = operator.post(f"/sources/{source.pk}/delete", {"slug": "other"})
    assert answer.status_code == 422
    assert Source.objects.exists()


def test_deleting_names_the_rules_that_are_switched_off(operator: Client) -> None:
    source = make_source()
    make_rule(name="Only octo", sources=[source])
    assert "Only octo" in page(operator, source, "source-delete")


def test_a_long_list_can_be_searched(operator: Client) -> None:
    for number in range(14):
        make_source(slug=f"octo-{number}", name=f"Octo {number}")
    answer = operator.get("/sources/?q=octo-13").content.decode()
    assert "/hooks/octo-13" in answer
    assert "/hooks/octo-1<" not in answer


def test_a_search_without_a_hit_says_so(operator: Client) -> None:
    make_source()
    assert "Nothing matches" in operator.get("/sources/?q=zzz").content.decode()
