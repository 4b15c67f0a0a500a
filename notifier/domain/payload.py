"""Typed access to untrusted JSON: what is missing, or of another type, is absent."""

import json
import re
from datetime import UTC, datetime
from typing import NoReturn, TypeGuard
from urllib.parse import parse_qs, urlsplit

from notifier.domain.errors import UnsupportedType, UnusableBody
from notifier.domain.phrases import gettext_noop

TEXT_LIMIT = 300
URL_LIMIT = 2000
# No provider writes a longer time; the pattern below would be slow on long runs of blanks.
LONGEST_MOMENT = 64
FORM = "application/x-www-form-urlencoded"

TOO_DEEP = gettext_noop("The body is nested too deeply.")
NO_JSON = gettext_noop("The body is not JSON in UTF-8.")
NO_OBJECT = gettext_noop("The body is JSON, but not an object.")
NO_JSON_TYPE = gettext_noop("The Content-Type must be application/json.")
NO_KNOWN_TYPE = gettext_noop(
    "The Content-Type must be application/json or application/x-www-form-urlencoded."
)
NO_FORM = gettext_noop("The form cannot be read.")
NO_FIELD = gettext_noop("The form has no field {name}.")

INDEX = re.compile(r"-?[0-9]{1,6}")
# Controls, lone surrogates (no UTF-8 for them) and the marks that reverse text on a screen.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Payload:
    """One JSON value, reached by paths such as `commits.0.message` or `/a.b/c` (RFC 6901)."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value)

    def at(self, path: str) -> "Payload":
        """Return what is at `path`, an absent value when there is nothing."""
        value = self.value
        for key in split_path(path):
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and INDEX.fullmatch(key):
                value = value[int(key)] if -len(value) <= int(key) < len(value) else None
            else:
                return Payload(None)
        return Payload(value)

    def text(self, *paths: str, limit: int = TEXT_LIMIT) -> str:
        """Return the first text or whole number at `paths` as one clean line, else ""."""
        return next(filter(None, (_line(self.at(path).value, limit) for path in paths)), "")

    def title(self, *paths: str) -> str:
        """Return the first line of the first text at `paths`: the subject of a message."""
        values = (self.at(path).value for path in paths)
        lines = (
            value.lstrip()[: TEXT_LIMIT * 4].partition("\n")[0] for value in values if _is(value)
        )
        return next(filter(None, (_line(line, TEXT_LIMIT) for line in lines)), "")

    def url(self, *paths: str) -> str:
        """Return the first http(s) address at `paths`, "" when there is none."""
        texts = (self.text(path, limit=URL_LIMIT + 1) for path in paths)
        return next((text for text in texts if is_web_address(text)), "")

    def flag(self, path: str) -> bool:
        """Return whether the value at `path` is true (and not merely truthy)."""
        return self.at(path).value is True

    def items(self, path: str) -> "list[Payload]":
        """Return the members of the list at `path`, none when it is no list."""
        value = self.at(path).value
        return [Payload(member) for member in value] if isinstance(value, list) else []

    def moment(self, *paths: str) -> str:
        """Return the first point in time at `paths` as ISO 8601 in UTC, sortable as text."""
        return next(filter(None, (_moment(self.at(path).value) for path in paths)), "")


def split_path(path: str) -> list[str]:
    """Return the keys of a dotted path or, when it starts with a slash, of a JSON Pointer."""
    if path.startswith("/"):
        return [key.replace("~1", "/").replace("~0", "~") for key in path[1:].split("/")]
    return path.split(".") if path else []


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return `text` as one line of at most `limit` printable characters."""
    words = " ".join(text[: limit * 4].split())
    return UNPRINTABLE.sub("", words)[:limit].strip()


def is_web_address(text: str) -> bool:
    """Return whether `text` is an http(s) address that is safe to link to."""
    if len(text) > URL_LIMIT or not text.lower().startswith(("https://", "http://")):
        return False
    try:
        parts = urlsplit(text)
        # A name before the host, or a backslash, makes an address look like another one.
        return bool(parts.hostname) and "@" not in parts.netloc and not set(" \\") & set(text)
    except ValueError:
        return False


def read_json(text: bytes) -> Payload:
    """Return the JSON object in `text`. Raises UnusableBody for everything else."""
    try:
        value = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        raise UnusableBody(TOO_DEEP) from None
    except ValueError:
        raise UnusableBody(NO_JSON) from None
    if not isinstance(value, dict):
        raise UnusableBody(NO_OBJECT)
    return Payload(value)


def json_text(content_type: str, body: bytes, form_field: str = "") -> bytes:
    """Return the JSON text of a body: the body itself or, in a form, the field `form_field`."""
    kind = content_type.partition(";")[0].strip().lower()
    if form_field and kind == FORM:
        return _form_value(body, form_field)
    if kind in ("", "application/json") or kind.endswith("+json"):
        return body
    raise UnsupportedType(NO_KNOWN_TYPE if form_field else NO_JSON_TYPE)


def _form_value(body: bytes, name: str) -> bytes:
    try:
        fields = parse_qs(body.decode("ascii"), errors="strict", max_num_fields=100)
    except ValueError:
        raise UnusableBody(NO_FORM) from None
    if name not in fields:
        raise UnusableBody(NO_FIELD.format(name=repr(name)))
    return fields[name][0].encode()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _is(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _line(value: object, limit: int) -> str:
    if isinstance(value, str):
        return clean(value, limit)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:limit]
    return ""


def _moment(value: object) -> str:
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            # Bitbucket counts milliseconds; GitHub, in pushes, seconds.
            moment = datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
        elif isinstance(value, str) and 0 < len(value) <= LONGEST_MOMENT:
            moment = datetime.fromisoformat(re.sub(r"\s*UTC$|\s+(?=[+-]\d\d:?\d\d$)", "", value))
        else:
            return ""
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
