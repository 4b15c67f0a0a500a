import pytest
from django.utils import translation

from notifier.domain import phrases
from notifier.domain.policy import TOO_LATE
from notifier.services.phrases import translated
from portal.work import reasons

translated("")
KNOWN = list(phrases.PHRASES)


def filled(phrase: str) -> tuple[dict[str, str], str]:
    names = phrases.PART.findall(phrase)
    parts = {name: f"part-{place}" for place, name in enumerate(names, start=1)}
    return parts, phrase.format(**parts)


@pytest.mark.parametrize("phrase", KNOWN)
def test_a_stored_sentence_comes_out_in_german(phrase: str) -> None:
    parts, sentence = filled(phrase)
    with translation.override("de"):
        german = translation.gettext(phrase)
        assert translated(sentence) == german.format(**parts)
    is_sentence = phrase.endswith(".") and " " in phrase
    assert german != phrase or not is_sentence


@pytest.mark.parametrize("phrase", KNOWN)
def test_a_stored_sentence_stays_as_it_is_in_english(phrase: str) -> None:
    _parts, sentence = filled(phrase)
    with translation.override("en"):
        assert translated(sentence) == sentence


def test_every_reason_of_the_worker_is_known() -> None:
    assert set(reasons.REASONS) <= set(KNOWN)


def test_the_reason_within_a_reason_is_translated() -> None:
    stored = "Attempt 2 of 8: SNS cannot be reached. (Throttling: Rate exceeded)"
    with translation.override("de"):
        text = translated(stored)
    assert text == "Versuch 2 von 8: SNS ist nicht erreichbar. (Throttling: Rate exceeded)"


def test_lengths_of_time_are_translated_with_their_sentence() -> None:
    with translation.override("de"):
        text = translated(TOO_LATE.format(age="13 hours", limit="1 hour"))
    assert text == "Zu spät: Die Nachricht ist 13 Stunden alt, mehr als 1 Stunde."


def test_names_are_never_translated() -> None:
    with translation.override("de"):
        assert translated("Told by the rule Queued again..").endswith("die Regel Queued again..")


def test_braces_in_a_name_stay() -> None:
    with translation.override("de"):
        assert translated("Told by the rule {0} {x}.").endswith("die Regel {0} {x}.")


def test_a_sentence_that_nobody_knows_is_returned_as_it_is() -> None:
    with translation.override("de"):
        assert translated("Nobody here says this.") == "Nobody here says this."


def test_nothing_stays_nothing() -> None:
    with translation.override("de"):
        assert translated("") == ""
