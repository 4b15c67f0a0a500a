"""The public doors of a running portal: its REST API, and its webhook addresses."""

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT = 30
API = "/api/v1"


class DemoError(Exception):
    """The demo cannot go on. The text says why, and what to do."""


class Doors:
    """One portal, as a script sees it."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DemoError(f"“{url}” is no address of a portal: http://127.0.0.1:8000 is one.")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._place = parts.netloc
        self._token = token

    def check(self) -> None:
        """Raise DemoError unless a portal answers there."""
        status, body = self._send("GET", "/healthz", {}, b"")
        if status != 200 or body.get("status") != "ok":
            raise DemoError(f"What answers at {self.url} is no Leitstand (HTTP {status}).")

    def worker_problem(self) -> str:
        """Return why nothing would be read and sent, "" when a worker is there."""
        _status, body = self._send("GET", "/readyz", {}, b"")
        reason: str = body.get("checks", {}).get("worker", {}).get("reason", "")
        return reason

    def call(self, method: str, path: str, values: Any = None) -> dict[str, Any]:
        """Return what the API answers. Raises DemoError with its own words."""
        headers = {"Authorization": f"Token {self._token}", "Content-Type": "application/json"}
        body = b"" if values is None else json.dumps(values).encode()
        status, answer = self._send(method, f"{API}/{path}", headers, body)
        if status == 401:
            raise DemoError(
                f"The portal at {self.url} does not know this token. If it runs with another "
                "LEITSTAND_DATA_DIR or database, make a token there and pass it with --token."
            )
        if status >= 300:
            detail = answer.get("detail", "no reason given")
            errors = json.dumps(answer["errors"]) if "errors" in answer else ""
            raise DemoError(f"{method} {API}/{path}: HTTP {status}, {detail} {errors}".rstrip())
        return answer

    def rows(self, collection: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield every row of `collection`, page by page."""
        path = f"{collection}?{urlencode(filters)}"
        while path:
            page = self.call("GET", path)
            yield from page["results"]
            after = urlsplit(page["next"] or "")
            path = f"{collection}?{after.query}" if after.query else ""

    def knock(self, slug: str, headers: Mapping[str, str], body: bytes) -> int:
        """Post a webhook and return the HTTP status."""
        status, _answer = self._send("POST", f"/hooks/{slug}", headers, body)
        return status

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, Any]]:
        connection = self._kind(self._place, timeout=TIMEOUT)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, _json(answer)
        except ConnectionRefusedError:
            raise DemoError(
                f"Nothing answers at {self.url}. Start the portal in another terminal with "
                "make run. Does it run with other settings, such as LEITSTAND_PORT? "
                "Set the same here."
            ) from None
        except (OSError, HTTPException) as error:
            raise DemoError(f"The portal at {self.url} cannot be reached: {error}.") from None
        finally:
            connection.close()


def _json(answer: HTTPResponse) -> dict[str, Any]:
    try:
        found = json.loads(answer.read() or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
