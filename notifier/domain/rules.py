"""Which events a rule wants, and for each condition why or why not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from notifier.domain.event import Event
from notifier.domain.globs import DEFAULT_BRANCH, check_glob, matches_any, matches_glob, wants

__all__ = ["Check", "Conditions", "check", "check_glob", "matches"]

USUAL_DEFAULT_BRANCHES = ("main", "master")
NOTHING = "(none)"


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a rule asks of an event; an empty condition takes anything.

    Repositories, branches, workflows, environments and actors are patterns (see `globs`).
    Sources are slugs. In branches `@default` is the default branch. Events made by a bot are
    only wanted with `include_bots`.
    """

    source: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    actors_in: tuple[str, ...] = ()
    actors_out: tuple[str, ...] = ()
    include_bots: bool = False


@dataclass(frozen=True)
class Check:
    """The verdict of one condition. `condition` is its name in Conditions."""

    condition: str
    passed: bool
    wanted: str
    got: str


def matches(checks: Iterable[Check]) -> bool:
    """Say whether a rule wants an event: every condition passed."""
    return all(each.passed for each in checks)


def check(conditions: Conditions, event: Event, source_slug: str) -> tuple[Check, ...]:
    """Return the verdict of every condition that is set, in the order of Conditions."""
    return tuple(_checks(conditions, event, source_slug))


def _checks(wanted: Conditions, event: Event, source_slug: str) -> Iterator[Check]:
    if wanted.source:
        yield _one_of("source", wanted.source, source_slug)
    if wanted.repositories:
        yield _like("repositories", wanted.repositories, event.repository, fold_case=True)
    if wanted.branches:
        yield _on_branch(wanted.branches, event)
    if wanted.kinds:
        yield _one_of("kinds", wanted.kinds, event.kind)
    if wanted.outcomes:
        yield _one_of("outcomes", wanted.outcomes, event.outcome)
    if wanted.workflows:
        yield _like("workflows", wanted.workflows, event.workflow)
    if wanted.environments:
        yield _like("environments", wanted.environments, event.environment)
    if wanted.actors_in:
        yield _like("actors_in", wanted.actors_in, event.actor, fold_case=True)
    if wanted.actors_out:
        yield _not_by(wanted.actors_out, event.actor)
    if not wanted.include_bots:
        got = "a bot" if event.is_bot else "a person"
        yield Check("include_bots", not event.is_bot, "a person", got)


def _one_of(condition: str, wanted: Sequence[str], got: str) -> Check:
    return Check(condition, got in wanted, _listed(wanted), str(got) or NOTHING)


def _like(condition: str, globs: Sequence[str], got: str, *, fold_case: bool = False) -> Check:
    passed = matches_any(globs, got, fold_case=fold_case)
    return Check(condition, passed, _listed(globs), got or NOTHING)


def _not_by(globs: Sequence[str], actor: str) -> Check:
    passed = not (actor and matches_any(globs, actor, fold_case=True))
    return Check("actors_out", passed, f"not {_listed(globs)}", actor or NOTHING)


def _on_branch(globs: Sequence[str], event: Event) -> Check:
    defaults = (event.default_branch,) if event.default_branch else USUAL_DEFAULT_BRANCHES

    def is_meant(glob: str) -> bool:
        # The name of a branch is no pattern: the default branch is compared as it is.
        return (
            event.branch in defaults if glob == DEFAULT_BRANCH else matches_glob(glob, event.branch)
        )

    return Check("branches", wants(globs, is_meant), _listed(globs), event.branch or NOTHING)


def _listed(wanted: Sequence[str]) -> str:
    return ", ".join(wanted)
