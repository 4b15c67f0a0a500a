"""Secrets and numbers inside a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.masks import addresses, line, phone, secrets

DIGITS = st.text(alphabet="0123456789", min_size=7, max_size=14)
# Pieces that patterns start with: repeated, they are what makes a careless one slow.
HOSTILE = [
    "token",
    "tokentoken=",
    "a",
    "a@",
    "://",
    "://a@",
    "eyJ",
    "eyJaaaaaaaaa.",
    "ghp_",
    "+1 ",
    "+12",
    "%2B",
    "bearer ",
    "authorization:",
    '"token": "',
    "\\",
    "=",
    "a.",
    "x@a.",
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("see ghp_16C7e42F292c6912E7", "see [hidden]"),
        ("github_pat_11ABCDEFG0_abc,", "[hidden],"),
        ("(glpat-xyz_12345)", "([hidden])"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8=", "[hidden]"),
        ("AKIAIOSFODNN7EXAMPLE", "[hidden]"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ", "[hidden]"),
        ("https://mona:pw@git.example/a.git", "https://[hidden]@git.example/a.git"),
        ("https://pw@with@git.example/", "https://[hidden]@git.example/"),
        ("ssh://git@github.com/o/r", "ssh://git@github.com/o/r"),
        ("https://a.example/?x=1&access_token=abc&y=2", None),
        ("https://a.example/?next=/b?token=abc", "https://a.example/?next=/b?token=[hidden]"),
        ("https://a.example/?sig=abc#top", "https://a.example/?sig=[hidden]#top"),
        ("?X-Amz-Signature=abc", "?X-Amz-Signature=[hidden]"),
        ("curl -H 'Authorization: Bearer abcdef'", "curl -H 'Authorization: Bearer [hidden]'"),
    ],
)
def test_it_covers_secrets(text: str, wanted: str | None) -> None:
    assert secrets(text) == (wanted or "https://a.example/?x=1&access_token=[hidden]&y=2")


@pytest.mark.parametrize(
    "text",
    ["Fix token: refresh it", "highs_lowest", "a token = b", "https://a.example/@mona?x=1", "AKIA"],
)
def test_it_leaves_prose_alone(text: str) -> None:
    assert secrets(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mona <mona.lisa+x@mail.example.org>", "Mona <[e-mail]>"),
        ("mona@example.org.", "[e-mail]."),
        ("git@github.com:o/r.git", "git@github.com:o/r.git"),
        ("actions/checkout@v4 and @mona", "actions/checkout@v4 and @mona"),
        ("jörg@bücher.example", "[e-mail]"),
    ],
)
def test_it_covers_addresses(text: str, wanted: str) -> None:
    assert addresses(text) == wanted


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("+491701234567", "+49 … 567"),
        ("+12025550123", "+1 … 123"),
        ("+358401234567", "+358 … 567"),
        ("+49 170 1234567", "+49 … 567"),
        ("01701234567", "… 567"),
        ("+1234567", "…"),
        ("x", "…"),
        ("", ""),
    ],
)
def test_it_covers_numbers(number: str, wanted: str) -> None:
    assert phone(number) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sent to +491701234567 by sns", "sent to +49 … 567 by sns"),
        ("to=+49 (170) 123-4567", "to=+49 … 567"),
        ("PhoneNumber=%2B491701234567&Message=x", "PhoneNumber=+49 … 567&Message=x"),
        ("Authorization: Token abcdef", "Authorization: [hidden]"),
        ("{'authorization': 'Bearer abc'}", "{'authorization': '[hidden]'}"),
        ("Cookie: a=b; c=d", "Cookie: [hidden]"),
        ('{"token": "a b", "x": 1}', '{"token": "[hidden]", "x": 1}'),
        ("X-Gitlab-Token: abc", "X-Gitlab-Token: [hidden]"),
        (r'"{\"api_key\": \"a b\"}"', r'"{\"api_key\": \"[hidden]\"}"'),
        ("password=abc rest", "password=[hidden] rest"),
        ("basic dXNlcjpwYXNz", "basic [hidden]"),
        ("at 2026-11-24T01:57:00+00:00 run 28978245123", None),
    ],
)
def test_log_lines_hold_none_of_it(text: str, wanted: str | None) -> None:
    assert line(text) == (wanted or text)


@given(st.text(max_size=50), DIGITS, st.text(max_size=50))
def test_no_number_is_left_in_a_log_line(before: str, digits: str, after: str) -> None:
    assert f"+4{digits}" not in line(f"{before}+4{digits}{after}")


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_is_read_once(piece: str) -> None:
    """Were a pattern quadratic, this would take minutes."""
    text = piece * (300_000 // len(piece))
    assert isinstance(addresses(line(text)), str)
