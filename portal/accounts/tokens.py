"""Personal API tokens in requests."""

from knox.auth import TokenAuthentication as KnoxAuthentication


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token lst_…`."""
