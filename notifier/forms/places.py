"""Countries and time zones to choose from, by the tables that come with tzdata."""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Regions that have a calling code but no ISO entry.
OTHER_REGIONS = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


def calling_codes() -> tuple[tuple[str, str], ...]:
    """Return (region, "Germany (+49)") for every region with phone numbers, by name."""
    return _calling_codes(get_language() or "en")


@cache
def _calling_codes(_language: str) -> tuple[tuple[str, str], ...]:
    names = {**OTHER_REGIONS, **dict(row[:2] for row in _table("iso3166.tab"))}
    known = ((_(names[region]), region) for region in phonenumbers.SUPPORTED_REGIONS)
    return tuple(
        (region, f"{name} (+{phonenumbers.country_code_for_region(region)})")
        for name, region in sorted(known, key=lambda pair: _plain(pair[0]))
    )


def _plain(name: str) -> str:
    """Return `name` without its accents: Ägypten stands before Albanien, not behind Zypern."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def time_zones(*also: str) -> list[tuple[str, Any]]:
    """Return the places of the time zone table by continent, UTC first, and `also` those given."""
    places = _places()
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        continent, _slash, city = place.partition("/")
        groups.setdefault(continent, []).append((place, city.replace("_", " ")))
    more = [(zone, zone) for zone in dict.fromkeys(also) if zone not in {*places, "UTC", ""}]
    return [("UTC", _("UTC (no summer time)")), *more, *groups.items()]


@cache
def _places() -> tuple[str, ...]:
    return tuple(sorted(row[2] for row in _table("zone.tab")))


def _table(name: str) -> list[list[str]]:
    text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
