"""The words of an SMS in each language. Every word here must be GSM-7."""

from dataclasses import dataclass

from notifier.domain.event import Event, Kind, Outcome


@dataclass(frozen=True)
class Words:
    """One language. `{environment}` stands where the name of the environment goes.

    `heads` may say something for one outcome of one kind, or for a kind whatever its outcome.
    """

    by: str
    test: str
    heads: dict[tuple[Kind, Outcome] | Kind, str]


ENGLISH = Words(
    by="by",
    test="Test message from Leitstand for {name}: text messages arrive here.",
    heads={
        (Kind.PIPELINE, Outcome.FAILED): "FAILED",
        (Kind.PIPELINE, Outcome.FIXED): "FIXED",
        (Kind.PIPELINE, Outcome.PASSED): "Passed",
        (Kind.PIPELINE, Outcome.CANCELLED): "Cancelled",
        (Kind.PIPELINE, Outcome.RUNNING): "Running",
        Kind.PIPELINE: "Pipeline",
        (Kind.JOB, Outcome.FAILED): "Job FAILED",
        (Kind.JOB, Outcome.FIXED): "Job FIXED",
        (Kind.JOB, Outcome.PASSED): "Job passed",
        (Kind.JOB, Outcome.CANCELLED): "Job cancelled",
        (Kind.JOB, Outcome.RUNNING): "Job running",
        Kind.JOB: "Job",
        (Kind.DEPLOYMENT, Outcome.FAILED): "Deployment to {environment} FAILED",
        (Kind.DEPLOYMENT, Outcome.FIXED): "Deployment to {environment} FIXED",
        (Kind.DEPLOYMENT, Outcome.PASSED): "Deployment to {environment} done",
        (Kind.DEPLOYMENT, Outcome.CANCELLED): "Deployment to {environment} cancelled",
        (Kind.DEPLOYMENT, Outcome.RUNNING): "Deployment to {environment} running",
        Kind.DEPLOYMENT: "Deployment to {environment}",
        Kind.PUSH: "Push",
        Kind.TAG: "Tag",
        Kind.CHANGE: "Change",
        Kind.RELEASE: "Release",
        Kind.ISSUE: "Issue",
        Kind.COMMENT: "Comment",
        Kind.PING: "Webhook connected",
        Kind.OTHER: "Event",
    },
)

GERMAN = Words(
    by="von",
    test="Testnachricht von Leitstand für {name}: SMS kommen hier an.",
    heads={
        (Kind.PIPELINE, Outcome.FAILED): "FEHLGESCHLAGEN",
        (Kind.PIPELINE, Outcome.FIXED): "BEHOBEN",
        (Kind.PIPELINE, Outcome.PASSED): "Erfolgreich",
        (Kind.PIPELINE, Outcome.CANCELLED): "Abgebrochen",
        (Kind.PIPELINE, Outcome.RUNNING): "Läuft",
        Kind.PIPELINE: "Pipeline",
        (Kind.JOB, Outcome.FAILED): "Job FEHLGESCHLAGEN",
        (Kind.JOB, Outcome.FIXED): "Job WIEDER ERFOLGREICH",
        (Kind.JOB, Outcome.PASSED): "Job erfolgreich",
        (Kind.JOB, Outcome.CANCELLED): "Job abgebrochen",
        (Kind.JOB, Outcome.RUNNING): "Job läuft",
        Kind.JOB: "Job",
        (Kind.DEPLOYMENT, Outcome.FAILED): "Deployment nach {environment} FEHLGESCHLAGEN",
        (Kind.DEPLOYMENT, Outcome.FIXED): "Deployment nach {environment} WIEDER ERFOLGREICH",
        (Kind.DEPLOYMENT, Outcome.PASSED): "Deployment nach {environment} erfolgreich",
        (Kind.DEPLOYMENT, Outcome.CANCELLED): "Deployment nach {environment} abgebrochen",
        (Kind.DEPLOYMENT, Outcome.RUNNING): "Deployment nach {environment} läuft",
        Kind.DEPLOYMENT: "Deployment nach {environment}",
        Kind.PUSH: "Push",
        Kind.TAG: "Tag",
        Kind.CHANGE: "Änderung",
        Kind.RELEASE: "Release",
        Kind.ISSUE: "Issue",
        Kind.COMMENT: "Kommentar",
        Kind.PING: "Webhook verbunden",
        Kind.OTHER: "Ereignis",
    },
)

LANGUAGES = {"en": ENGLISH, "de": GERMAN}


def words_of(language: str) -> Words:
    """Return the words of `language` (`de`, also `de-AT`), English when there are none."""
    return LANGUAGES.get(language.lower().replace("_", "-").partition("-")[0], ENGLISH)


def head(event: Event, words: Words, environment: str) -> str:
    """Return the words that an SMS about `event` starts with: what happened and how it ended."""
    heads = words.heads
    phrase = heads.get((event.kind, event.outcome)) or heads[event.kind]
    if environment:
        return phrase.replace("{environment}", environment)
    # "Deployment to {environment} FAILED" without a name loses the preposition with it.
    before, placeholder, after = phrase.partition(" {environment}")
    return before.rpartition(" ")[0] + after if placeholder else phrase
