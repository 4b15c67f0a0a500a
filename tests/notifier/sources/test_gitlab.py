"""GitLab: its two ways to prove an origin, and what each of its events means."""

import pytest

from notifier.domain.errors import InvalidSignature
from notifier.domain.event import Kind, Outcome
from notifier.sources.gitlab import SOURCE
from tests.notifier.sources.deliveries import NOW, facts, parsed, request, standard_headers

BODY = b'{"object_kind": "push"}'
SIGNING = {"mode": "signing"}
TOKEN = "whsec_bG90c2VuLWhhYmVuLWdlcm5lLTMyLUJ5dGVzLWhpZXI="


def test_a_token_from_the_form_is_plain_and_a_signing_token_is_32_bytes() -> None:
    plain, signing = SOURCE.make_secret({}), SOURCE.make_secret(SIGNING)
    assert len(plain) == 64 and not plain.startswith("whsec_")
    assert len(signing) == len("whsec_") + 44 and signing.startswith("whsec_")


def test_with_signing_set_the_token_alone_is_refused() -> None:
    with pytest.raises(InvalidSignature, match="webhook-signature"):
        SOURCE.verify(request(body=BODY, headers={"x-gitlab-token": TOKEN}), [TOKEN], SIGNING)


def test_with_the_token_set_a_signature_alone_is_refused() -> None:
    with pytest.raises(InvalidSignature, match="X-Gitlab-Token"):
        SOURCE.verify(request(body=BODY, headers=standard_headers(TOKEN, BODY)), [TOKEN], {})


def test_one_fitting_signature_among_several_is_enough() -> None:
    headers = standard_headers(TOKEN, BODY)
    headers["webhook-signature"] = f"v1a,ed25519 v1,AAAA {headers['webhook-signature']}"
    SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


def test_other_versions_of_signatures_do_not_count() -> None:
    headers = standard_headers(TOKEN, BODY)
    headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v1a,")
    with pytest.raises(InvalidSignature, match="No v1 signature"):
        SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_off_are_forgiven(seconds: int) -> None:
    headers = standard_headers(TOKEN, BODY, now=NOW + seconds)
    SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_more_is_not(seconds: int) -> None:
    headers = standard_headers(TOKEN, BODY, now=NOW + seconds)
    with pytest.raises(InvalidSignature, match="5 minutes"):
        SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


@pytest.mark.parametrize("timestamp", ["", "soon", "1e9", "٣", "-1", "9" * 400, "1772440000.0"])
def test_a_timestamp_is_a_whole_number_of_seconds(timestamp: str) -> None:
    headers = standard_headers(TOKEN, BODY) | {"webhook-timestamp": timestamp}
    with pytest.raises(InvalidSignature, match="webhook-timestamp"):
        SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_id_and_timestamp_are_signed_too(header: str) -> None:
    headers = standard_headers(TOKEN, BODY) | {header: str(int(NOW) + 1)}
    with pytest.raises(InvalidSignature):
        SOURCE.verify(request(body=BODY, headers=headers), [TOKEN], SIGNING)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64!", "plain text"])
def test_a_secret_that_is_no_signing_token_verifies_nothing(secret: str) -> None:
    headers = standard_headers("whsec_", BODY)
    with pytest.raises(InvalidSignature, match="no signing token"):
        SOURCE.verify(request(body=BODY, headers=headers), [secret], SIGNING)


def test_the_delivery_id_is_the_idempotency_key_by_either_name() -> None:
    for header in ("webhook-id", "idempotency-key"):
        assert SOURCE.delivery_id(request(headers={header: "f5e5f430"})) == "f5e5f430"


def test_before_17_4_event_and_body_are_the_delivery_id() -> None:
    push, tag = (
        request(body=BODY, headers={"x-gitlab-event": event})
        for event in ("Push Hook", "Tag Push Hook")
    )
    assert SOURCE.delivery_id(push).startswith("sha256:")
    assert SOURCE.delivery_id(push) != SOURCE.delivery_id(tag)


def test_it_names_the_choices_of_its_setting() -> None:
    assert SOURCE.check_config({"mode": "both"}) == {"mode": "Choose one of: token, signing."}


@pytest.mark.parametrize(
    ("name", "kind", "outcome", "branch"),
    [
        ("pipeline.failed", Kind.PIPELINE, Outcome.FAILED, "main"),
        ("pipeline.success", Kind.PIPELINE, Outcome.PASSED, "main"),
        ("pipeline.canceled", Kind.PIPELINE, Outcome.CANCELLED, "main"),
        ("pipeline.running", Kind.PIPELINE, Outcome.RUNNING, "main"),
        ("pipeline.manual", Kind.PIPELINE, Outcome.NONE, "main"),
        ("pipeline.skipped", Kind.PIPELINE, Outcome.NONE, "main"),
        ("pipeline.of_a_tag", Kind.PIPELINE, Outcome.FAILED, "tag:v2.14"),
        ("build.failed", Kind.JOB, Outcome.FAILED, "main"),
        ("build.allowed_to_fail", Kind.JOB, Outcome.NONE, "main"),
        ("build.pending", Kind.JOB, Outcome.RUNNING, "main"),
        ("deployment.failed", Kind.DEPLOYMENT, Outcome.FAILED, "main"),
        ("deployment.success", Kind.DEPLOYMENT, Outcome.PASSED, "main"),
        ("deployment.running", Kind.DEPLOYMENT, Outcome.RUNNING, "main"),
        ("deployment.canceled", Kind.DEPLOYMENT, Outcome.CANCELLED, "main"),
        ("deployment.blocked", Kind.DEPLOYMENT, Outcome.NONE, "main"),
        ("push.main", Kind.PUSH, Outcome.NONE, "main"),
        ("push.deleted", Kind.PUSH, Outcome.NONE, "fix/tide"),
        ("tag_push", Kind.TAG, Outcome.NONE, "tag:v2.14"),
        ("system_hook.push", Kind.PUSH, Outcome.NONE, "main"),
        ("system_hook.project_create", Kind.OTHER, Outcome.NONE, ""),
        ("merge_request.open", Kind.CHANGE, Outcome.NONE, "fix/tide/table"),
        ("release.create", Kind.RELEASE, Outcome.NONE, ""),
        ("issue.open", Kind.ISSUE, Outcome.NONE, ""),
        ("note.merge_request", Kind.COMMENT, Outcome.NONE, "fix/tide/table"),
        ("feature_flag", Kind.OTHER, Outcome.NONE, ""),
        ("emoji.award", Kind.OTHER, Outcome.NONE, ""),
        ("access_token", Kind.OTHER, Outcome.NONE, ""),
        ("subgroup_create", Kind.OTHER, Outcome.NONE, ""),
    ],
)
def test_it_knows_what_happened_and_where(
    name: str, kind: Kind, outcome: Outcome, branch: str
) -> None:
    event = parsed("gitlab", name)
    assert (event.kind, event.outcome, event.branch) == (kind, outcome, branch)


def test_a_failed_pipeline_is_told_whole() -> None:
    assert parsed("gitlab", "pipeline.failed").as_dict() == {
        "kind": "pipeline",
        "outcome": "failed",
        "repository": "hafen/dienste/lotse",
        "branch": "main",
        "default_branch": "main",
        "workflow": "Nightly",
        "environment": "",
        "actor": "mira-k",
        "is_bot": False,
        "title": "Round up the pilotage fee",
        "url": "https://gitlab.example.org/hafen/dienste/lotse/-/pipelines/90210",
        "run_id": "90210",
        "attempt": "2026-03-02T08:19:44.000Z",
        "order": "2026-03-02T08:14:09.000Z",
    }


def test_while_a_retried_pipeline_runs_its_former_end_does_not_count() -> None:
    assert parsed("gitlab", "pipeline.running").attempt == ""


def test_a_failed_job_says_why() -> None:
    assert facts("gitlab", "build.failed", "workflow", "title", "url") == {
        "workflow": "test",
        "title": "test: script failure",
        "url": "https://gitlab.example.org/hafen/dienste/lotse/-/jobs/70070",
    }


def test_a_push_is_titled_by_its_head() -> None:
    assert parsed("gitlab", "push.main").title == "Round up the pilotage fee"


def test_the_account_of_an_access_token_is_a_bot() -> None:
    assert parsed("gitlab", "push.by_a_bot").is_bot


def test_without_an_object_kind_the_header_says_what_happened() -> None:
    body = b'{"project": {"path_with_namespace": "hafen/lotse"}}'
    headers = {"x-gitlab-event": "Confidential Note Hook"}
    assert SOURCE.parse(request(body=body, headers=headers), {}).kind is Kind.COMMENT
