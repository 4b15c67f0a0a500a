"""Parts of the OpenAPI description that are written by hand: error answers, the webhook door."""

from typing import Any

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
REQUEST_ID = {
    "description": "Names this request in the log.",
    "schema": {"type": "string"},
}

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "about:blank where it is there: the status says the kind of problem.",
        },
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "One sentence for people."},
        "errors": {
            "type": "object",
            "description": "What is wrong with each field or parameter: `config.mode`, `logins.0`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "example": {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some fields are not valid: phone.",
        "errors": {"phone": ["Enter a valid phone number."]},
    },
}

# The name of the component for each status.
RESPONSES = {
    "304": "NotModified",
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "412": "PreconditionFailed",
    "413": "ContentTooLarge",
    "415": "UnsupportedMediaType",
    "429": "TooManyRequests",
}
TEXTS = {
    "400": "The body, a field, a parameter or the cursor cannot be used.",
    "401": "Nobody is signed in, or the token is not valid.",
    "403": "The role or the scope of the token does not allow this.",
    "404": "There is nothing at this address.",
    "412": "It was changed since you read it: read it again.",
    "413": "The body is larger than 1 MiB.",
    "415": "The Content-Type must be application/json.",
    "429": "Too many requests: come again after Retry-After seconds.",
}


def _response(status: str) -> dict[str, Any]:
    headers: dict[str, Any] = {"X-Request-Id": REQUEST_ID}
    if status == "429":
        headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds."}
    if status == "401":
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    return {"description": TEXTS[status], "headers": headers, "content": PROBLEM}


COMPONENTS: dict[str, dict[str, Any]] = {
    "schemas": {"Problem": PROBLEM_SCHEMA},
    "responses": {
        "NotModified": {"description": "What you hold is still true."},
        **{RESPONSES[status]: _response(status) for status in TEXTS},
    },
}


def _refused(text: str) -> dict[str, Any]:
    return {"description": text, "content": PROBLEM}


DOOR_PATH: dict[str, Any] = {
    "post": {
        "operationId": "hooks_receive",
        "tags": ["hooks"],
        "summary": "Take a webhook",
        "description": (
            "Called by the provider, not by your scripts: the signature in its headers is the "
            "proof. Everything authentic is answered with 202, also duplicates and events that "
            "no rule wants; what it means is read later by the worker."
        ),
        "security": [],
        "parameters": [
            {
                "name": "slug",
                "in": "path",
                "required": True,
                "description": "The address part of the source.",
                "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object", "additionalProperties": True}},
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"payload": {"type": "string"}},
                        "required": ["payload"],
                    }
                },
            },
        },
        "responses": {
            "202": {
                "description": "The delivery is stored.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["delivery"],
                            "properties": {"delivery": {"type": "string", "format": "uuid"}},
                        }
                    }
                },
            },
            "400": _refused("The body is not what the provider promises to send."),
            "401": _refused("The signature is missing or wrong."),
            "404": _refused("There is no active source with this address."),
            "413": _refused("The body is over the limit."),
            "415": _refused("The Content-Type is none that the provider sends."),
            "503": _refused("It could not be stored, send it again after Retry-After seconds."),
        },
    }
}
