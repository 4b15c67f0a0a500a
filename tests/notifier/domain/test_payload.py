"""Typed access to JSON that nobody vouches for."""

import pytest

from notifier.domain.errors import UnsupportedType, UnusableBody
from notifier.domain.payload import Payload, clean, is_web_address, json_text, read_json

TREE = Payload(
    {
        "a": {"b": ["x", {"c": "deep"}]},
        "dotted.key": {"sla/sh": "found"},
        "number": 42,
        "yes": True,
        "empty": "",
        "message": "\n  Subject line \r\n\nBody",
    }
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b.0", "x"),
        ("a.b.1.c", "deep"),
        ("a.b.-1.c", "deep"),
        ("/dotted.key/sla~1sh", "found"),
        ("a.b.2", None),
        ("a.b.-3", None),
        ("a.b.x", None),
        ("a.b.0.0", None),
        ("a.b.99999999999", None),
        ("missing.a.b", None),
        ("", TREE.value),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, value: object) -> None:
    assert TREE.at(path).value == value


def test_the_first_path_that_has_a_text_counts() -> None:
    assert TREE.text("missing", "empty", "a", "yes", "a.b.0") == "x"


def test_a_whole_number_is_a_text_and_a_truth_value_is_none() -> None:
    assert (TREE.text("number"), TREE.text("yes"), TREE.flag("yes")) == ("42", "", True)


def test_a_title_is_the_first_line() -> None:
    assert TREE.title("message") == "Subject line"


def test_only_true_is_true() -> None:
    assert not Payload({"flag": "true"}).flag("flag")


def test_items_of_what_is_no_list_are_none() -> None:
    assert (TREE.items("a"), len(TREE.items("a.b"))) == ([], 2)


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("a\x00b\x1b[31m", "ab[31m"),
        ("two\n\tlines\u2028three", "two lines three"),
        ("\ud800half", "half"),
        ("\u202egnp.exe", "gnp.exe"),
        ("grün 🚀 数据", "grün 🚀 数据"),
        ("x" * 400, "x" * 300),
    ],
)
def test_text_is_one_printable_line(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b#c", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[", False),
        ("https://example.org/a b", False),
        ("https://example.org/" + "x" * 2000, False),
        ("https://github.com@example.org/", False),
        ("https://example.org\\@github.com/", False),
        ("https://example.org/@ada", True),
    ],
)
def test_only_web_addresses_are_linked(address: str, safe: bool) -> None:
    assert is_web_address(address) is safe


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-02T08:14:09Z", "2026-03-02T08:14:09.000Z"),
        ("2026-03-02T09:14:09+01:00", "2026-03-02T08:14:09.000Z"),
        ("2026-03-02 08:14:09 UTC", "2026-03-02T08:14:09.000Z"),
        ("2026-03-02 09:14:09 +0100", "2026-03-02T08:14:09.000Z"),
        ("2026-03-02T09:14:09+0100", "2026-03-02T08:14:09.000Z"),
        ("2026-03-02T08:14:09.123456+00:00", "2026-03-02T08:14:09.123Z"),
        (1772439249, "2026-03-02T08:14:09.000Z"),
        (1772439249000, "2026-03-02T08:14:09.000Z"),
        ("yesterday", ""),
        (True, ""),
        (10**40, ""),
        ("9999-12-31T23:59:59-23:59", ""),
        ("0001-01-01T00:00:00+23:59", ""),
        # Without a limit a worker would look at such blanks for years.
        (" " * 20_000_000, ""),
        (None, ""),
    ],
)
def test_a_moment_is_written_so_that_text_sorts_by_time(value: object, moment: str) -> None:
    assert Payload({"at": value}).moment("missing", "at") == moment


def test_a_byte_order_mark_is_no_hindrance() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}


def test_types_that_end_in_json_are_json() -> None:
    assert json_text("application/cloudevents+json; charset=utf-8", b"{}") == b"{}"


def test_a_form_is_read_only_where_one_is_expected() -> None:
    kind = "application/x-www-form-urlencoded"
    assert json_text(kind, b"payload=%7B%7D", "payload") == b"{}"
    with pytest.raises(UnsupportedType):
        json_text(kind, b"payload=%7B%7D")


def test_an_unsupported_type_is_an_unusable_body() -> None:
    assert issubclass(UnsupportedType, UnusableBody)
