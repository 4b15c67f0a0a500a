"""Dependencies: bounded, locked with hashes, the same at work and in tests, without addresses."""

import json
import re
import tomllib
from typing import Any

import pytest

from portal.config import ROOT

LOCKS = ["runtime", "dev", "node"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
DIRECT = [
    *PROJECT["project"]["dependencies"],
    *(line for group in PROJECT["dependency-groups"].values() for line in group),
]


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def entries(name: str) -> list[str]:
    """Return each pinned package with its marker and hashes on one line."""
    return lock(name).replace("\\\n", "").splitlines()


def pins(name: str) -> set[str]:
    return {entry.split(" ")[0] for entry in entries(name)}


@pytest.mark.parametrize("requirement", DIRECT)
def test_every_dependency_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?>=[\w.]+,<[\w.]+", requirement)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    assert [entry for entry in entries(name) if "--hash=sha256:" not in entry] == []


def test_the_tests_run_with_the_versions_of_the_portal() -> None:
    assert pins("runtime") - pins("dev") == set()


@pytest.mark.parametrize(
    "path", ["package-lock.json", ".npmrc", *(f"requirements/{name}.txt" for name in LOCKS)]
)
def test_no_lock_names_an_address(path: str) -> None:
    assert "://" not in (ROOT / path).read_text()


def test_every_browser_library_has_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, facts in packages.items() if name and "integrity" not in facts] == []


def test_browser_libraries_have_exact_versions() -> None:
    versions = json.loads((ROOT / "package.json").read_text())["dependencies"].values()
    assert all(re.fullmatch(r"[\d.]+", version) for version in versions)
