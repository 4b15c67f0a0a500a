from zoneinfo import available_timezones

from django.utils import translation
from phonenumbers import SUPPORTED_REGIONS

from notifier.forms.countries import COUNTRIES
from notifier.forms.places import calling_codes, time_zones


def test_every_region_with_phone_numbers_can_be_chosen() -> None:
    assert {region for region, _ in calling_codes()} == SUPPORTED_REGIONS


def test_countries_have_names_and_codes() -> None:
    assert dict(calling_codes())["CH"] == "Switzerland (+41)"


def test_every_offered_time_zone_exists() -> None:
    offered = [place for group in time_zones() if isinstance(group[1], list) for place in group[1]]
    assert len(offered) > 400
    assert {place for place, _city in offered} <= available_timezones()


def test_a_zone_in_use_is_offered_once() -> None:
    values = [value for value, _ in time_zones("Etc/GMT+3", "Etc/GMT+3", "UTC", "Europe/Berlin")]
    assert values.count("Etc/GMT+3") == 1
    assert values.count("UTC") == 1
    assert "Europe/Berlin" not in values


def test_countries_stand_in_german_order() -> None:
    with translation.override("de"):
        names = [name for _region, name in calling_codes()]
    assert names[:3] == ["Afghanistan (+93)", "Ägypten (+20)", "Åland (+358)"]


def test_every_country_has_a_german_name() -> None:
    english = {name.rpartition(" (+")[0] for _region, name in calling_codes()}
    assert english == set(COUNTRIES)
