"""The JSON Schema of specs, for completion and checks in editors.

A step is a chain of `if: required [key]` / `then: model`, written from the register of operators: a misspelt
setting gives one complaint at its place, and an editor completes the settings of that operator. (The `oneOf`
that pydantic would generate gives a complaint for every operator there is.)
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from inception_calc.ops.data_types import BITS, DTYPE
from inception_calc.ops.register import BODIES, FROZEN, REGISTER, SETTINGS, TRAINED, operator
from inception_calc.ops.step import BRANCH_SCHEMA
from inception_calc.spec.models import Claim, PrintedNumber, Reason, Source, Spec

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LIKE_WINDOW = r"^[0-9]+x[0-9]+(/.*)?$"
TEXT = {"type": ["string", "number"]}
COUNT = {"type": ["integer", "string"]}


def spec_schema() -> dict[str, Any]:
    """The schema of a spec file."""
    whole = object_schema(Spec)
    definitions: dict[str, Any] = {
        "Source": object_schema(Source),
        "Reason": object_schema(Reason),
        "Claim": object_schema(Claim),
        "Printed": {"anyOf": [{"type": ["string", "number"]}, object_schema(PrintedNumber)]},
        "Defaults": _defaults(),
        "Step": _step(),
        "Row": _ref("Step"),
        "Head": {"allOf": [_ref("Step")], "required": ["after"]},
        "Block": _block(),
        "Patch": _patch(whole),
    }
    for key in REGISTER:
        definitions[key] = _operator(key)
    return {
        "$schema": DRAFT,
        "title": "inception-calc spec",
        "description": "A neural-network architecture as a layer table.",
        **whole,
        "$defs": definitions,
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def object_schema(model: type[BaseModel]) -> dict[str, Any]:
    """One model's schema without pydantic's titles; its references point at our definitions."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    schema.pop("$defs", None)
    tidy: dict[str, Any] = _tidy(schema)
    return tidy


def _tidy(value: Any) -> Any:
    """Without titles and defaults: scalars of a spec are texts, a default's JSON form would mislead.

    `{"definition": NAME}` becomes a reference here, because pydantic would look its own definitions up.
    """
    if isinstance(value, dict) and isinstance(value.get("definition"), str):  # pydantic may put a title beside it
        return _ref(value["definition"])
    if isinstance(value, dict):
        return {
            key: {name: _tidy(item) for name, item in part.items()} if key == "properties" else _tidy(part)
            for key, part in value.items()
            if key not in ("title", "default")
        }
    return [_tidy(item) for item in value] if isinstance(value, list) else value


COMMON_KEYS: dict[str, Any] = {
    "then": BRANCH_SCHEMA,
    "repeat": COUNT,
    "frozen": {"type": "boolean"},
    DTYPE: {"enum": list(BITS)},
    "when": COUNT,
    "shared": {"type": "boolean"},
    "weights of": TEXT,
    "printed": {"type": "array", "items": TEXT},
    "label": TEXT,
    "patch": TEXT,
    "after": TEXT,
    "before": TEXT,
    "loss weight": TEXT,
}
"""Keys beside any operator. Those of rows and heads are not told apart here; the program does that."""


def _step() -> dict[str, Any]:
    """A step: for each operator, if its key is there then its model. Bare words are operators or blocks."""
    chain: list[dict[str, Any]] = []
    for key in REGISTER:
        condition: dict[str, Any] = {"required": [key]}
        if key == "batch norm":  # beside another operator it is a setting
            condition["not"] = {"anyOf": [{"required": [other]} for other in REGISTER if other != key]}
        chain.append({"if": condition, "then": _ref(key)})
    no_operator = {"not": {"anyOf": [{"required": [key]} for key in REGISTER]}}
    chain.append({"if": no_operator, "then": _call()})
    return {"type": ["object", "string"], "if": {"type": "object"}, "then": {"allOf": chain}, "else": {"minLength": 1}}


def _operator(key: str) -> dict[str, Any]:
    """One operator with the keys that may stand beside it."""
    schema = object_schema(operator(key))
    return {
        "description": (operator(key).__doc__ or "").strip(),
        "properties": {**schema["properties"], **_tidy(COMMON_KEYS)},
        "required": [name for name in schema.get("required", ()) if name != key],
        "additionalProperties": False,
    }


def _call() -> dict[str, Any]:
    """A block's call: one more key, whose value is no window and beside which no operator's settings stand."""
    argument = {
        "anyOf": [
            {"type": ["integer", "null"]},
            {"type": "string", "not": {"pattern": LIKE_WINDOW}},
            {"type": "array"},
            {"type": "object"},
        ]
    }
    return {
        "properties": _tidy(COMMON_KEYS),
        "additionalProperties": argument,
        "propertyNames": {"not": {"enum": sorted(SETTINGS - {"batch norm"})}},
        "minProperties": 1,
    }


def _defaults() -> dict[str, Any]:
    properties = {}
    for key in REGISTER:
        model = operator(key)
        schema = object_schema(model)["properties"]
        allowed = {
            field.alias: schema[field.alias]
            for name, field in model.model_fields.items()
            if field.alias and name != "argument" and name not in model.not_defaultable
        }
        if key in TRAINED:
            allowed[FROZEN] = {"type": "boolean"}
        if allowed:
            allowed[DTYPE] = {"enum": list(BITS)}
            properties[key] = {"type": "object", "properties": allowed, "additionalProperties": False}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _block() -> dict[str, Any]:
    head = {
        "label": TEXT,
        "patch": TEXT,
        "columns": {"type": "array", "items": TEXT, "uniqueItems": True},
        "defaults": _ref("Defaults"),
        "shared": {"type": "boolean"},
        "frozen": {"type": "boolean"},
        "like": {"type": "string"},
    }
    settings: dict[str, Any] = {}
    for key in BODIES:
        settings |= object_schema(operator(key))["properties"]
    one_body = [{"required": [key]} for key in (*BODIES, "like")]
    return {"type": "object", "properties": {**head, **settings}, "additionalProperties": False, "anyOf": one_body}


def _patch(whole: dict[str, Any]) -> dict[str, Any]:
    """A variant: the keys of a spec, its rows and blocks loose, because a patch need not be whole."""
    properties = {
        key: value for key, value in whole["properties"].items() if key not in ("name", "source", "use", "variants")
    }
    loose = {"type": "object", "additionalProperties": {"type": ["object", "string", "array", "integer", "null"]}}
    properties |= dict.fromkeys(("rows", "heads", "blocks", "defaults"), loose)
    properties["combine"] = {"type": "array", "items": TEXT}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}
