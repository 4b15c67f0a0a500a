"""Log lines: readable, complete and without what nobody may read."""

import json
import subprocess
import sys

import pytest

from portal.config import ROOT
from portal.logs import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /deliveries/?q=secret+thing&page=2 500", "GET /deliveries/?… 500"),
        ("Internal Server Error: /welcome/abcDEF123/", "Internal Server Error: /welcome/…/"),
        ("/accounts/password/reset/key/3-d2f9/", "/accounts/password/reset/key/…/"),
        ("sent to +4915112345678", "sent to +49 … 678"),
        ("is it late? a = b", "is it late? a = b"),
    ],
)
def test_a_line_hides(text: str, shown: str) -> None:
    assert redact(None, "", {"event": text}) == {"event": shown}


def test_values_inside_values_are_hidden_too() -> None:
    event = {"event": "x", "facts": {"to": ["+4915112345678"], "count": 3, "none": None}}
    hidden = {"event": "x", "facts": {"to": ["+49 … 678"], "count": 3, "none": None}}
    assert redact(None, "", event) == hidden


def logged(form: str, code: str) -> str:
    """Return what a process with our logging writes."""
    start = f"import logging, warnings\nfrom portal.logs import *\nlogging_config({form!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", start + code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr


CRASH = """
try:
    raise ValueError("no number +4915112345678")
except ValueError:
    logging.getLogger("some.library").exception("It failed")
"""


def test_a_traceback_is_one_json_line_without_numbers() -> None:
    (line,) = logged("json", CRASH).splitlines()
    facts = json.loads(line)
    assert (facts["event"], facts["level"], facts["exception"].splitlines()[-1]) == (
        "It failed",
        "error",
        "ValueError: no number +49 … 678",
    )


def test_a_traceback_is_readable_on_the_console() -> None:
    assert logged("console", CRASH).splitlines()[-1] == "ValueError: no number +49 … 678"


def test_a_warning_becomes_a_log_line() -> None:
    line = logged("json", 'warnings.warn("soon gone", DeprecationWarning)')
    assert json.loads(line)["logger"] == "py.warnings"


REQUEST = 'logging.getLogger("django.request").error("Service Unavailable: /readyz")'


def test_an_answer_that_a_view_chose_is_not_logged() -> None:
    assert logged("json", REQUEST) == ""
