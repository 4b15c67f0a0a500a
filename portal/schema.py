"""The OpenAPI description: what drf-spectacular cannot see of our views is added here."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

# Known by its class alone; here, because commands and the worker need no REST.
from portal.accounts import openapi  # noqa: F401
from portal.schema_parts import COMPONENTS, DOOR_PATH, PROBLEM, RESPONSES

CHANGES = ("PUT", "PATCH", "DELETE")


class PortalSchema(AutoSchema):
    """Describes our views: one that says `conditional` understands ETags."""

    def get_override_parameters(self) -> list[Any]:
        """Return the headers of conditional requests."""
        given = super().get_override_parameters()
        if not getattr(self.view, "conditional", False):
            return given
        if self.method == "GET":
            return [*given, _header("If-None-Match", "An ETag that you hold: 304 if unchanged.")]
        if self.method in CHANGES:
            return [*given, _header("If-Match", "The ETag that you edited: 412 if it changed.")]
        return given


def _header(name: str, text: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, required=False
    )


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add every error answer, the strictness of requests and the webhook door."""
    for path, item in result["paths"].items():
        for operation in item.values():
            if isinstance(operation, dict) and "responses" in operation:
                _add_errors(path, operation)
    components = result["components"]
    for name, schema in components["schemas"].items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    for kind, parts in COMPONENTS.items():
        components.setdefault(kind, {}).update(parts)
    result["paths"]["/hooks/{slug}"] = DOOR_PATH
    return result


def _add_errors(path: str, operation: dict[str, Any]) -> None:
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    in_query = any(each["in"] == "query" for each in operation.get("parameters", ()))
    has_body = "requestBody" in operation
    expected = {
        "304": "If-None-Match" in parameters,
        "400": has_body or in_query,
        "401": True,
        "403": True,
        "404": "{" in path,
        "412": "If-Match" in parameters,
        "413": has_body,
        "415": has_body,
        "429": True,
    }
    responses = operation["responses"]
    for status, response in responses.items():
        if status.startswith("4") and "content" not in response:
            response["content"] = PROBLEM
    for status, is_expected in expected.items():
        if is_expected and status not in responses:
            responses[status] = {"$ref": f"#/components/responses/{RESPONSES[status]}"}
    operation["responses"] = dict(sorted(responses.items()))
