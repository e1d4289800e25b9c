"""What the OpenAPI document says beyond what the views say by themselves: errors, headers, closed bodies."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object

METHODS = {"get", "post", "put", "patch", "delete"}

ERROR = {
    "type": "object",
    "description": "Every error. Branch on `code`; `text` is for people.",
    "required": ["code", "text"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "example": "stage.full"},
        "text": {"type": "string", "example": "Five people are on screen."},
        "fields": {
            "type": "object",
            "description": "Of `invalid`: what is wrong with which field, by dotted name; an empty name: the body.",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["code", "text"],
                    "properties": {"code": {"type": "string"}, "text": {"type": "string"}},
                },
            },
        },
    },
}

#: Of every operation.
ALWAYS = {
    "400": "A parameter, header or field is not as it has to be.",
    "401": "Nobody is signed in, or the token does not work.",
    "403": "The asker may not do this.",
    "404": "Not there, or not theirs to see.",
    "405": "Not this method.",
    "406": "Answers are JSON.",
    "429": "Too often; `Retry-After` says how many seconds to wait.",
    "500": "Our mistake.",
}
ON_WRITES = {
    "409": "As things stand, a rule says no.",
    "413": "The body is too long.",
    "415": "The body is not JSON.",
}
CHANGED = {"412": "Changed since the version that `If-Match` names."}
REUSED = {"422": "The `Idempotency-Key` was used for something else."}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "hopin_backstage.rest.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Bearer")  # noqa: S106


class ApiSchema(AutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        handler = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        errors = dict(ALWAYS)
        if self.method == "GET":
            _header(operation, "If-None-Match", "The ETag of an answer that you have: 304 if it is still so.")
            operation["responses"]["304"] = {"description": "Still as the ETag in `If-None-Match` says."}
        else:
            errors |= ON_WRITES
        if self.method == "PATCH":
            _header(operation, "If-Match", "The ETag of the version that you edit.")
            errors |= CHANGED
        if getattr(handler, "is_idempotent", False):
            _header(
                operation,
                "Idempotency-Key",
                "Of your making, e.g. a UUID. A repeat with the same key within 24 hours gets the first answer.",
                {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            )
            errors |= REUSED
        for status, meaning in errors.items():
            operation["responses"].setdefault(status, _error(meaning))
        return operation


def _header(
    operation: dict[str, Any], name: str, description: str, schema: dict[str, Any] | None = None
) -> None:
    operation.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": name,
            "required": False,
            "description": description,
            "schema": schema or {"type": "string"},
        }
    )


def _error(meaning: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """After everything else: the Error schema, and request bodies that take no unknown fields."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = ERROR
    for path in result["paths"].values():
        for method in METHODS & path.keys():
            content = path[method].get("requestBody", {}).get("content", {})
            for body in content.values():
                _close(body["schema"], schemas)
    return result


def _close(schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """What it refers to takes no unknown fields, down to the objects in its lists."""
    named = schemas.get(schema.get("$ref", "").rpartition("/")[2])
    if named is not None and "properties" in named:
        named["additionalProperties"] = False
        for field in named["properties"].values():
            _close(field.get("items", field), schemas)
