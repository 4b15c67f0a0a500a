"""Gitea and Forgejo: whose header counts, and what each of their events means."""

from urllib.parse import urlencode

import pytest

from notifier.domain.errors import InvalidSignature
from notifier.domain.event import Kind, Outcome
from notifier.sources.gitea import SOURCE
from tests.notifier.sources.deliveries import facts, hex_hmac, parsed, request, sample

SECRET = "low water"
BODY = b'{"ref": "refs/heads/main"}'
DIGEST = hex_hmac(SECRET, BODY)


@pytest.mark.parametrize("header", ["x-gitea-signature", "x-forgejo-signature"])
def test_either_header_verifies(header: str) -> None:
    SOURCE.verify(request(body=BODY, headers={header: DIGEST}), [SECRET], {})


def test_where_both_are_sent_the_one_of_forgejo_counts() -> None:
    headers = {"x-gitea-signature": DIGEST, "x-forgejo-signature": "0" * 64}
    with pytest.raises(InvalidSignature, match="X-Forgejo-Signature"):
        SOURCE.verify(request(body=BODY, headers=headers), [SECRET], {})


@pytest.mark.parametrize("header", ["x-gitea-signature", "x-forgejo-signature"])
def test_the_empty_digest_of_a_hook_without_a_secret_never_verifies(header: str) -> None:
    github = {"x-hub-signature-256": f"sha256={DIGEST}"}
    with pytest.raises(InvalidSignature, match="missing or empty"):
        SOURCE.verify(request(body=BODY, headers={header: "", **github}), [SECRET], {})


def test_in_a_form_the_json_text_is_signed() -> None:
    form = request(
        body=urlencode({"payload": BODY.decode()}).encode(),
        headers={"x-gitea-signature": DIGEST},
        content_type="application/x-www-form-urlencoded",
    )
    SOURCE.verify(form, [SECRET], {})


def test_a_form_that_cannot_be_read_is_not_authentic() -> None:
    form = request(body=b"nothing", content_type="application/x-www-form-urlencoded", headers={})
    with pytest.raises(InvalidSignature, match="no field"):
        SOURCE.verify(form, [SECRET], {})


def test_the_finest_event_header_is_the_name() -> None:
    headers = {"x-gitea-event": "issue_comment", "x-gitea-event-type": "pull_request_comment"}
    assert SOURCE.event_name(request(headers=headers)) == "pull_request_comment"


def test_a_delivery_has_the_id_of_either_family() -> None:
    for family in ("gitea", "forgejo"):
        assert SOURCE.delivery_id(request(headers={f"x-{family}-delivery": "8a51"})) == "8a51"


@pytest.mark.parametrize(
    ("name", "kind", "outcome", "branch"),
    [
        ("workflow_run.failed", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("workflow_run.passed", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("workflow_run.cancelled", Kind.PIPELINE, Outcome.CANCELLED, "main"),
        ("workflow_run.skipped", Kind.PIPELINE, Outcome.NONE, "main"),
        ("workflow_run.running", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("workflow_job.failed", Kind.JOB, Outcome.FAILED, "main"),
        ("action_run_failure", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("action_run_failure.cancelled", Kind.PIPELINE, Outcome.CANCELLED, "main"),
        ("action_run_success", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("action_run_recover", Kind.PIPELINE, Outcome.FIXED, "main"),
        ("status.failure", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("status.success", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("status.warning", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("status.pending", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("push.main", Kind.PUSH, Outcome.NONE, "main"),
        ("push.tag", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("create.tag", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("delete.branch", Kind.PUSH, Outcome.NONE, "fix/tide"),
        ("pull_request.opened", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("pull_request.labeled", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("pull_request_review.approved", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("pull_request_comment.created", Kind.COMMENT, Outcome.NONE, ""),
        ("issues.opened", Kind.ISSUE, Outcome.NONE, ""),
        ("release.published", Kind.RELEASE, Outcome.NONE, ""),
        ("fork", Kind.OTHER, Outcome.NONE, ""),
        ("package.created", Kind.OTHER, Outcome.NONE, ""),
    ],
)
def test_it_knows_what_happened_and_where(
    name: str, kind: Kind, outcome: Outcome, branch: str
) -> None:
    event = parsed("gitea", name)
    assert (event.kind, event.outcome, event.branch) == (kind, outcome, branch)


def test_a_run_of_forgejo_says_all_of_it_inside_the_run() -> None:
    fields = ("repository", "default_branch", "workflow", "actor", "title", "run_id", "attempt")
    assert facts("gitea", "action_run_failure", *fields) == {
        "repository": "hafen/lotse",
        "default_branch": "main",
        "workflow": "ci.yml",
        "actor": "mira-k",
        "title": "Round up the pilotage fee",
        "run_id": "22",
        "attempt": "2026-03-02T07:19:44.000Z",
    }


def test_a_run_of_gitea_is_named_by_its_workflow() -> None:
    assert facts("gitea", "workflow_run.failed", "workflow", "run_id", "attempt", "order") == {
        "workflow": "CI",
        "run_id": "501",
        "attempt": "1",
        "order": "2026-03-02T08:14:09.000Z",
    }


def test_a_review_without_an_id_is_known_by_its_pull_request() -> None:
    run_id = parsed("gitea", "pull_request_review.approved").run_id
    assert run_id == "1880:reviewed:2026-03-02T08:30:00.000Z"


def test_a_forgejo_event_is_read_from_its_own_header() -> None:
    headers, body, _ = sample("gitea", "action_run_recover")
    assert set(headers) == {"x-forgejo-event"}
    assert SOURCE.parse(request(body=body, headers=headers), {}).kind is Kind.PIPELINE
