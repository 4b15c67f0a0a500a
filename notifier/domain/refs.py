"""Git references as people name them: `main` for a branch, `tag:v1.0` for a tag."""

import re

from notifier.domain.event import Kind

SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def bare(ref: str) -> str:
    """Return the name of a branch or, marked with `tag:`, of a tag; other refs unchanged."""
    if ref.startswith("refs/tags/"):
        return tag(ref.removeprefix("refs/tags/"))
    return ref.removeprefix("refs/heads/")


def tag(name: str) -> str:
    """Return a tag's name as an event's branch, "" for no name."""
    return f"tag:{name}" if name else ""


def typed(name: str, ref_type: str) -> str:
    """Return `name` marked as a tag when the provider's word for its type is tag."""
    return tag(name) if ref_type.lower() == "tag" else name


def pushed_kind(branch: str) -> Kind:
    """Return what a push to `branch` is: of a tag or of commits."""
    return Kind.TAG if branch.startswith("tag:") else Kind.PUSH


def pushed_title(branch: str, after: str) -> str:
    """Return what to call a push to `branch` that brought no commit of its own."""
    word = "pushed" if after.strip("0") else "deleted"
    name = branch.removeprefix("tag:")
    return f"{'branch' if name == branch else 'tag'} {name} {word}"


def is_commit(name: str) -> bool:
    """Return whether `name` is a full commit hash."""
    return SHA.fullmatch(name) is not None


def pushed_id(before: str, after: str) -> str:
    """Return what identifies a push: the commit it leads to or the one whose name it deleted."""
    deleted = not after.strip("0")
    return f"deleted:{before}" if deleted and before else after
