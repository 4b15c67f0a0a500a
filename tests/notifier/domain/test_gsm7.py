"""Parts of an SMS, checked against a splitter that really fills parts, and a list of cases."""

import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifier.domain.gsm7 import BASIC, EXTENSION, GSM7, Size, measure, to_gsm7

DATA = Path(os.environ.get("LEITSTAND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
TEXTS = st.one_of(
    st.text(alphabet=sorted(GSM7), max_size=500),
    st.text(alphabet="ab€^\U0001f600ж", max_size=300),
    st.text(max_size=200),
)


def cases() -> list[dict[str, str]]:
    path = DATA / "sms-open.tsv"
    if not path.exists():
        return []
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def fill(pieces: list[bytes], room: int) -> list[bytes]:
    """Put whole pieces into parts of `room` bytes, as a phone does."""
    parts = [b""]
    for piece in pieces:
        if len(parts[-1]) + len(piece) > room:
            parts.append(b"")
        parts[-1] += piece
    return parts


def naive_parts(text: str) -> int:
    if set(text) <= GSM7:
        pieces = [b"\x1bx" if character in EXTENSION else b"x" for character in text]
        single, room = 160, 153
    else:
        pieces = [character.encode("utf-16-be", "surrogatepass") for character in text]
        single, room = 140, 134
    return 1 if sum(map(len, pieces)) <= single else len(fill(pieces, room))


@pytest.mark.skipif(not cases(), reason="no sms-open.tsv: set LEITSTAND_TEST_DATA")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["note"])
def test_it_counts_the_collected_cases(case: dict[str, str]) -> None:
    wanted = Size(case["encoding"], int(case["units"]), int(case["segments"]))  # type: ignore[arg-type]
    assert measure(json.loads(case["text_json"])) == wanted


@given(TEXTS)
@example("a" * 152 + "€" * 5)
@example("ж" * 66 + "\U0001f600" * 3)
@example("a" * 158 + "€")
@example("a" * 159 + "€")
def test_parts_are_those_of_a_real_splitter(text: str) -> None:
    assert measure(text).parts == naive_parts(text)


@given(st.text(min_size=1, max_size=200))
def test_ucs2_counts_utf16_units(text: str) -> None:
    size = measure("ж" + text)
    assert size.units == len(("ж" + text).encode("utf-16-be")) // 2


def test_the_basic_alphabet_has_127_characters() -> None:
    assert (len(BASIC), len(EXTENSION), BASIC & EXTENSION) == (127, 10, frozenset())


@pytest.mark.parametrize("character", "_@$äöüÄÖÜßÇ")
def test_it_knows_what_is_in_the_basic_alphabet(character: str) -> None:
    assert measure(character) == Size("GSM-7", 1, 1)


@pytest.mark.parametrize("character", "`çáâ’")
def test_it_knows_what_is_not(character: str) -> None:
    assert measure(character) == Size("UCS-2", 1, 1)


def test_half_a_surrogate_pair_is_one_unit() -> None:
    assert measure("\ud83d") == Size("UCS-2", 1, 1)


def test_an_empty_text_is_one_part() -> None:
    assert measure("") == Size("GSM-7", 0, 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fix `x`", "Fix 'x'"),
        ("“Deploy” – done…", '"Deploy" - done...'),
        ("it’s", "it's"),
        ("a\u00a0b", "a b"),
        ("main → prod", "main -> prod"),
        ("café Ångström naïve garçon", "café Ångström naive garcon"),
        ("u\u0308ber", "über"),
        ("Łódź", "Lodz"),
        ("½ done", "1/2 done"),
        ("ship it \U0001f680", "ship it ?"),
        ("ok ✔\ufe0f", "ok ?"),
        ("{a} [b] ~ € ^ | \\", "{a} [b] ~ € ^ | \\"),
    ],
)
def test_it_writes_in_gsm7_what_it_can(text: str, wanted: str) -> None:
    assert to_gsm7(text) == wanted


@pytest.mark.parametrize("text", ["Исправить вход", "修复登录", "Fix привет", "`修复`"])
def test_it_keeps_words_that_would_vanish(text: str) -> None:
    assert to_gsm7(text) == text


@given(st.text())
def test_what_it_writes_is_gsm7_or_untouched(text: str) -> None:
    written = to_gsm7(text)
    assert measure(written).encoding == "GSM-7" or written == unicodedata.normalize("NFC", text)


@given(st.text(alphabet=sorted(GSM7)))
def test_it_leaves_gsm7_alone(text: str) -> None:
    assert to_gsm7(text) == text
