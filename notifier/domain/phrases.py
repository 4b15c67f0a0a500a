"""Sentences that are kept in English and translated where they are shown, their parts included.

What `gettext_noop` marks lands in the catalogue; `translate` finds it again in what was stored.
A phrase may have parts, such as `Told by the rule {rule}.`, which are filled in by `format`.
"""

import re
from collections.abc import Callable
from functools import lru_cache

PART = re.compile(r"\{(\w+)\}")
# Parts that hold another phrase. Every other part is a fact (a name, a number) and stays.
NESTED = frozenset({"reason", "age", "limit", "meaning", "place"})
# A phrase within a phrase is the rule, deeper ones come from nobody here.
DEEPEST = 4

PHRASES: dict[str, None] = {}


def gettext_noop(text: str) -> str:
    """Return `text` as it is, known as a phrase from now on. `makemessages` knows this name."""
    PHRASES[text] = None
    return text


def translate(sentence: str, gettext: Callable[[str], str], depth: int = DEEPEST) -> str:
    """Return `sentence` with the phrase it was made from put through `gettext`.

    A sentence that is made from no phrase is returned as it is.
    """
    if not sentence or not depth:
        return sentence
    if sentence in PHRASES:
        return gettext(sentence)
    for phrase, pattern in _patterns(len(PHRASES)):
        if found := pattern.fullmatch(sentence):
            parts = {
                name: translate(part, gettext, depth - 1) if name in NESTED else part
                for name, part in found.groupdict().items()
            }
            return gettext(phrase).format(**parts)
    return sentence


@lru_cache(maxsize=1)
def _patterns(_count: int) -> list[tuple[str, re.Pattern[str]]]:
    """Return every phrase that has parts with its pattern, those with the most own text first."""
    phrases = [phrase for phrase in PHRASES if PART.search(phrase)]
    phrases.sort(key=lambda phrase: len(PART.sub("", phrase)), reverse=True)
    return [(phrase, _pattern(phrase)) for phrase in phrases]


def _pattern(phrase: str) -> re.Pattern[str]:
    """Return what matches `phrase` with its parts filled in, in time linear in the sentence.

    Each part but the last ends where the text behind it first occurs, and that stays decided.
    """
    first, *rest = PART.split(phrase)
    pairs = list(zip(rest[::2], map(re.escape, rest[1::2]), strict=True))
    inner = "".join(f"(?>(?P<{name}>.*?){text})" for name, text in pairs[:-1])
    name, text = pairs[-1]
    return re.compile(f"{re.escape(first)}{inner}(?P<{name}>.*){text}", re.DOTALL)
