"""The rules that make sense on first use, made with one button."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifier.domain.event import Kind, Outcome
from notifier.domain.globs import DEFAULT_BRANCH
from notifier.models import Recipient, Rule, Team


class RulesExist(ValueError):
    """There are rules already: the starting rules are only for an empty list."""


@dataclass(frozen=True, kw_only=True)
class StartingRule:
    """A rule that is offered while there is none. `why` says what it is good for."""

    name: str | Promise
    why: str | Promise
    kinds: tuple[Kind, ...]
    outcomes: tuple[Outcome, ...]
    branches: tuple[str, ...]
    include_bots: bool


STARTING_RULES = (
    StartingRule(
        name=_("The default branch is red"),
        why=_(
            "Someone must know when a pipeline or a deployment fails on the default branch, "
            "and when it is fixed. Whoever or whatever caused it."
        ),
        kinds=(Kind.PIPELINE, Kind.DEPLOYMENT),
        outcomes=(Outcome.FAILED, Outcome.FIXED),
        branches=(DEFAULT_BRANCH,),
        include_bots=True,
    ),
)


def are_offered() -> bool:
    """Say whether the starting rules make sense now: there is no rule at all."""
    return not Rule.objects.exists()


def add_starting_rules(
    *, recipient: Recipient | None = None, team: Team | None = None
) -> list[Rule]:
    """Make the starting rules for `recipient` or `team`. Raises RulesExist when there are rules."""
    with transaction.atomic():
        if not are_offered():
            raise RulesExist("There are rules already.")
        return [_add(offer, recipient, team) for offer in STARTING_RULES]


def _add(offer: StartingRule, recipient: Recipient | None, team: Team | None) -> Rule:
    rule = Rule.objects.create(
        name=str(offer.name),
        kinds=list(map(str, offer.kinds)),
        outcomes=list(map(str, offer.outcomes)),
        branches=list(offer.branches),
        include_bots=offer.include_bots,
    )
    rule.recipients.set([recipient] if recipient else [])
    rule.teams.set([team] if team else [])
    return rule
