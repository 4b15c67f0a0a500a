"""The text of an SMS: what happened first, the title last, and never more than it may cost."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from notifier.domain.event import Event, Kind
from notifier.domain.gsm7 import Size, measure, to_gsm7
from notifier.domain.words import Words, head, words_of

__all__ = ["Size", "compose", "measure", "test_message", "to_gsm7"]

PARTS = range(1, 5)
# SNS and End User Messaging take no more characters than this, however many parts they are.
LONGEST = 1600
# A shorter rest of a title tells nobody anything.
SHORTEST_TITLE = 8
LONGEST_NAME = 40
ELLIPSIS = "..."
COMMIT = re.compile("[0-9a-f]{40,64}")
SHORT_COMMIT = 10
JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True)
class _Draft:
    """The pieces of one SMS, clean and in the order in which they are written."""

    head: str
    repository: str
    branch: str
    workflow: str
    actor: str
    link: str
    title: str = ""

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.head, self.repository, self.branch)))
        what = f"{where}: {self.workflow}" if self.workflow else where
        parts = " ".join(filter(None, (what, self.actor, self.link)))
        if not self.title:
            return parts
        return f"{parts} {self.title}" if self.link else f"{parts}: {self.title}"


def compose(event: Event, *, language: str, max_parts: int) -> str:
    """Return the SMS about `event`, in at most `max_parts` (1 to 4) parts where that is possible.

    The title is shortened first and left out next, then the actor, then the workflow. A link or
    a repository is never cut: rather one part too many. Raises ValueError for other `max_parts`.
    """
    if max_parts not in PARTS:
        raise ValueError(f"max_parts must be 1 to 4, not {max_parts}")
    draft = _draft(event, words_of(language))
    for text in _candidates(draft, max_parts):
        if _fits(text, max_parts):
            return text
    return _bare(draft)


def test_message(name: str, language: str) -> str:
    """Return the text of a test message to the recipient called `name`."""
    words = words_of(language)
    shown = _clean(name)
    if len(shown) > LONGEST_NAME:
        shown = _cut(shown, LONGEST_NAME)
    return words.test.replace("{name}", shown or "?")


def _draft(event: Event, words: Words) -> _Draft:
    workflow, title = _clean(event.workflow), _clean(event.title)
    actor = _clean(event.actor)
    return _Draft(
        head=head(event, words, _clean(event.environment)),
        repository=_clean(event.repository),
        branch=_branch(event),
        workflow=workflow,
        actor=f"{words.by} {actor}" if actor else "",
        link=event.url if _is_link(event.url) else "",
        title="" if title == workflow else title,
    )


def _branch(event: Event) -> str:
    branch = _clean(event.branch)
    if event.kind is Kind.TAG:
        return branch.removeprefix("tag:")
    # What was deployed without a branch is named by its commit: the start of it will do.
    return branch[:SHORT_COMMIT] if COMMIT.fullmatch(branch) else branch


def _candidates(draft: _Draft, max_parts: int) -> Iterator[str]:
    """Yield what could be sent, the best first."""
    untitled = replace(draft, title="")
    yield str(draft)
    title = _title_that_fits(draft, max_parts)
    if title:
        yield str(replace(draft, title=title))
    yield str(untitled)
    yield str(replace(untitled, actor=""))


def _title_that_fits(draft: _Draft, max_parts: int) -> str:
    """Return the longest beginning of the title that fits, "" when too little would be left."""
    title = draft.title

    def too_long(length: int) -> bool:
        return not _fits(str(replace(draft, title=title[:length] + ELLIPSIS)), max_parts)

    # One more character never makes a text smaller, so the first that is too long can be bisected.
    length = bisect_right(range(1, len(title) + 1), False, key=too_long)
    shortened = _cut(title, length) if length < len(title) else title
    return shortened if len(shortened) >= SHORTEST_TITLE + len(ELLIPSIS) else ""


def _bare(draft: _Draft) -> str:
    """Return the least that is worth sending, whatever it costs."""
    bare = replace(draft, workflow="", actor="", title="")
    if len(str(bare)) > LONGEST:
        bare = replace(bare, link="")
    return str(bare)[:LONGEST]


def _fits(text: str, max_parts: int) -> bool:
    return len(text) <= LONGEST and measure(text).parts <= max_parts


def _cut(text: str, end: int) -> str:
    """Return `text` up to `end` or to the end of a word near it, with an ellipsis."""
    while end and (_continues(text[end]) or text[end - 1] in JOINERS):
        end -= 1
    word_end = text.rfind(" ", 0, end + 1)
    if word_end > end * 2 // 3:
        end = word_end
    return text[:end].rstrip(" ,.;:-") + ELLIPSIS


def _continues(character: str) -> bool:
    """Say whether `character` belongs to the one before it (an accent, an emoji's variant)."""
    return (
        character in JOINERS
        or unicodedata.category(character).startswith("M")
        or 0x1F3FB <= ord(character) <= 0x1F3FF
    )


def _clean(field: str) -> str:
    return to_gsm7(_flat(field))


def _flat(field: str) -> str:
    """Return `field` on one line, without control characters and text-direction tricks."""
    return " ".join("".join(map(_visible, field[:LONGEST])).split())


def _visible(character: str) -> str:
    if character in JOINERS:
        return character
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return ""
        case "Cs":
            return "?"
    return character


def _is_link(url: str) -> bool:
    """Say whether `url` can stand in a text as it is: no blank, control or half character."""
    return bool(url) and url.isprintable() and " " not in url
