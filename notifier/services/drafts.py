"""A rule as it is kept or as a form would make it: whom it reaches, and what looks wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from notifier.domain.event import Kind
from notifier.domain.rules import Conditions
from notifier.models import Recipient, Rule, Source, Team
from notifier.services.planning import conditions_of


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a rule says. `sources`, `recipients` and `teams` are the rows themselves."""

    conditions: Conditions
    sources: tuple[Source, ...]
    recipients: tuple[Recipient, ...]
    teams: tuple[Team, ...]
    tell_actor: bool
    skip_own_events: bool
    max_parts: int


def draft_of(rule: Rule) -> Draft:
    """Return what `rule` says; prefetch `sources`, `recipients`, `teams__members` for lists."""
    return Draft(
        conditions=conditions_of(rule),
        sources=tuple(rule.sources.all()),
        recipients=tuple(rule.recipients.all()),
        teams=tuple(rule.teams.all()),
        tell_actor=rule.tell_actor,
        skip_own_events=rule.skip_own_events,
        max_parts=rule.max_parts,
    )


def draft_of_fields(fields: Mapping[str, Any]) -> Draft:
    """Return what a rule with these cleaned fields of a form would say."""
    named = tuple(fields["sources"])
    lists = ("repositories", "branches", "kinds", "outcomes", "workflows", "environments")
    return Draft(
        conditions=Conditions(
            source=tuple(source.slug for source in named),
            **{name: tuple(fields[name]) for name in (*lists, "actors_in", "actors_out")},
            include_bots=fields["include_bots"],
        ),
        sources=named,
        recipients=tuple(fields["recipients"]),
        teams=tuple(fields["teams"]),
        tell_actor=fields["tell_actor"],
        skip_own_events=fields["skip_own_events"],
        max_parts=fields["max_parts"],
    )


def reached(draft: Draft) -> list[Recipient]:
    """Return the active recipients whom `draft` names, each once, by name."""
    people = {person.pk: person for person in draft.recipients}
    for team in draft.teams:
        people |= {person.pk: person for person in team.members.all()}
    return sorted((one for one in people.values() if one.is_active), key=lambda one: one.name)


def doubts(draft: Draft) -> list[str]:
    """Return what probably is not meant as it stands, the worst first."""
    return list(_doubts(draft))


def _doubts(draft: Draft) -> Iterator[str]:
    tells_actor = draft.tell_actor and not draft.skip_own_events
    if not reached(draft) and not tells_actor:
        yield _("This rule reaches nobody. Choose a recipient or a team with active members.")
    if draft.tell_actor and draft.skip_own_events:
        yield _("The person who caused it is both chosen and left out: left out wins.")
    if tells_actor and not Recipient.objects.filter(is_active=True).exclude(logins=[]).exists():
        yield _("No recipient has a Git login, so nobody is found as the person who caused it.")
    for person in draft.recipients:
        if not person.is_active:
            yield _("%(name)s is inactive and gets nothing.") % {"name": person.name}
    for source in draft.sources:
        if not source.is_active:
            yield _("The source %(name)s is inactive: nothing comes from it.") % {
                "name": source.name
            }
    yield from _wide(draft.conditions)


def _wide(wanted: Conditions) -> Iterator[str]:
    if not wanted.kinds and not wanted.outcomes:
        yield _("Every push, comment and passing run counts. Choose kinds or outcomes.")
    elif Kind.JOB in wanted.kinds and Kind.PIPELINE in wanted.kinds:
        yield _("Jobs repeat what their pipeline says: one cause may give several messages.")
