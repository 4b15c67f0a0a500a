"""Bitbucket, Cloud and Server: what each of their events means."""

import json

import pytest

from notifier.domain.errors import InvalidSignature
from notifier.domain.event import Kind, Outcome
from notifier.sources.bitbucket import SOURCE
from tests.notifier.sources.deliveries import facts, hex_hmac, parsed, request

SECRET = "high water"


def test_it_accepts_only_sha256() -> None:
    SOURCE.verify(
        request(headers={"x-hub-signature": f"sha256={hex_hmac(SECRET, b'{}')}"}), [SECRET], {}
    )
    with pytest.raises(InvalidSignature):
        SOURCE.verify(
            request(headers={"x-hub-signature": f"sha1={hex_hmac(SECRET, b'{}')}"}), [SECRET], {}
        )


@pytest.mark.parametrize("header", ["x-request-uuid", "x-request-id"])
def test_the_delivery_id_is_that_of_the_request(header: str) -> None:
    assert SOURCE.delivery_id(request(headers={header: "5c2ba5fb"})) == "5c2ba5fb"


@pytest.mark.parametrize(
    ("name", "kind", "outcome", "branch"),
    [
        ("commit_status.failed", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("commit_status.passed", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("commit_status.running", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("commit_status.stopped", Kind.PIPELINE, Outcome.CANCELLED, "main"),
        ("push.main", Kind.PUSH, Outcome.NONE, "main"),
        ("push.deleted", Kind.PUSH, Outcome.NONE, "fix/tide"),
        ("push.tag", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("pullrequest.created", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("pullrequest.comment_created", Kind.COMMENT, Outcome.NONE, "fix/tide/table"),
        ("issue.created", Kind.ISSUE, Outcome.NONE, ""),
        ("repo.fork", Kind.OTHER, Outcome.NONE, ""),
        ("server.refs_changed", Kind.PUSH, Outcome.NONE, "main"),
        ("server.pr_opened", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("server.ping", Kind.PING, Outcome.NONE, ""),
        ("server.mirror", Kind.OTHER, Outcome.NONE, ""),
    ],
)
def test_it_knows_what_happened_and_where(
    name: str, kind: Kind, outcome: Outcome, branch: str
) -> None:
    event = parsed("bitbucket", name)
    assert (event.kind, event.outcome, event.branch) == (kind, outcome, branch)


def test_the_number_of_a_pipeline_is_no_part_of_its_name() -> None:
    assert facts("bitbucket", "commit_status.failed", "workflow", "title", "actor") == {
        "workflow": "Pipeline for main",
        "title": "Round up the pilotage fee",
        "actor": "mira-k",
    }


def test_the_commit_of_a_status_may_stand_in_a_link_only() -> None:
    status = {"key": "ci", "links": {"commit": {"href": "https://api.example.org/commit/9fec847"}}}
    body = json.dumps({"commit_status": status}).encode()
    headers = {"x-event-key": "repo:commit_status_created"}
    assert SOURCE.parse(request(body=body, headers=headers), {}).run_id == "9fec847:ci"


def test_server_names_a_repository_by_project_and_slug() -> None:
    assert facts("bitbucket", "server.pr_opened", "repository", "url", "order") == {
        "repository": "HAF/lotse",
        "url": "https://bitbucket.example.org/projects/HAF/repos/lotse/pull-requests/38",
        "order": "2026-03-02T08:30:00.000Z",
    }


def test_a_renamed_repository_of_server_goes_by_its_new_name() -> None:
    old, new = ({"slug": slug, "project": {"key": "HAF"}} for slug in ("lots", "lotse"))
    body = json.dumps({"eventKey": "repo:modified", "old": old, "new": new}).encode()
    assert SOURCE.parse(request(body=body), {}).repository == "HAF/lotse"


def test_an_app_is_a_bot() -> None:
    assert parsed("bitbucket", "repo.fork").is_bot


def test_the_body_names_the_event_when_the_header_is_missing() -> None:
    body = b'{"eventKey": "pr:comment:added"}'
    assert SOURCE.parse(request(body=body), {}).kind is Kind.COMMENT
