"""The OpenAPI description."""

from drf_spectacular.openapi import AutoSchema


class PortalSchema(AutoSchema):
    """Describe our views."""
