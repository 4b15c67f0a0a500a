"""How long an SMS is and in which encoding, as 3GPP TS 23.038 counts it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM7 = BASIC | EXTENSION

# What a character becomes when the basic alphabet lacks it and Unicode knows no decomposition
# (or a worse one). Zero-width characters carry no meaning of their own and cost a whole encoding.
DOWNGRADE = str.maketrans(
    {
        "`": "'",
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\u2039\u203a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad", "-"),
        **dict.fromkeys("\u2022\u00b7\u25cf\u25aa", "-"),
        "\u2026": "...",
        **dict.fromkeys("\u2192\u27a1\u2794\u279c\u27f6", "->"),
        **dict.fromkeys("\u2190\u2b05\u27f5", "<-"),
        **dict.fromkeys("\u2194\u27f7", "<->"),
        "\u21d2": "=>",
        "\u21d0": "<=",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2260": "!=",
        "\u00d7": "x",
        "\u00f7": "/",
        "\u2044": "/",
        "\u00a6": "|",
        "\u00b5": "u",
        "\u00a9": "(c)",
        "\u00ae": "(r)",
        **dict(zip("łđðħıĸŋŧŁĐÐĦŊŦ", "lddhikntLDDHNT", strict=True)),
        **{"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ẞ": "SS"},
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff", ""),
        **dict.fromkeys(map(chr, range(0x1F3FB, 0x1F400)), ""),
    }
)
UNKNOWN = "?"
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Size:
    """How a text travels: `units` are septets in GSM-7 and UTF-16 units in UCS-2."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def measure(text: str) -> Size:
    """Return encoding, units and parts of `text`; an empty text still is one part."""
    if GSM7.issuperset(text):
        return _size("GSM-7", text, septets, single=160, part=153)
    return _size("UCS-2", text, utf16_units, single=70, part=67)


def septets(character: str) -> int:
    """Return 2 for a character behind the escape, else 1."""
    return 2 if character in EXTENSION else 1


def utf16_units(character: str) -> int:
    """Return 2 for a surrogate pair, else 1."""
    return 2 if ord(character) > 0xFFFF else 1


def _size(
    encoding: Literal["GSM-7", "UCS-2"],
    text: str,
    cost: Callable[[str], int],
    *,
    single: int,
    part: int,
) -> Size:
    costs = [cost(character) for character in text]
    units = sum(costs)
    if units <= single:
        return Size(encoding, units, 1)
    parts, room = 1, part
    for each in costs:
        # A pair never straddles two parts: what is left of the part stays empty.
        if each > room:
            parts, room = parts + 1, part
        room -= each
    return Size(encoding, units, parts)


def to_gsm7(text: str) -> str:
    """Return `text` in the GSM-7 alphabet, or as it is when whole words would vanish.

    Cyrillic or Chinese turned into question marks would be cheap and useless.
    """
    composed = unicodedata.normalize("NFC", text)
    if GSM7.issuperset(composed):
        return composed
    for word in WORD.findall(composed):
        if all(_downgrade(character) == UNKNOWN for character in word):
            return composed
    return "".join(map(_downgrade, composed))


def _downgrade(character: str) -> str:
    if character in GSM7:
        return character
    translated = character.translate(DOWNGRADE)
    if translated != character:
        return translated
    if character.isspace():
        return " "
    if unicodedata.combining(character):
        return ""
    decomposed = unicodedata.normalize("NFKD", character).translate(DOWNGRADE)
    return "".join(each for each in decomposed if each in GSM7) or UNKNOWN
