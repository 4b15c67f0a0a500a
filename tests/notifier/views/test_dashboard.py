from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from notifier.domain.errors import InvalidSignature
from notifier.services.intake import receive
from portal.models import Heartbeat
from tests.notifier.factories import github_headers, make_recipient, make_rule, make_source
from tests.notifier.history import finish, run, titled


def dashboard(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_portal_says_what_to_do_first(viewer: Client) -> None:
    text = dashboard(viewer)
    assert "First steps" in text
    assert text.count("To do:") == 5


def test_a_step_that_is_made_is_ticked(viewer: Client) -> None:
    make_source()
    make_recipient()
    assert dashboard(viewer).count("Done:") == 2


def test_the_steps_go_when_all_are_made(viewer: Client) -> None:
    make_source()
    make_rule(to=[make_recipient()])
    finish(run().messages.get())
    assert "First steps" not in dashboard(viewer)


def test_the_title_says_how_much_is_red(viewer: Client) -> None:
    make_source()
    run()
    assert "<title>1 red · Dashboard" in dashboard(viewer)


def test_a_portal_without_a_worker_says_so(viewer: Client) -> None:
    assert "No worker is running" in dashboard(viewer)
    Heartbeat.objects.create(worker="here:1", started_at=now(), beat_at=now())
    assert "No worker is running" not in dashboard(viewer)


def test_a_source_that_refuses_is_named(viewer: Client) -> None:
    make_source()
    for _ in range(2):
        with pytest.raises(InvalidSignature):
            receive("octo", github_headers(b"{}", secret="wrong"), b"{}", None)
    assert "2 requests refused in 24 hours" in dashboard(viewer)


def test_markup_in_a_title_stays_text(viewer: Client) -> None:
    make_source()
    titled("<script>alert(1)</script>")
    assert "<script>alert" not in dashboard(viewer)


def test_the_number_of_queries_does_not_grow(
    viewer: Client, django_assert_max_num_queries: Any
) -> None:
    make_source()
    make_rule(to=[make_recipient(name=f"P{number}") for number in range(5)])
    for number in range(10):
        run(run_id=number, branch=f"b{number}")
    # The first request of a session is noted by the list of sessions.
    dashboard(viewer)
    with django_assert_max_num_queries(24):
        dashboard(viewer)


def test_a_stranger_is_sent_to_the_sign_in(client: Client, db: None) -> None:
    assert client.get("/").status_code == 302
