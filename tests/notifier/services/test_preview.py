from typing import Any

import pytest

from notifier.models import Delivery, Message
from notifier.models.delivery import Verdict
from notifier.services.drafts import draft_of
from notifier.services.preview import preview
from tests.notifier.factories import make_rule, make_source, receive_github, workflow_run
from tests.notifier.history import read, run

pytestmark = pytest.mark.django_db


def test_it_judges_as_the_worker_would() -> None:
    make_source()
    rule = make_rule(branches=["@default"], outcomes=["failed"])
    rows = [run(run_id=1), run(run_id=2, branch="dev"), run(run_id=3, conclusion="cancelled")]
    by_worker = [row.decisions[0]["matched"] for row in rows]
    seen = preview(draft_of(rule))
    by_preview = {one.delivery.pk: one.matched for one in seen.matched + seen.unmatched}
    assert [by_preview[row.pk] for row in rows] == by_worker == [True, False, False]


def test_it_names_the_first_condition_that_failed() -> None:
    make_source()
    run(branch="dev")
    failed = preview(draft_of(make_rule(branches=["main"]))).unmatched[0].failed
    assert failed is not None
    assert (failed.condition, failed.wanted, failed.got) == ("branches", "main", "dev")


def test_it_looks_at_the_newest_only() -> None:
    make_source()
    for run_id in range(4):
        newest = run(run_id=run_id)
    seen = preview(draft_of(make_rule()), last=2)
    assert seen.count == 2
    assert seen.matched[0].delivery.pk == newest.pk


def test_it_leaves_out_what_no_rule_is_asked_about() -> None:
    make_source()
    receive_github(workflow_run(run_id=1))
    ping = receive_github({"zen": "Keep it simple", "hook_id": 1}, event="ping")
    read(ping)
    Delivery.objects.filter(pk=run(run_id=2).pk).update(verdict=Verdict.REJECTED)
    assert preview(draft_of(make_rule())).count == 0


def test_it_sends_nothing() -> None:
    make_source()
    run()
    preview(draft_of(make_rule()))
    assert not Message.objects.exists()


def test_its_text_is_the_newest_that_matches() -> None:
    make_source()
    run(repository="octo-org/harbour")
    seen = preview(draft_of(make_rule()))
    assert not seen.is_made_up
    assert all("octo-org/harbour" in sample.text for sample in seen.samples)


def test_without_a_match_the_text_is_made_up_from_the_conditions() -> None:
    rule = make_rule(kinds=["deployment"], outcomes=["fixed"], environments=["prod-*", "live"])
    seen = preview(draft_of(rule))
    assert seen.is_made_up
    assert seen.samples[0].text.startswith("Deployment to live FIXED octo-org/weather main")


def test_the_text_keeps_to_the_parts_of_the_rule() -> None:
    samples = preview(draft_of(make_rule(max_parts=1))).samples
    assert [(one.size.parts, one.room) for one in samples] == [(1, 160), (1, 160)]


def test_it_takes_one_query(django_assert_num_queries: Any) -> None:
    make_source()
    for run_id in range(5):
        run(run_id=run_id)
    draft = draft_of(make_rule())
    with django_assert_num_queries(1):
        preview(draft)
