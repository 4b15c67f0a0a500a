"""What runs in a Lambda, or is pure, loads without Django and without boto3."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import ROOT

PACKAGES = ("notifier/domain", "notifier/sources", "notifier/gateways")


def modules() -> list[str]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).glob("**/*.py"))]
    paths.append(ROOT / "portal" / "config.py")
    return [name(path) for path in paths]


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("unwanted", ["django", "rest_framework", "boto3", "requests"])
def test_plain_modules_load_without(unwanted: str) -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {modules()}:\n"
        "    importlib.import_module(name)\n"
        f"    assert {unwanted!r} not in sys.modules, name\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.parametrize("app", ["portal", "portal.accounts", "notifier", "datalake"])
def test_the_package_of_an_app_is_empty(app: str) -> None:
    assert (ROOT / app.replace(".", "/") / "__init__.py").read_text() == ""
