"""`bin/install`: finds a Python that will do, and heals what was left half done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import ROOT

TOOLS = ("sh", "dirname", "rm", "mkdir")
OLD_PYTHON = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout that needs no package, at a path with a space."""
    folder = tmp_path / "a checkout"
    (folder / "bin").mkdir(parents=True)
    (folder / "requirements").mkdir()
    (folder / "requirements" / "runtime.txt").touch()
    shutil.copy(ROOT / "bin" / "install", folder / "bin")
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with everything that the script may use, but no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def install(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "bin" / "install", "runtime"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_an_old_python_is_refused_in_a_sentence(checkout: Path, tools: Path) -> None:
    (tools / "python3").write_text(OLD_PYTHON)
    (tools / "python3").chmod(0o755)
    done = install(checkout, PATH=str(tools))
    sentence = "Leitstand needs Python 3.11 or newer, but found Python 3.9.2."
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, sentence)


def test_no_python_at_all_is_told(checkout: Path, tools: Path) -> None:
    done = install(checkout, PATH=str(tools))
    assert "but found none." in done.stderr


def test_a_python_that_was_asked_for_is_not_replaced(checkout: Path) -> None:
    done = install(checkout, PYTHON="/nowhere/python3.13")
    said = "PYTHON=/nowhere/python3.13 is no Python 3.11 or newer.\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_an_interrupted_installation_is_done_again(checkout: Path) -> None:
    broken = checkout / ".venv" / "lib" / "half-a-package"
    broken.mkdir(parents=True)
    (checkout / ".venv" / ".unfinished").touch()
    done = install(checkout, PYTHON=sys.executable)
    left = sorted(path.name for path in (checkout / ".venv").iterdir() if path.name[0] == ".")
    assert (done.returncode, broken.exists(), ".unfinished" in left) == (0, False, False)
