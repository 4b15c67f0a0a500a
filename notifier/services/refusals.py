"""Refused requests: visible, without their bodies, and unable to flood the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from notifier.domain.ids import uuid7
from notifier.models import Delivery
from notifier.models.delivery import DeliveryState, Verdict

MOST_ROWS = 100
_rows: dict[tuple[int, str], UUID] = {}


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused request. `code` is a word for the reason, `reason` a sentence."""

    source_id: int
    code: str
    reason: str
    remote: str | None
    headers: dict[str, str]
    at: datetime

    @property
    def key(self) -> tuple[int, str]:
        """All that share it share a row: one for each source, reason and minute."""
        return self.source_id, f"rejected:{self.code}:{self.at:%Y%m%d%H%M}"


def count_refused(requests: Sequence[Refused]) -> dict[tuple[int, str], UUID]:
    """Add `requests` to their rows and return the ids of these by key; call in a transaction."""
    groups: dict[tuple[int, str], list[Refused]] = {}
    for request in requests:
        groups.setdefault(request.key, []).append(request)
    return {key: _count(key, group) for key, group in groups.items()}


def _count(key: tuple[int, str], group: list[Refused]) -> UUID:
    """Add `group` to the row of `key`: one query, as long as this process knows the row."""
    latest = group[-1]
    again = {"repeats": F("repeats") + len(group), "reason": latest.reason}
    known = _rows.get(key)
    if known and Delivery.objects.filter(pk=known).update(**again, remote=latest.remote):
        return known
    row, created = Delivery.objects.get_or_create(
        source_id=key[0],
        key=key[1],
        defaults={
            "id": uuid7(),
            "verdict": Verdict.REJECTED,
            "state": DeliveryState.DONE,
            "received_at": latest.at,
            "handled_at": latest.at,
            "repeats": len(group) - 1,
            "reason": latest.reason,
            "remote": latest.remote,
            "headers": latest.headers,
        },
    )
    if not created:
        Delivery.objects.filter(pk=row.pk).update(**again, remote=latest.remote)
    if len(_rows) >= MOST_ROWS:
        _rows.clear()
    _rows[key] = row.pk
    return row.pk
