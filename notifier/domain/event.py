"""What a delivery says, in one vocabulary for every provider."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened. `OTHER` is every event that nobody here knows: never an error."""

    PUSH = "push"
    TAG = "tag"
    PIPELINE = "pipeline"
    JOB = "job"
    DEPLOYMENT = "deployment"
    CHANGE = "change"
    RELEASE = "release"
    ISSUE = "issue"
    COMMENT = "comment"
    PING = "ping"
    OTHER = "other"


class Outcome(StrEnum):
    """How it ended. `CANCELLED` is never `FAILED`; `FIXED` is passed after failed."""

    FAILED = "failed"
    FIXED = "fixed"
    PASSED = "passed"
    CANCELLED = "cancelled"
    RUNNING = "running"
    NONE = "none"


FINAL = frozenset({Outcome.FAILED, Outcome.PASSED})


@dataclass(frozen=True, kw_only=True)
class Event:
    """A normalised event. An empty string means that the provider did not say.

    `branch` is a bare name (`main`, never `refs/heads/main`); a tag is `tag:v1.0`.
    `repository` is the provider's full name (`owner/name`), `actor` a login.
    `run_id` and `attempt` identify what happened: one run of one workflow, one pushed commit.
    `order` sorts the runs of one workflow in time when compared as text (an ISO timestamp in
    UTC or a zero-padded number), so that a late delivery of an older run is told from news.
    """

    kind: Kind
    outcome: Outcome = Outcome.NONE
    repository: str = ""
    branch: str = ""
    default_branch: str = ""
    workflow: str = ""
    environment: str = ""
    actor: str = ""
    is_bot: bool = False
    title: str = ""
    url: str = ""
    run_id: str = ""
    attempt: str = ""
    order: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    def fact(self, provider: str) -> str:
        """Return the key of the fact that this event reports, "" when it has no run.

        Two deliveries with one key tell the same news (a redelivery, a second hook on the
        organisation): whoever was told once is not told again.
        """
        if not self.run_id:
            return ""
        parts = (self.repository, self.kind, self.branch, self.run_id, self.attempt, self.outcome)
        return ":".join((provider, *parts))
