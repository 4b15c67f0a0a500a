"""What a rule would have done: the last deliveries against it, and the text it would send."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.rules import Check, Conditions, check, matches
from notifier.domain.text import Size, compose, measure
from notifier.models import Delivery
from notifier.models.delivery import Verdict
from notifier.services.drafts import Draft

LAST = 50
# Characters in a text of one part, and in each part of a longer one (3GPP TS 23.038).
ROOM = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True)
class Seen:
    """One stored delivery and what a rule says to it; `failed` is the first unmet condition."""

    delivery: Delivery
    matched: bool
    failed: Check | None


@dataclass(frozen=True)
class Sample:
    """The text of one event in one language, and what it costs."""

    language: str
    language_name: str
    text: str
    size: Size

    @property
    def room(self) -> int:
        """How many characters these parts could hold."""
        single, each = ROOM[self.size.encoding]
        return single if self.size.parts == 1 else each * self.size.parts


@dataclass(frozen=True)
class Preview:
    """The last events against a rule. `samples` tell the newest that matches, or a made-up one."""

    matched: list[Seen]
    unmatched: list[Seen]
    samples: list[Sample]
    is_made_up: bool

    @property
    def count(self) -> int:
        return len(self.matched) + len(self.unmatched)


def preview(draft: Draft, last: int = LAST) -> Preview:
    """Return what `draft` says to the `last` deliveries that were read."""
    seen = [_judge(draft.conditions, row) for row in _deliveries(last)]
    matched = [one for one in seen if one.matched]
    event = _event(matched[0].delivery) if matched else example(draft.conditions)
    return Preview(
        matched=matched,
        unmatched=[one for one in seen if not one.matched],
        samples=samples(event, draft.max_parts),
        is_made_up=not matched,
    )


def samples(event: Event, max_parts: int) -> list[Sample]:
    """Return the text about `event` in every language, with its parts."""
    texts = (
        (code, name, compose(event, language=code, max_parts=max_parts))
        for code, name in settings.LANGUAGES
    )
    return [Sample(code, name, text, measure(text)) for code, name, text in texts]


def example(wanted: Conditions) -> Event:
    """Return a made-up event of the first kind and outcome that are wanted."""
    kind = Kind(wanted.kinds[0]) if wanted.kinds else Kind.PIPELINE
    return Event(
        kind=kind,
        outcome=Outcome(wanted.outcomes[0]) if wanted.outcomes else Outcome.FAILED,
        repository=_literal(wanted.repositories) or "octo-org/weather",
        branch=_literal(wanted.branches) or "main",
        workflow=_literal(wanted.workflows) or ("Build" if kind is Kind.PIPELINE else ""),
        environment=_literal(wanted.environments)
        or ("production" if kind is Kind.DEPLOYMENT else ""),
        actor=_literal(wanted.actors_in) or "ada",
        title="Let the forecast survive a missing station",
        url="https://git.example.com/octo-org/weather/runs/28978245123",
    )


def _literal(globs: tuple[str, ...]) -> str:
    """Return the first pattern that is a name, not a pattern."""
    return next((glob for glob in globs if not set(glob) & set("*?!@")), "")


def _deliveries(last: int) -> list[Delivery]:
    columns = ("source__slug", "source__name", "event", "received_at", "title", "kind", "outcome")
    rows = (
        Delivery.objects.filter(verdict=Verdict.ACCEPTED)
        .exclude(kind__in=("", Kind.PING))
        .select_related("source")
        .only(*columns, "repository", "branch")
        .order_by("-id")
    )
    return list(rows[:last])


def _judge(wanted: Conditions, row: Delivery) -> Seen:
    checks = check(wanted, _event(row), row.source.slug)
    failed = next((one for one in checks if not one.passed), None)
    return Seen(row, matches(checks), failed)


def _event(row: Delivery) -> Event:
    kept: dict[str, Any] = row.event
    return Event(
        **{**kept, "kind": Kind(kept["kind"]), "outcome": Outcome(kept.get("outcome", "none"))}
    )
