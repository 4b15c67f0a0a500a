"""Two days of a small team, as webhooks in the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from portal.demo.payloads import (
    Clock,
    Payload,
    backup,
    bucket_status,
    hub_change,
    hub_job,
    hub_other,
    hub_push,
    hub_release,
    hub_run,
    lab_deployment,
    lab_pipeline,
    lab_push,
    sha,
    tea_repository,
    tea_run,
)


@dataclass(frozen=True)
class Scene:
    """One webhook. `name` makes its delivery id, the same in every run of the demo.

    `times` is how often it is sent; a `forged` one is signed with a wrong secret.
    """

    name: str
    source: str
    event: str
    payload: Payload
    times: int = 1
    forged: bool = False

    @property
    def identity(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"leitstand-demo:{self.source}:{self.name}"))


def story(now: datetime) -> list[Scene]:
    """Return all scenes, the last ones just before `now`."""
    clock = Clock(now)
    return [*_first_day(clock), *_second_day(clock)]


def _first_day(clock: Clock) -> Iterator[Scene]:
    lights = "Dim the lights at dawn"
    yield _hub("ping", "ping", hub_other("beacon", "ada-l", zen="Keep it logically awesome."))
    yield _lab(
        "push",
        "Push Hook",
        lab_push("pilot", "bokafor", "Sort ships by draught", at=clock.ago(46.1)),
    )
    yield _lab(
        "passed",
        "Pipeline Hook",
        lab_pipeline(
            "pilot",
            90210,
            "success",
            "bokafor",
            "Sort ships by draught",
            at=clock.ago(46),
            ended=clock.ago(45.8),
        ),
    )
    yield _hub("push", "push", hub_push("beacon", "ada-l", lights, at=clock.ago(44)))
    yield _hub(
        "job", "workflow_job", hub_job("beacon", 7001, "ada-l", "Run the tests", at=clock.ago(43.9))
    )
    # GitHub sends it again after a timeout: nobody is told twice.
    yield _hub(
        "red",
        "workflow_run",
        hub_run("beacon", 50001, "failure", "ada-l", lights, at=clock.ago(43.9)),
        times=3,
    )
    yield _hub(
        "change",
        "pull_request",
        hub_change("beacon", 118, "cleo", "Blink in Morse code", "cleo/morse", at=clock.ago(40)),
    )
    yield _hub(
        "branch-red",
        "workflow_run",
        hub_run(
            "beacon",
            50002,
            "failure",
            "cleo",
            "Blink in Morse code",
            branch="cleo/morse",
            at=clock.ago(39.8),
        ),
    )
    yield _hub(
        "fixed",
        "workflow_run",
        hub_run(
            "beacon", 50003, "success", "ada-l", "Wait for the sun in the tests", at=clock.ago(38)
        ),
    )
    yield _hub(
        "cancelled",
        "workflow_run",
        hub_run("beacon", 50004, "cancelled", "ada-l", "Measure the fog", at=clock.ago(37)),
    )
    yield _watch(
        "backup-failed", backup(311, "failed", "Disk 2 is full after 81 %", at=clock.ago(30))
    )


def _second_day(clock: Clock) -> Iterator[Scene]:
    fares = "Fähren: Fahrplan für den Winter 🚢"
    bot = "renovate[bot]"
    yield _watch("backup-fixed", backup(312, "passed", "412 GB in 38 minutes", at=clock.ago(22)))
    yield _hub(
        "bot-push",
        "push",
        hub_push(
            "beacon",
            bot,
            "Update dependency pytest to v9",
            branch="renovate/pytest-9.x",
            at=clock.ago(20),
        ),
    )
    yield _hub(
        "bot-red",
        "workflow_run",
        hub_run(
            "beacon",
            50005,
            "failure",
            bot,
            "Update dependency pytest to v9",
            branch="renovate/pytest-9.x",
            at=clock.ago(19.9),
        ),
    )
    yield _bucket(
        "winter",
        bucket_status(
            "timetable", 41, "SUCCESSFUL", "cleo", fares, branch="main", at=clock.ago(12)
        ),
    )
    yield _bucket(
        "winter-red",
        bucket_status("timetable", 42, "FAILED", "cleo", fares, branch="main", at=clock.ago(11)),
    )
    yield _lab(
        "staging",
        "Deployment Hook",
        lab_deployment(
            "pilot", 31006, "success", "bokafor", "Sort ships by draught", environment="staging"
        ),
    )
    yield _lab(
        "going",
        "Deployment Hook",
        lab_deployment(
            "pilot", 31007, "running", "bokafor", "Sort ships by draught", environment="production"
        ),
    )
    yield _lab(
        "down",
        "Deployment Hook",
        lab_deployment(
            "pilot", 31007, "failed", "bokafor", "Sort ships by draught", environment="production"
        ),
    )
    yield _hub("released", "release", hub_release("beacon", "v2.4.0", "ada-l", at=clock.ago(6)))
    # Somebody changed the secret at GitHub and forgot the portal, or is no GitHub at all.
    yield _hub(
        "forged",
        "push",
        hub_push("beacon", "mallory", "Trust me", at=clock.ago(5)),
        times=4,
        forged=True,
    )
    yield _hub("star", "star", hub_other("beacon", "dana-w", action="created"))
    yield _tea(
        "passed",
        tea_run("deck-log", 17, "success", "bokafor", "Write the log in UTC", at=clock.ago(4)),
    )
    yield Scene("push", "demo-gitea", "push", _tea_push(clock))
    yield _tea(
        "red",
        tea_run("deck-log", 18, "failure", "bokafor", "Print the log on paper", at=clock.ago(1)),
    )


def _tea_push(clock: Clock) -> Payload:
    title = "Print the log on paper"
    return {
        "ref": "refs/heads/main",
        "before": sha("before paper"),
        "after": sha(title),
        "commits": [{"id": sha(title), "message": title, "timestamp": clock.ago(1.1)}],
        "repository": tea_repository("deck-log"),
        "sender": {"id": 9, "login": "bokafor", "username": "bokafor"},
    }


def _hub(name: str, event: str, payload: Payload, *, times: int = 1, forged: bool = False) -> Scene:
    return Scene(name, "demo-github", event, payload, times, forged)


def _lab(name: str, event: str, payload: Payload) -> Scene:
    return Scene(name, "demo-gitlab", event, payload)


def _tea(name: str, payload: Payload) -> Scene:
    return Scene(name, "demo-gitea", "workflow_run", payload)


def _bucket(name: str, payload: Payload) -> Scene:
    return Scene(name, "demo-bitbucket", "repo:commit_status_updated", payload)


def _watch(name: str, payload: Payload) -> Scene:
    return Scene(name, "demo-night-watch", "backup_finished", payload)
