"""Names of branches and tags."""

import pytest

from notifier.domain import refs
from notifier.domain.event import Kind


@pytest.mark.parametrize(
    ("ref", "name", "kind"),
    [
        ("refs/heads/main", "main", Kind.PUSH),
        ("refs/heads/fix/tide", "fix/tide", Kind.PUSH),
        ("refs/heads/refs/heads/odd", "refs/heads/odd", Kind.PUSH),
        ("refs/tags/v1.0", "tag:v1.0", Kind.TAG),
        ("refs/tags/", "", Kind.PUSH),
        ("refs/pull/11/merge", "refs/pull/11/merge", Kind.PUSH),
        ("main", "main", Kind.PUSH),
        ("", "", Kind.PUSH),
    ],
)
def test_a_ref_is_a_branch_or_a_tag(ref: str, name: str, kind: Kind) -> None:
    assert (refs.bare(ref), refs.pushed_kind(refs.bare(ref))) == (name, kind)


def test_a_name_is_a_tag_when_its_type_says_so() -> None:
    assert (refs.typed("v1", "TAG"), refs.typed("v1", "branch")) == ("tag:v1", "v1")


def test_a_push_is_known_by_the_commit_it_leads_to() -> None:
    assert refs.pushed_id("0" * 40, "a" * 40) == "a" * 40


@pytest.mark.parametrize("after", ["0" * 40, ""])
def test_a_deletion_is_known_by_the_commit_it_leaves(after: str) -> None:
    assert refs.pushed_id("b" * 40, after) == f"deleted:{'b' * 40}"


def test_a_push_without_commits_still_has_a_title() -> None:
    assert refs.pushed_title("tag:v1", "a" * 40) == "tag v1 pushed"
    assert refs.pushed_title("fix", "0" * 40) == "branch fix deleted"


@pytest.mark.parametrize(
    ("name", "commit"), [("a1" * 20, True), ("0" * 64, True), ("main", False), ("a" * 39, False)]
)
def test_a_full_hash_is_a_commit(name: str, commit: bool) -> None:
    assert refs.is_commit(name) is commit
