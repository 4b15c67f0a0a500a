"""Fills a running portal: what is there already stays as it is."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portal.demo.doors import DemoError, Doors
from portal.demo.people import RECIPIENTS, RULES, SOURCES, TEAMS
from portal.demo.signing import signed
from portal.demo.story import Scene

Say = Callable[[str], None]
Ids = dict[str, int]
WAIT_SECONDS = 60
FORGED = "no-secret-of-this-portal"
BY_NAME = {"members": "recipients", "recipients": "recipients", "teams": "teams"}


class Filling:
    """One run of the demo against the portal behind `doors`; `say` prints a line."""

    def __init__(self, doors: Doors, say: Say) -> None:
        self._doors = doors
        self._say = say
        self._secrets: dict[str, str] = {}
        self._ids: dict[str, Ids] = {}

    def set_up(self) -> None:
        """Create sources, recipients, teams and rules that are not there yet."""
        self._add("sources", SOURCES, "slug")
        self._add("recipients", RECIPIENTS, "name")
        self._add("teams", TEAMS, "name")
        self._add("rules", RULES, "name")

    def tell(self, scenes: Sequence[Scene], *, again: bool) -> int:
        """Send the webhooks of every source that has none yet; return how many were sent."""
        chosen = {slug for slug in self._ids["sources"] if again or self._is_new(slug)}
        left_out = sorted({scene.source for scene in scenes} - chosen)
        if left_out:
            names = ", ".join(left_out)
            self._say(f"Webhooks: the story is there already ({names}). --again repeats it.")
        sent = sum(self._send(scene) for scene in scenes if scene.source in chosen)
        if sent:
            self._say(f"Webhooks: {sent} sent, signed as each provider does it.")
        return sent

    def wait(self) -> None:
        """Wait until the worker has read everything and sent what is due. Raises DemoError."""
        end = time.monotonic() + WAIT_SECONDS
        while self._has("deliveries", state="due") or self._has("messages", state="queued"):
            if time.monotonic() > end:
                reason = self._doors.worker_problem()
                why = reason or "It has more to do than this demo: look at the dashboard later."
                raise DemoError(f"The worker is not done after {WAIT_SECONDS} seconds. {why}")
            time.sleep(0.3)

    def _add(self, collection: str, wanted: Iterable[dict[str, Any]], key: str) -> None:
        ids = self._ids[collection] = {row[key]: row["id"] for row in self._doors.rows(collection)}
        added = there = 0
        for values in wanted:
            if values[key] in ids:
                there += 1
                continue
            row = self._doors.call("POST", collection, self._with_ids(values))
            ids[values[key]], added = row["id"], added + 1
            if "secret" in row:
                self._secrets[values[key]] = row["secret"]
        found = f", {there} were there already" if there else ""
        self._say(f"{collection.capitalize()}: {added} added{found}.")

    def _with_ids(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return `values` with the ids of what they name."""
        found = dict(values)
        for field, collection in {**BY_NAME, "sources": "sources"}.items():
            if field in values:
                found[field] = [self._ids[collection][name] for name in values[field]]
        return found

    def _is_new(self, slug: str) -> bool:
        return not self._has("deliveries", source=self._ids["sources"][slug])

    def _has(self, collection: str, **filters: Any) -> bool:
        return next(self._doors.rows(collection, page_size=1, **filters), None) is not None

    def _send(self, scene: Scene) -> int:
        provider = next(one["provider"] for one in SOURCES if one["slug"] == scene.source)
        secret = FORGED if scene.forged else self._secret(scene.source)
        body = json.dumps(scene.payload, ensure_ascii=False).encode()
        for _ in range(scene.times):
            headers = signed(provider, secret, scene.identity, scene.event, body)
            status = self._doors.knock(scene.source, headers, body)
            if status != (401 if scene.forged else 202):
                raise DemoError(f"/hooks/{scene.source} answered {status} to “{scene.name}”.")
        return scene.times

    def _secret(self, slug: str) -> str:
        """Return the secret of a source; one that was made earlier is known to nobody: rotate."""
        if slug not in self._secrets:
            path = f"sources/{self._ids['sources'][slug]}/rotate"
            answer = self._doors.call("POST", path, {"overlap_hours": 0})
            self._secrets[slug] = answer["secret"]
        return self._secrets[slug]
