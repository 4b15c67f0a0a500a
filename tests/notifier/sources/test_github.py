"""GitHub: its signature, its forms, and what each of its events means."""

from urllib.parse import urlencode

import pytest

from notifier.domain.errors import InvalidSignature, UnusableBody
from notifier.domain.event import Kind, Outcome
from notifier.sources.github import SOURCE
from tests.notifier.sources.deliveries import facts, hex_hmac, parsed, request, sample

# The example of GitHub's own documentation of signatures.
SECRET = "It's a Secret to Everybody"
DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_it_accepts_the_example_of_the_documentation() -> None:
    headers = {"x-hub-signature-256": f"sha256={DIGEST}"}
    SOURCE.verify(request(body=b"Hello, World!", headers=headers), [SECRET], {})


def test_it_does_not_accept_the_old_sha1_signature() -> None:
    headers = {"x-hub-signature": "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"}
    with pytest.raises(InvalidSignature, match=r"X-Hub-Signature-256 header is missing"):
        SOURCE.verify(request(body=b"Hello, World!", headers=headers), [SECRET], {})


def test_it_does_not_accept_a_digest_without_its_prefix() -> None:
    headers = {"x-hub-signature-256": DIGEST}
    with pytest.raises(InvalidSignature):
        SOURCE.verify(request(body=b"Hello, World!", headers=headers), [SECRET], {})


def test_in_a_form_the_raw_form_is_signed_and_its_payload_read() -> None:
    headers, json_body, _ = sample("github", "workflow_run.failed")
    body = urlencode({"payload": json_body.decode()}).encode()
    signature = {"x-hub-signature-256": f"sha256={hex_hmac(SECRET, body)}"}
    form = request(
        body=body,
        headers=headers | signature,
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )
    SOURCE.verify(form, [SECRET], {})
    assert SOURCE.parse(form, {}) == parsed("github", "workflow_run.failed")


@pytest.mark.parametrize(
    "body", [b"", b"other=1", b"payload=%ff", b"payload=\xff", b"payload={", b"&" * 500]
)
def test_a_form_without_a_readable_payload_is_unusable(body: bytes) -> None:
    with pytest.raises(UnusableBody):
        SOURCE.parse(request(body=body, content_type="application/x-www-form-urlencoded"), {})


def test_the_delivery_id_is_its_own_header() -> None:
    assert SOURCE.delivery_id(request(headers={"x-github-delivery": "72d3162e"})) == "72d3162e"


@pytest.mark.parametrize(
    ("name", "kind", "outcome", "branch"),
    [
        ("workflow_run.failed", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("workflow_run.timed_out", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("workflow_run.startup_failure", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("workflow_run.passed", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("workflow_run.cancelled", Kind.PIPELINE, Outcome.CANCELLED, "main"),
        ("workflow_run.skipped", Kind.PIPELINE, Outcome.NONE, "main"),
        ("workflow_run.awaiting_approval", Kind.PIPELINE, Outcome.NONE, "main"),
        ("workflow_run.running", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("workflow_run.requested", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("workflow_job.failed", Kind.JOB, Outcome.FAILED, "main"),
        ("workflow_job.running", Kind.JOB, Outcome.RUNNING, "main"),
        ("check_run.failed", Kind.JOB, Outcome.FAILED, "main"),
        ("check_suite.failed", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("check_suite.of_actions", Kind.JOB, Outcome.FAILED, "main"),
        ("check_suite.of_a_fork", Kind.PIPELINE, Outcome.PASSED, ""),
        ("status.failure", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("status.error", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("status.success", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("status.pending", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("deployment_status.failure", Kind.DEPLOYMENT, Outcome.FAILED, "main"),
        ("deployment_status.success", Kind.DEPLOYMENT, Outcome.PASSED, "main"),
        ("deployment_status.in_progress", Kind.DEPLOYMENT, Outcome.RUNNING, "main"),
        ("deployment_status.inactive", Kind.DEPLOYMENT, Outcome.NONE, "main"),
        ("deployment.created", Kind.DEPLOYMENT, Outcome.NONE, "main"),
        ("deployment_review.rejected", Kind.DEPLOYMENT, Outcome.NONE, "main"),
        ("page_build.errored", Kind.PIPELINE, Outcome.FAILED, ""),
        ("push.main", Kind.PUSH, Outcome.NONE, "main"),
        ("push.branch_with_slashes", Kind.PUSH, Outcome.NONE, "fix/tide/table"),
        ("push.deleted", Kind.PUSH, Outcome.NONE, "fix/tide/table"),
        ("push.tag", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("create.tag", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("delete.branch", Kind.PUSH, Outcome.NONE, "fix/tide/table"),
        ("pull_request.opened", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("pull_request_review.submitted", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("merge_group.checks_requested", Kind.CHANGE, Outcome.NONE, "gh-readonly-queue/main/pr-38"),
        ("pull_request_review_comment.created", Kind.COMMENT, Outcome.NONE, "fix/tide/table"),
        ("issue_comment.created", Kind.COMMENT, Outcome.NONE, ""),
        ("issues.opened", Kind.ISSUE, Outcome.NONE, ""),
        ("release.published", Kind.RELEASE, Outcome.NONE, "main"),
        ("ping", Kind.PING, Outcome.NONE, ""),
        ("star.created", Kind.OTHER, Outcome.NONE, ""),
        ("code_scanning_alert.created", Kind.OTHER, Outcome.NONE, "main"),
        ("installation.created", Kind.OTHER, Outcome.NONE, ""),
    ],
)
def test_it_knows_what_happened_and_where(
    name: str, kind: Kind, outcome: Outcome, branch: str
) -> None:
    event = parsed("github", name)
    assert (event.kind, event.outcome, event.branch) == (kind, outcome, branch)


def test_a_failed_run_is_told_whole() -> None:
    assert parsed("github", "workflow_run.failed").as_dict() == {
        "kind": "pipeline",
        "outcome": "failed",
        "repository": "hafen/lotse",
        "branch": "main",
        "default_branch": "main",
        "workflow": "CI",
        "environment": "",
        "actor": "mira-k",
        "is_bot": False,
        "title": "Round up the pilotage fee",
        "url": "https://github.com/hafen/lotse/actions/runs/28978245123",
        "run_id": "28978245123",
        "attempt": "1",
        "order": "2026-03-02T08:14:09.000Z",
    }


def test_a_failed_job_names_the_step_that_failed() -> None:
    assert parsed("github", "workflow_job.failed").title == "test (3.12): Run the tests"


def test_a_failed_deployment_names_environment_workflow_and_log() -> None:
    assert facts(
        "github", "deployment_status.failure", "environment", "workflow", "title", "url", "run_id"
    ) == {
        "environment": "production",
        "workflow": "Deploy",
        "title": "Deploy 2.14 to production",
        "url": "https://deploy.example.org/31007/log",
        "run_id": "31007",
    }


def test_a_status_is_known_by_commit_context_and_build() -> None:
    commit = "4c1d9e0b7a2f3856d4e1c09b8a7f6e5d4c3b2a19"
    assert facts("github", "status.failure", "workflow", "run_id", "title") == {
        "workflow": "jenkins/deep-sea",
        "run_id": f"{commit}:jenkins/deep-sea:https://ci.example.org/job/lotse/77/",
        "title": "Round up the pilotage fee",
    }


def test_a_deleted_branch_is_another_fact_than_its_last_commit() -> None:
    assert facts("github", "push.deleted", "title", "run_id") == {
        "title": "branch fix/tide/table deleted",
        "run_id": "deleted:9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c",
    }


def test_a_bot_is_a_bot() -> None:
    assert parsed("github", "push.by_a_bot").is_bot


def test_attempts_of_a_run_are_facts_of_their_own() -> None:
    first, second = (parsed("github", f"workflow_run.{name}") for name in ("failed", "passed"))
    assert (first.run_id, first.order) == (second.run_id, second.order)
    assert (first.attempt, second.attempt) == ("1", "2")
