"""Code with classes for colours; bounded, because payloads come from strangers."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

MOST_CHARACTERS = 200_000
LONGEST_LINE = 10_000


def highlighted(text: str, language: str) -> SafeString:
    """Return escaped HTML for inside a `<code>`; plain when too large or of no known language."""
    if len(text) > MOST_CHARACTERS or any(len(line) > LONGEST_LINE for line in text.splitlines()):
        return escape(text)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(text)
    # Pygments escapes what it formats.
    return mark_safe(highlight(text, lexer, HtmlFormatter(nowrap=True)))  # noqa: S308
