"""Some 350 third-party payloads with an index of what they say. They are read where they are."""

import csv
import json
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from notifier import sources
from notifier.domain.event import Event, Kind, Outcome
from notifier.sources.source import Request

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "webhooks"
FOLDER = Path(os.environ.get("LEITSTAND_TEST_DATA", BESIDE))
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no real payloads in {FOLDER} (set LEITSTAND_TEST_DATA)"
)

# What each of the index's events is. `ref` stands for tag or push, as the branch column says.
REF = "ref"
KINDS: dict[str, dict[str, Kind | str]] = {
    "github": {
        "push": REF,
        "create": REF,
        "delete": REF,
        "workflow_run": Kind.PIPELINE,
        "check_suite": Kind.PIPELINE,
        "status": Kind.PIPELINE,
        "page_build": Kind.PIPELINE,
        "workflow_job": Kind.JOB,
        "check_run": Kind.JOB,
        "deployment": Kind.DEPLOYMENT,
        "deployment_status": Kind.DEPLOYMENT,
        "deployment_review": Kind.DEPLOYMENT,
        "pull_request": Kind.CHANGE,
        "pull_request_review": Kind.CHANGE,
        "pull_request_review_thread": Kind.CHANGE,
        "merge_group": Kind.CHANGE,
        "release": Kind.RELEASE,
        "issues": Kind.ISSUE,
        "issue_comment": Kind.COMMENT,
        "commit_comment": Kind.COMMENT,
        "discussion_comment": Kind.COMMENT,
        "pull_request_review_comment": Kind.COMMENT,
        "ping": Kind.PING,
    },
    "gitlab": {
        "push": REF,
        "tag_push": Kind.TAG,
        "pipeline": Kind.PIPELINE,
        "build": Kind.JOB,
        "deployment": Kind.DEPLOYMENT,
        "merge_request": Kind.CHANGE,
        "release": Kind.RELEASE,
        "issue": Kind.ISSUE,
        "note": Kind.COMMENT,
    },
    "gitea": {
        "push": REF,
        "create": REF,
        "delete": REF,
        "pull_request": Kind.CHANGE,
        "pull_request_review": Kind.CHANGE,
        "release": Kind.RELEASE,
        "issues": Kind.ISSUE,
        "issue_comment": Kind.COMMENT,
    },
    "bitbucket": {
        "repo_push": REF,
        "server_repo_refs_changed": REF,
        "repo_commit_status_created": Kind.PIPELINE,
        "repo_commit_status_updated": Kind.PIPELINE,
        "pullrequest_comment_created": Kind.COMMENT,
        "pullrequest_comment_deleted": Kind.COMMENT,
        "server_pr_comment_added": Kind.COMMENT,
        "server_pr_comment_edited": Kind.COMMENT,
        "server_repo_comment_deleted": Kind.COMMENT,
        "issue_created": Kind.ISSUE,
    },
}
PREFIXES = {"bitbucket": {"pullrequest_": Kind.CHANGE, "server_pr_": Kind.CHANGE}}
# Events that travel under another name: the file decides, not its folder.
KIND_OF_FILE = {
    # The suites of GitHub Actions repeat its workflow runs: detail, never news.
    "check_suite/octokit__completed.1.json": Kind.JOB,
    "system_hook/goplay__system-merge-request-event.json": Kind.CHANGE,
    "system_hook/goplay__system-tag-event.json": Kind.TAG,
}
# Where the index is wrong, in our eyes, and why.
CORRECTIONS = {
    # A system hook has no object_kind, but event_name says tag_push and ref says which tag.
    "system_hook/goplay__system-tag-event.json": {"branch": "tag:v1.0.0"},
}


class Row(NamedTuple):
    provider: str
    entry: dict[str, str]

    def expected(self, column: str) -> str:
        return CORRECTIONS.get(self.entry["file"], {}).get(column, self.entry[column])


def rows() -> list[Row]:
    found = []
    for path in sorted(FOLDER.glob("*/index.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [Row(path.parent.name, row) for row in table]
    return found


ROWS = rows() if FOLDER.is_dir() else []
every_row = pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.provider}/{row.entry['file']}" for row in ROWS]
)


@cache
def _event(provider: str, file: str, header: str) -> Event:
    name, _, value = header.partition(": ")
    request = Request(
        headers={name.lower(): value, "content-type": "application/json"},
        body=(FOLDER / provider / file).read_bytes(),
        now=0,
    )
    return sources.get(provider).parse(request, {})


def event_of(row: Row) -> Event:
    return _event(row.provider, row.entry["file"], row.entry["header"])


def expected_kind(row: Row) -> Kind:
    name, branch = row.entry["event"], row.expected("branch")
    prefixes = PREFIXES.get(row.provider, {})
    general = [kind for prefix, kind in prefixes.items() if name.startswith(prefix)]
    kind = KINDS[row.provider].get(name, general[0] if general else Kind.OTHER)
    if kind is REF:
        kind = Kind.TAG if branch.startswith("tag:") else Kind.PUSH
    return KIND_OF_FILE.get(row.entry["file"], Kind(kind))


def test_the_folder_holds_payloads_of_every_provider() -> None:
    assert {row.provider for row in ROWS} == set(KINDS) and len(ROWS) > 300


@every_row
def test_it_knows_what_failed(row: Row) -> None:
    assert (event_of(row).outcome is Outcome.FAILED) == (row.expected("is_failure") == "yes")


@every_row
def test_it_knows_the_repository(row: Row) -> None:
    assert event_of(row).repository == row.expected("repository")


@every_row
def test_it_knows_the_branch(row: Row) -> None:
    assert event_of(row).branch == row.expected("branch")


@every_row
def test_it_knows_the_actor(row: Row) -> None:
    assert event_of(row).actor == row.expected("sender")


@every_row
def test_it_knows_the_kind(row: Row) -> None:
    assert event_of(row).kind is expected_kind(row)


@every_row
def test_every_event_can_be_shown_and_stored(row: Row) -> None:
    event = event_of(row)
    assert event.title and json.dumps(event.as_dict(), ensure_ascii=False).encode()
