"""Why somebody was told of a delivery, and why not: each rule and each person, in one answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from notifier.domain.globs import DEFAULT_BRANCH
from notifier.domain.rules import NOTHING, Check
from notifier.models import Delivery, Message, Recipient, Rule
from notifier.services.history import TOLD
from notifier.services.wording import CONDITIONS, in_words

MOST_PEOPLE = 500


@dataclass(frozen=True)
class Decision:
    """What one rule made of a delivery. `rule` is 0 when it was deleted since."""

    rule: int
    name: str
    matched: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]


@dataclass(frozen=True)
class Person:
    """What happened for one recipient: `state` is a message's state, `skipped` or `not_asked`.

    `recipient` is 0 when they were deleted since. `rules` are those that name them.
    """

    recipient: int
    name: str
    state: str
    reason: str = ""
    rules: tuple[str, ...] = ()
    message: Message | None = None


@dataclass
class Explanation:
    """The rules, matched ones first; who was meant by one of them, and everybody else."""

    decisions: list[Decision]
    meant: list[Person]
    others: list[Person] = field(default_factory=list)

    @property
    def matched(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.matched]

    @property
    def unmatched(self) -> list[Decision]:
        return [decision for decision in self.decisions if not decision.matched]


def explain(delivery: Delivery) -> Explanation:
    """Return why who was told. Who else is named by a rule is judged by the rules of today."""
    stored: list[dict[str, Any]] = delivery.decisions
    rules = {
        rule.pk: rule
        for rule in Rule.objects.filter(pk__in=[entry["rule"] for entry in stored])
        .only("pk", "name")
        .prefetch_related("recipients", "teams__members")
    }
    decisions = [_decision(entry, rules) for entry in stored]
    decisions.sort(key=lambda one: (not one.matched, len(one.failed), one.name))
    people = {person.pk: person for person in Recipient.objects.all()[:MOST_PEOPLE]}
    meant = list(_meant(stored, people))
    asked = {person.recipient for person in meant}
    return Explanation(decisions, meant, list(_others(people, asked, decisions, rules)))


def why_not(check: Check) -> str:
    """Return a condition that was not met in plain words."""
    if check.condition == "include_bots":
        return _("It was made by a bot.")
    wanted = in_words(check.condition, check.wanted)
    wanted = wanted.replace(DEFAULT_BRANCH, _("the default branch"))
    words = {"condition": CONDITIONS.get(check.condition, check.condition), "wanted": wanted}
    if check.got == NOTHING:
        return _("%(condition)s is not given, wanted: %(wanted)s.") % words
    got = in_words(check.condition, check.got)
    return _("%(condition)s is %(got)s, wanted: %(wanted)s.") % {**words, "got": got}


def _decision(entry: dict[str, Any], rules: dict[int, Rule]) -> Decision:
    rule = rules.get(entry["rule"])
    return Decision(
        rule=rule.pk if rule else 0,
        name=entry["name"],
        matched=entry["matched"],
        checks=tuple(Check(**check) for check in entry["checks"]),
    )


def _meant(stored: list[dict[str, Any]], people: dict[int, Recipient]) -> Iterator[Person]:
    """Yield everybody whom a matching rule named, each once, with all the rules that did."""
    lines: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for entry in stored:
        for line in entry["recipients"]:
            lines.setdefault(line["recipient"], []).append((entry["name"], line))
    messages = _messages(lines.values())
    for pk, found in lines.items():
        # A person whom two rules name was told by one of them: that line says more.
        best = min((line for _name, line in found), key=lambda line: line["message"] is None)
        message = messages.get(UUID(best["message"])) if best["message"] else None
        told = message is not None and best["result"] == "told"
        yield Person(
            recipient=pk if pk in people else 0,
            name=best["name"],
            state=message.state if told and message else "skipped",
            reason=_reason(message) if told and message else best["reason"],
            rules=tuple(name for name, _line in found),
            message=message,
        )


def _reason(message: Message) -> str:
    # What a gateway says of its success is no reason.
    return "" if message.state in TOLD else message.reason


def _messages(lines: Iterable[Any]) -> dict[UUID, Message]:
    ids = {line["message"] for found in lines for _name, line in found if line["message"]}
    rows = Message.objects.filter(pk__in=ids) if ids else Message.objects.none()
    return {message.pk: message for message in rows}


def _others(
    people: dict[int, Recipient],
    asked: set[int],
    decisions: list[Decision],
    rules: dict[int, Rule],
) -> Iterator[Person]:
    named: dict[int, list[Decision]] = {}
    for decision in decisions:
        if not decision.matched and decision.rule:
            for pk in _names(rules[decision.rule]):
                named.setdefault(pk, []).append(decision)
    for pk, person in people.items():
        if pk not in asked:
            yield _other(person, named.get(pk, []))


def _names(rule: Rule) -> set[int]:
    """Return everybody whom `rule` names, itself or by a team."""
    members = (person for team in rule.teams.all() for person in team.members.all())
    return {person.pk for person in (*rule.recipients.all(), *members)}


def _other(person: Recipient, decisions: list[Decision]) -> Person:
    if not decisions:
        reason = _("No rule that was asked names them.")
        return Person(person.pk, person.name, "not_asked", reason)
    # The list is sorted: the first is the rule that came closest.
    closest = decisions[0]
    words = {"rule": closest.name, "why": " ".join(map(why_not, closest.failed))}
    reason = _("The rule “%(rule)s” did not match. %(why)s") % words
    return Person(person.pk, person.name, "not_asked", reason, tuple(one.name for one in decisions))
