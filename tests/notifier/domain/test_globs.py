"""Patterns, checked against a matcher that tries everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.globs import check_glob, matches_any, matches_glob


def naive(glob: str, value: str) -> bool:
    if not glob:
        return not value
    if glob[0] == "*":
        return naive(glob[1:], value) or (bool(value) and naive(glob, value[1:]))
    return bool(value) and glob[0] in ("?", value[0]) and naive(glob[1:], value[1:])


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="abc", max_size=8))
def test_it_agrees_with_trying_everything(glob: str, value: str) -> None:
    assert matches_glob(glob, value) == naive(glob, value)


@pytest.mark.parametrize(
    ("glob", "value", "matches"),
    [
        ("main", "main", True),
        ("main", "maintenance", False),
        ("release/*", "release/1.0/hotfix", True),
        ("v?.?", "v1.2", True),
        ("[ab]", "a", False),
        ("*", "", True),
        ("fix.*", "fixes", False),
    ],
)
def test_it_reads_patterns_as_people_mean_them(glob: str, value: str, matches: bool) -> None:
    assert matches_glob(glob, value) is matches


def test_a_pattern_of_many_stars_is_harmless() -> None:
    assert not matches_glob("*a" * 100 + "b", "a" * 20_000)


@pytest.mark.parametrize(
    ("globs", "value", "wanted"),
    [
        ([], "main", True),
        (["main", "dev"], "dev", True),
        (["!dev"], "main", True),
        (["!dev"], "dev", False),
        (["*", "!dev/*"], "dev/x", False),
        (["!dev/*", "*"], "dev/x", False),
        (["release/*", "!*-rc"], "release/1-rc", False),
    ],
)
def test_an_exclusion_wins_wherever_it_stands(globs: list[str], value: str, wanted: bool) -> None:
    assert matches_any(globs, value) is wanted


def test_case_is_folded_on_request() -> None:
    assert matches_any(["Octo-Org/*"], "octo-org/REPO", fold_case=True)


@pytest.mark.parametrize("glob", ["main", "!dev/*", "@default", "!@default", "a b", "dependabot*"])
def test_good_patterns_are_fine(glob: str) -> None:
    assert check_glob(glob) == ""


@pytest.mark.parametrize(
    "glob", ["", "!", "  ", " main", "main\n", "a\x00b", "a" * 201, "@octocat"]
)
def test_bad_patterns_are_explained(glob: str) -> None:
    assert check_glob(glob).endswith(".")
