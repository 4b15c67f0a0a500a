"""What a rule does, in one plain sentence, and the words of its parts."""

from collections.abc import Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from notifier.domain.event import Kind, Outcome
from notifier.domain.globs import DEFAULT_BRANCH
from notifier.domain.rules import NOTHING
from notifier.services.drafts import Draft

Word = str | Promise

KINDS: dict[str, Word] = {
    Kind.PIPELINE: gettext_lazy("a pipeline"),
    Kind.DEPLOYMENT: gettext_lazy("a deployment"),
    Kind.JOB: gettext_lazy("a job"),
    Kind.PUSH: gettext_lazy("a push"),
    Kind.TAG: gettext_lazy("a tag"),
    Kind.CHANGE: gettext_lazy("a pull or merge request"),
    Kind.RELEASE: gettext_lazy("a release"),
    Kind.ISSUE: gettext_lazy("an issue"),
    Kind.COMMENT: gettext_lazy("a comment"),
    Kind.OTHER: gettext_lazy("any other event"),
}
OUTCOMES: dict[str, Word] = {
    Outcome.FAILED: gettext_lazy("failed"),
    Outcome.FIXED: gettext_lazy("was fixed"),
    Outcome.PASSED: gettext_lazy("passed"),
    Outcome.CANCELLED: gettext_lazy("was cancelled"),
    Outcome.RUNNING: gettext_lazy("started"),
    Outcome.NONE: gettext_lazy("happened"),
}
CONDITIONS: dict[str, Word] = {
    "source": gettext_lazy("Source"),
    "repositories": gettext_lazy("Repository"),
    "branches": gettext_lazy("Branch"),
    "kinds": gettext_lazy("Kind"),
    "outcomes": gettext_lazy("Outcome"),
    "workflows": gettext_lazy("Workflow"),
    "environments": gettext_lazy("Environment"),
    "actors_in": gettext_lazy("Actor"),
    "actors_out": gettext_lazy("Actor"),
    "include_bots": gettext_lazy("Made by"),
}
# The words that rules and the API have for kinds and outcomes, and who made an event.
CODES: dict[str, Word] = {
    Kind.PIPELINE: pgettext_lazy("code", "pipeline"),
    Kind.DEPLOYMENT: pgettext_lazy("code", "deployment"),
    Kind.JOB: pgettext_lazy("code", "job"),
    Kind.PUSH: pgettext_lazy("code", "push"),
    Kind.TAG: pgettext_lazy("code", "tag"),
    Kind.CHANGE: pgettext_lazy("code", "change"),
    Kind.RELEASE: pgettext_lazy("code", "release"),
    Kind.ISSUE: pgettext_lazy("code", "issue"),
    Kind.COMMENT: pgettext_lazy("code", "comment"),
    Kind.PING: pgettext_lazy("code", "ping"),
    Kind.OTHER: pgettext_lazy("code", "other"),
    Outcome.FAILED: pgettext_lazy("code", "failed"),
    Outcome.FIXED: pgettext_lazy("code", "fixed"),
    Outcome.PASSED: pgettext_lazy("code", "passed"),
    Outcome.CANCELLED: pgettext_lazy("code", "cancelled"),
    Outcome.RUNNING: pgettext_lazy("code", "running"),
    Outcome.NONE: pgettext_lazy("code", "none"),
    "a person": gettext_lazy("a person"),
    "a bot": gettext_lazy("a bot"),
}
OF_CODES = ("kinds", "outcomes", "include_bots")
MOST_NAMES = 4


def sentence(draft: Draft) -> str:
    """Return what `draft` does: "When a pipeline failed on the default branch, tell Ada." """
    wanted = draft.conditions
    what = _either([str(KINDS.get(kind, kind)) for kind in wanted.kinds]) or _("anything")
    how = _either([str(OUTCOMES.get(word, word)) for word in wanted.outcomes]) or _("happened")
    first = _("When %(what)s %(how)s%(where)s, tell %(whom)s.") % {
        "what": what,
        "how": how,
        "where": "".join(f" {clause}" for clause in _where(draft)),
        "whom": _whom(draft),
    }
    return " ".join([first, *_limits(draft)])


def in_words(condition: str, value: str) -> str:
    """Return what a condition wanted or got, which is kept in English, as the reader says it."""
    if value == NOTHING:
        return _("(none)")
    if condition in OF_CODES:
        return ", ".join(str(CODES.get(word, word)) for word in value.split(", "))
    if condition == "actors_out" and value.startswith("not "):
        return _("not %(names)s") % {"names": value.removeprefix("not ")}
    return value


def _where(draft: Draft) -> Iterator[str]:
    wanted = draft.conditions
    yield from _on_branches(wanted.branches)
    for globs, only, but in (
        (wanted.repositories, _("of %(names)s"), _("except %(names)s")),
        (wanted.workflows, _("in the workflow %(names)s"), _("but not in %(names)s")),
        (wanted.environments, _("in the environment %(names)s"), _("but not in %(names)s")),
        (wanted.actors_in, _("by %(names)s"), _("but not by %(names)s")),
    ):
        yield from _clauses(globs, only, but)
    if wanted.actors_out:
        yield _("but not by %(names)s") % {"names": _either(wanted.actors_out)}
    if draft.sources:
        yield _("at %(names)s") % {"names": _either([source.name for source in draft.sources])}


def _on_branches(globs: Sequence[str]) -> Iterator[str]:
    named = [glob.replace(DEFAULT_BRANCH, _("the default branch")) for glob in globs]
    if globs == (DEFAULT_BRANCH,):
        yield _("on the default branch")
    else:
        yield from _clauses(named, _("on %(names)s"), _("but not on %(names)s"))


def _clauses(globs: Sequence[str], only: str, but: str) -> Iterator[str]:
    wanted = [glob for glob in globs if not glob.startswith("!")]
    unwanted = [glob[1:] for glob in globs if glob.startswith("!")]
    if wanted:
        yield only % {"names": _either(wanted)}
    if unwanted:
        yield but % {"names": _either(unwanted)}


def _whom(draft: Draft) -> str:
    names = [person.name for person in draft.recipients]
    names += [_("team %(name)s") % {"name": team.name} for team in draft.teams]
    if draft.tell_actor and not draft.skip_own_events:
        names.append(_("whoever caused it"))
    return _listed(names, _("and")) or _("nobody")


def _limits(draft: Draft) -> Iterator[str]:
    if draft.skip_own_events:
        yield _("Nobody is told of their own events.")
    if not draft.conditions.include_bots:
        yield _("Events of bots do not count.")


def _either(names: Sequence[str]) -> str:
    return _listed(names, _("or"))


def _listed(names: Sequence[str], word: str) -> str:
    """Return "a, b and c", shortened after MOST_NAMES."""
    shown = [str(name) for name in names]
    if len(shown) > MOST_NAMES + 1:
        rest = len(shown) - MOST_NAMES
        more = ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest}
        shown = [*shown[:MOST_NAMES], more]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {word} {shown[-1]}"
