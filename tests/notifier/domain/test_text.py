"""The text of an SMS, whole sentences compared."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain import text
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.text import compose, measure
from notifier.domain.words import LANGUAGES

URL = "https://github.com/octo-org/octo-repo/actions/runs/28978245123"
LANGUAGE = st.sampled_from(["en", "de", "de-AT", "fr", ""])
LINKS = st.from_regex(r"https://[a-z]{1,20}\.example/[!-~]{0,300}", fullmatch=True)
ANY_EVENT = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    outcome=st.sampled_from(Outcome),
    repository=st.text(max_size=80),
    branch=st.text(max_size=80),
    workflow=st.text(max_size=80),
    environment=st.text(max_size=40),
    actor=st.text(max_size=40),
    title=st.text(max_size=400),
    url=st.one_of(st.just(""), LINKS),
)


def failed(**changes: Any) -> Event:
    fields: dict[str, Any] = {
        "kind": Kind.PIPELINE,
        "outcome": Outcome.FAILED,
        "repository": "octo-org/octo-repo",
        "branch": "main",
        "workflow": "Build",
        "actor": "octocat",
        "title": "Fix login",
        "url": URL,
    }
    return Event(**(fields | changes))


def english(event: Event, max_parts: int = 1) -> str:
    return compose(event, language="en", max_parts=max_parts)


def german(event: Event) -> str:
    return compose(event, language="de", max_parts=2)


def test_it_says_what_failed_where_and_why_in_one_part() -> None:
    assert english(failed()) == (
        f"FAILED octo-org/octo-repo main: Build by octocat {URL} Fix login"
    )


def test_it_says_so_in_german() -> None:
    assert german(failed()) == (
        f"FEHLGESCHLAGEN octo-org/octo-repo main: Build von octocat {URL} Fix login"
    )


@pytest.mark.parametrize(
    ("kind", "outcome", "environment", "en", "de"),
    [
        ("pipeline", "fixed", "", "FIXED", "BEHOBEN"),
        ("pipeline", "passed", "", "Passed", "Erfolgreich"),
        ("pipeline", "cancelled", "", "Cancelled", "Abgebrochen"),
        ("pipeline", "none", "", "Pipeline", "Pipeline"),
        (
            "deployment",
            "failed",
            "production",
            "Deployment to production FAILED",
            "Deployment nach production FEHLGESCHLAGEN",
        ),
        ("deployment", "failed", "", "Deployment FAILED", "Deployment FEHLGESCHLAGEN"),
        ("deployment", "none", "", "Deployment", "Deployment"),
        ("push", "none", "", "Push", "Push"),
        ("change", "none", "", "Change", "Änderung"),
        ("release", "none", "", "Release", "Release"),
        ("issue", "none", "", "Issue", "Issue"),
        ("comment", "none", "", "Comment", "Kommentar"),
        ("other", "failed", "", "Event", "Ereignis"),
    ],
)
def test_it_starts_with_what_happened(
    kind: str, outcome: str, environment: str, en: str, de: str
) -> None:
    event = Event(
        kind=Kind(kind), outcome=Outcome(outcome), environment=environment, repository="o/r"
    )
    assert (english(event), german(event)) == (f"{en} o/r", f"{de} o/r")


def test_a_tag_is_called_by_its_name() -> None:
    assert english(Event(kind=Kind.TAG, repository="o/r", branch="tag:v1.0")) == "Tag o/r v1.0"


def test_a_run_on_a_tag_says_that_it_is_a_tag() -> None:
    event = failed(branch="tag:v1.0", workflow="", actor="", title="", url="")
    assert english(event) == "FAILED octo-org/octo-repo tag:v1.0"


def test_a_commit_in_place_of_a_branch_is_named_by_its_start() -> None:
    event = Event(
        kind=Kind.PUSH, repository="o/r", branch="6113728f27ae82c7b1a177c8d03f9e96e0adf246"
    )
    assert english(event) == "Push o/r 6113728f27"


def test_a_title_without_a_link_follows_a_colon() -> None:
    assert english(failed(url="")) == (
        "FAILED octo-org/octo-repo main: Build by octocat: Fix login"
    )


def test_a_title_that_repeats_the_workflow_is_left_out() -> None:
    assert english(failed(title="Build", url="")).count("Build") == 1


def test_it_shortens_the_title_first() -> None:
    written = english(failed(title="Teach the parser to read dates of the last century"))
    assert written == (
        f"FAILED octo-org/octo-repo main: Build by octocat {URL}"
        " Teach the parser to read dates of the last..."
    )


def test_it_drops_the_actor_next() -> None:
    workflow = "Build and test everything on all machines that are there"
    assert english(failed(workflow=workflow)) == f"FAILED octo-org/octo-repo main: {workflow} {URL}"


def test_it_drops_the_workflow_last() -> None:
    assert english(failed(workflow="w" * 90)) == f"FAILED octo-org/octo-repo main {URL}"


def test_it_rather_costs_more_than_cutting_a_link_or_a_repository() -> None:
    url = URL + "/" + "x" * 200
    assert english(failed(url=url)) == f"FAILED octo-org/octo-repo main {url}"


def test_it_uses_the_parts_that_it_may() -> None:
    title = "Teach the parser to read dates of the last century"
    assert english(failed(title=title), max_parts=2).endswith(f"{URL} {title}")


def test_a_backtick_does_not_double_the_bill() -> None:
    assert measure(english(failed(title="Fix `login`"))).encoding == "GSM-7"


def test_a_cyrillic_title_is_sent_as_it_is_when_there_is_room() -> None:
    assert english(failed(title="Исправить вход"), max_parts=3).endswith(f"{URL} Исправить вход")


def test_a_cyrillic_title_gives_way_when_there_is_none() -> None:
    assert english(failed(title="Исправить вход")) == (
        f"FAILED octo-org/octo-repo main: Build by octocat {URL}"
    )


def test_it_never_cuts_an_emoji_in_two() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    written = english(failed(title="привет" + family * 40, url=""), max_parts=2)
    assert written.removesuffix("...").endswith(family)


def test_line_breaks_and_direction_tricks_are_flattened() -> None:
    event = failed(title="Fix\r\nlogin\u202e now\x00", workflow="Bu\tild", url="")
    assert english(event) == "FAILED octo-org/octo-repo main: Bu ild by octocat: Fix login now"


def test_what_is_no_link_is_left_out() -> None:
    assert "FAKE" not in english(failed(url="https://x.example/\nFAKE message"))


def test_a_text_that_no_vendor_takes_loses_the_link() -> None:
    url = "https://x.example/" + "x" * 1600
    assert english(failed(url=url)) == "FAILED octo-org/octo-repo main"


@pytest.mark.parametrize("max_parts", [0, 5])
def test_it_refuses_other_numbers_of_parts(max_parts: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        english(failed(), max_parts)


@given(ANY_EVENT, LANGUAGE, st.integers(1, 4))
def test_it_only_exceeds_the_parts_when_nothing_more_can_go(
    event: Event, language: str, max_parts: int
) -> None:
    written = compose(event, language=language, max_parts=max_parts)
    bare = Event(
        kind=event.kind,
        outcome=event.outcome,
        repository=event.repository,
        branch=event.branch,
        environment=event.environment,
        url=event.url,
    )
    assert measure(written).parts <= max_parts or written == compose(
        bare, language=language, max_parts=4
    )


@given(ANY_EVENT, LANGUAGE, st.integers(1, 4))
def test_the_link_is_never_touched(event: Event, language: str, max_parts: int) -> None:
    assert event.url in compose(event, language=language, max_parts=max_parts)


@given(ANY_EVENT, LANGUAGE)
def test_it_is_one_line_that_can_be_sent(event: Event, language: str) -> None:
    written = compose(event, language=language, max_parts=2)
    assert (written.splitlines(), written.encode()) == ([written], written.encode())


@given(st.text(max_size=2000), LANGUAGE)
def test_a_test_message_fits_two_parts(name: str, language: str) -> None:
    assert measure(text.test_message(name, language)).parts <= 2


def test_a_test_message_greets_in_the_language_of_the_recipient() -> None:
    assert text.test_message("Jörg", "de") == (
        "Testnachricht von Leitstand für Jörg: SMS kommen hier an."
    )


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=list(LANGUAGES))
def test_every_word_is_gsm7(words: Any) -> None:
    assert measure("".join((words.by, words.test, *words.heads.values()))).encoding == "GSM-7"


@pytest.mark.parametrize(("language", "kind"), list(product(LANGUAGES, Kind)))
def test_every_kind_has_words(language: str, kind: Kind) -> None:
    assert compose(Event(kind=kind, outcome=Outcome.FAILED), language=language, max_parts=1)
