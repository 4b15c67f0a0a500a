"""How the fields of an event are found in JSON of any shape."""

import re

from notifier.domain.event import Kind, Outcome
from notifier.domain.payload import TEXT_LIMIT, Payload, clean, split_path
from notifier.domain.phrases import gettext_noop

OUTCOME_WORDS = {
    **{outcome.value: outcome for outcome in Outcome},
    **dict.fromkeys(("success", "succeeded", "successful", "ok", "green", "true"), Outcome.PASSED),
    **dict.fromkeys(("pass", "up", "healthy"), Outcome.PASSED),
    **dict.fromkeys(("failure", "fail", "error", "errored", "broken", "red"), Outcome.FAILED),
    **dict.fromkeys(("timed_out", "timeout", "down", "false"), Outcome.FAILED),
    **dict.fromkeys(("canceled", "aborted", "stopped"), Outcome.CANCELLED),
    **dict.fromkeys(("started", "pending", "queued", "in_progress"), Outcome.RUNNING),
    **dict.fromkeys(("recovered", "resolved"), Outcome.FIXED),
}
KIND_WORDS = {
    **{kind.value: kind for kind in Kind},
    **dict.fromkeys(("build", "ci", "run", "workflow"), Kind.PIPELINE),
    **dict.fromkeys(("deploy", "rollout"), Kind.DEPLOYMENT),
    **dict.fromkeys(("pull_request", "merge_request"), Kind.CHANGE),
    **dict.fromkeys(("ticket", "bug", "incident"), Kind.ISSUE),
    **dict.fromkeys(("commit", "commits"), Kind.PUSH),
}
KEY = re.compile(r"[^\s.|=/][^.|]*")

NOTHING_BETWEEN = gettext_noop("Between two bars there must be a path.")
NO_PATH = gettext_noop("{path} is no path. Write keys joined by dots, such as build.status.")
NO_PAIR = gettext_noop("{pair} is no pair. Write word=meaning, parted by commas.")
NO_MEANING = gettext_noop("{word} is none of: {words}.")


def find(body: Payload, expression: str, limit: int = TEXT_LIMIT) -> str:
    """Return the first text that one of the alternatives in `expression` finds, else "".

    Alternatives are parted by `|`; each is a dotted path, a JSON Pointer (it starts with a
    slash) or, after `=`, the text itself: `build.state | status | =passed`.
    """
    found = (_find_one(body, part.strip(), limit) for part in expression.split("|"))
    return next(filter(None, found), "")


def _find_one(body: Payload, part: str, limit: int) -> str:
    if part.startswith("="):
        return clean(part[1:], limit)
    value = body.at(part).value if part else None
    if isinstance(value, bool):
        return str(value).lower()
    return Payload(value).text("", limit=limit)


def expression_error(expression: str) -> str:
    """Return what is wrong with an expression for `find`, "" when nothing is."""
    for part in map(str.strip, expression.split("|")):
        if not part:
            return NOTHING_BETWEEN
        if not part.startswith(("=", "/")) and not all(map(KEY.fullmatch, split_path(part))):
            return NO_PATH.format(path=repr(part[:60]))
    return ""


def read_words(text: str) -> dict[str, str]:
    """Return the pairs of `success=passed, error=failed`, words in lower case.

    Raises ValueError, with a text to show, when it is written otherwise.
    """
    words = {}
    for pair in filter(None, (pair.strip() for pair in re.split("[,\n]", text))):
        word, equals, meaning = (piece.strip() for piece in pair.partition("="))
        if not (word and equals and meaning):
            raise ValueError(NO_PAIR.format(pair=repr(pair[:60])))
        words[word.lower()] = meaning.lower()
    return words


def words_error(text: str, meanings: list[str]) -> str:
    """Return what is wrong with a list of words and their meanings, "" when nothing is."""
    try:
        unknown = [meaning for meaning in read_words(text).values() if meaning not in meanings]
    except ValueError as error:
        return str(error)
    if not unknown:
        return ""
    return NO_MEANING.format(word=repr(unknown[0][:60]), words=", ".join(meanings))


def translate(word: str, own: str) -> str:
    """Return what `word` means by the pairs in `own`, in lower case; itself when not there."""
    plain = re.sub(r"[\s-]+", "_", word.strip().lower())
    try:
        words = read_words(own)
    except ValueError:
        words = {}
    return words.get(word.strip().lower()) or words.get(plain) or plain
