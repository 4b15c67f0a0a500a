"""What is shown of a delivery: headers and payload without what nobody may read."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from notifier.domain.masks import ADDRESS_MASK, MASK, SENSITIVE, addresses, line, phone, secrets

__all__ = ["ADDRESS_MASK", "MASK", "headers", "line", "payload", "phone"]

TOO_DEEP = "[too deep]"
DEEPEST = 64
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-gitlab-token", "x-api-key"}
)
SECRET_KEY = re.compile(f"(?i){SENSITIVE}")
# What holds secrets ("secrets", "clientToken"), unlike what is about them ("secret_scanning").
SECRET_CONTAINER = re.compile(rf"(?i)(?:{SENSITIVE})s?$")
LONGEST_KEY = 200

Path = tuple[str, ...]


def headers(headers: Mapping[str, str], secret_names: Collection[str]) -> dict[str, str]:
    """Return `headers` with the values hidden that are secret by nature or in `secret_names`."""
    secret = SECRET_HEADERS.union(name.lower() for name in secret_names)
    return {
        name: MASK if name.lower() in secret else secrets(value) for name, value in headers.items()
    }


def payload(tree: Any, mask_email: bool = False) -> Any:
    """Return a copy of a JSON tree without secrets, with `mask_email` also without addresses."""
    return _Walk(mask_email=mask_email).node(tree, ())


class _Walk:
    """One walk through a tree. A path is the keys that led to a node, "" for a place in a list."""

    def __init__(self, *, mask_email: bool) -> None:
        self._mask_email = mask_email

    def node(self, node: Any, path: Path) -> Any:
        if len(path) > DEEPEST:
            return TOO_DEEP
        if isinstance(node, dict):
            return self._mapping(node, path)
        if isinstance(node, list | tuple):
            return [self.node(item, (*path, "")) for item in node]
        return self._text(node) if isinstance(node, str) else node

    def _mapping(self, node: dict[Any, Any], path: Path) -> dict[str, Any]:
        holds_secret = _is_variable(node, path)
        cleaned = {}
        for key, value in node.items():
            name = str(key)
            if (holds_secret and name.lower() == "value") or _is_secret((*path, name), value):
                value = _hidden(value)
            elif self._mask_email and name.lower().endswith("email") and value:
                value = ADDRESS_MASK
            else:
                value = self.node(value, (*path, name))
            cleaned[self._text(name)] = value
        return cleaned

    def _text(self, text: str) -> str:
        text = secrets(text)
        return addresses(text) if self._mask_email else text


def _is_variable(node: dict[Any, Any], path: Path) -> bool:
    """Say whether `node` is a CI variable or another pair of a secret name and its value."""
    name = node.get("key") or node.get("name")
    in_variables = path[-2:] == ("variables", "")
    return in_variables or (isinstance(name, str) and _is_secret_name(name))


def _is_secret(path: Path, value: Any) -> bool:
    name = path[-1][:LONGEST_KEY]
    if path[-2:] == ("deployment", "payload") or path[-2:-1] == ("variables",):
        return True
    if name.lower().endswith("url"):
        return False
    if isinstance(value, dict | list | tuple):
        return bool(SECRET_CONTAINER.search(name))
    return _is_secret_name(name)


def _is_secret_name(name: str) -> bool:
    return bool(SECRET_KEY.search(name[:LONGEST_KEY]))


def _hidden(value: Any) -> Any:
    """Return the mask, or what is no secret: nothing and yes or no."""
    return MASK if value and not isinstance(value, bool) else value
