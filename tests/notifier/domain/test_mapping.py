"""Fields found in JSON of any shape."""

import pytest

from notifier.domain.mapping import expression_error, find, read_words, translate, words_error
from notifier.domain.payload import Payload

BODY = Payload({"build": {"ok": True, "no": 7, "names": ["a", "b"]}, "x.y": "dotted", "empty": ""})


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("build.no", "7"),
        ("build.ok", "true"),
        ("build.names.-1", "b"),
        ("/x.y", "dotted"),
        ("empty | missing | build.no", "7"),
        ("missing | =fixed text", "fixed text"),
        ("build", ""),
        ("=", ""),
        ("", ""),
        ("|", ""),
    ],
)
def test_an_expression_finds_a_text(expression: str, found: str) -> None:
    assert find(BODY, expression) == found


@pytest.mark.parametrize("expression", ["a.b", "a.0 | /x.y/z", "=text with. anything", "a b.c"])
def test_paths_pointers_and_constants_are_fine(expression: str) -> None:
    assert expression_error(expression) == ""


@pytest.mark.parametrize("expression", ["", "a||b", "a.", ".a", "a..b"])
def test_mistakes_in_paths_are_named(expression: str) -> None:
    assert expression_error(expression)


def test_words_come_in_pairs() -> None:
    assert read_words(" OK = passed,\nBad=FAILED,, ") == {"ok": "passed", "bad": "failed"}


@pytest.mark.parametrize("text", ["ok", "=passed", "ok=", "ok passed"])
def test_anything_else_is_a_mistake(text: str) -> None:
    assert "is no pair" in words_error(text, ["passed"])


def test_a_meaning_must_be_one_of_ours() -> None:
    assert words_error("ok=great", ["passed", "failed"]) == "'great' is none of: passed, failed."


def test_a_word_means_what_the_source_says_it_means() -> None:
    assert translate("Back to Normal", "back to normal=fixed") == "fixed"
    assert translate("timed out", "timed_out=failed") == "failed"
    assert translate("Else-Where", "") == "else_where"
