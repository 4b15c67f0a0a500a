"""Patterns as people write them: `*` is any text, `?` one character, a leading `!` excludes."""

from collections.abc import Callable, Sequence

from notifier.domain.phrases import gettext_noop

LONGEST_GLOB = 200
DEFAULT_BRANCH = "@default"

EMPTY = gettext_noop("Write a pattern, for example main or release/*.")
TOO_LONG = gettext_noop("A pattern has at most {most} characters.")
UNCLEAN = gettext_noop("A pattern has no blank at its ends and no line break.")
LIKE_A_LOGIN = gettext_noop("Only @default starts with @. Write a login without it.")


def check_glob(text: str) -> str:
    """Return what is wrong with a pattern, "" when it is fine."""
    wanted = text.removeprefix("!")
    if not wanted.strip():
        return EMPTY
    if len(text) > LONGEST_GLOB:
        return TOO_LONG.format(most=LONGEST_GLOB)
    if wanted != wanted.strip() or not wanted.isprintable():
        return UNCLEAN
    if wanted.startswith("@") and wanted != DEFAULT_BRANCH:
        return LIKE_A_LOGIN
    return ""


def matches_any(globs: Sequence[str], value: str, *, fold_case: bool = False) -> bool:
    """Say whether `globs` want `value`, in any case of its letters with `fold_case`."""
    if fold_case:
        globs, value = [glob.casefold() for glob in globs], value.casefold()
    return wants(globs, lambda glob: matches_glob(glob, value))


def wants(globs: Sequence[str], matches: Callable[[str], bool]) -> bool:
    """Say whether some pattern (if any includes) and none that excludes `matches`."""
    excluding = [glob[1:] for glob in globs if glob.startswith("!")]
    including = [glob for glob in globs if not glob.startswith("!")]
    if any(map(matches, excluding)):
        return False
    return not including or any(map(matches, including))


def matches_glob(glob: str, value: str) -> bool:
    """Say whether the whole `value` matches `glob`, in time linear in `value`.

    All ways to match are followed at once, one bit each, so no pattern can make it slow:
    bit i of `reached` says that the first i single characters of the pattern have been seen.
    """
    singles, repeats = _parse(glob)
    anything = sum(1 << i for i, single in enumerate(singles) if single == "?")
    accepted = dict.fromkeys(value, anything)
    for i, single in enumerate(singles):
        if single != "?" and single in accepted:
            accepted[single] |= 1 << i
    reached = 1
    for character in value:
        reached = (reached & accepted[character]) << 1 | reached & repeats
    return bool(reached >> len(singles) & 1)


def _parse(glob: str) -> tuple[str, int]:
    """Return the pattern without its stars, and bit i set where a star stands before single i."""
    singles, repeats = "", 0
    for character in glob:
        if character == "*":
            repeats |= 1 << len(singles)
        else:
            singles += character
    return singles, repeats
