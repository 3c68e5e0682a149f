"""Declarations against onnx's own schemas: every operator of every opset, types and defaults of attributes."""

from __future__ import annotations

from pathlib import Path

import pytest
from onnx import defs, helper

from inception_calc.onnx_graph.control import WALKS
from inception_calc.onnx_ops.register import declared, find

SCHEMAS = [schema for schema in defs.get_all_schemas_with_history() if schema.domain or schema.name not in WALKS]
MISSPELT = {("GRU", "direction", "foward")}
"""onnx's mistakes."""
EARLY_CONSTANT = {("Constant", "value")}
"""Required in the first opsets; the rule says so itself."""


def test_every_operator_of_every_opset_is_declared():
    assert len(SCHEMAS) > 600
    missing = [(s.domain, s.name, s.since_version) for s in SCHEMAS if find(s.domain, s.name, s.since_version) is None]
    assert missing == []


def test_no_operator_is_declared_here_and_there():
    """What is found among the common families is never looked for among the rare ones."""
    from inception_calc.onnx_ops import register

    assert not register._common().keys() & register._rare().keys()
    modules = {path.stem for path in Path(register.__file__).parent.glob("*.py") if "KINDS" in path.read_text()}
    assert modules - {"register"} == {family.__name__.rpartition(".")[2] for family in register.FAMILIES} | {
        *register.RARE
    }


def test_attributes_have_the_types_and_defaults_of_the_schemas():
    every: dict[tuple[str, str], set[str]] = {}
    for schema in SCHEMAS:
        every.setdefault((schema.domain, schema.name), set()).update(schema.attributes)
    for schema in SCHEMAS:
        kind = find(schema.domain, schema.name, schema.since_version)
        assert kind is not None
        assert set(kind.settings) <= every[schema.domain, schema.name], schema.name
        for name, setting in kind.settings.items():
            attribute = schema.attributes.get(name)
            if attribute is None:
                continue
            place = (schema.name, schema.since_version, name)
            assert int(attribute.type.value) == setting.kind, place
            if attribute.required:
                assert setting.required or (schema.name, name) in EARLY_CONSTANT, place
            if attribute.default_value.type:
                default = helper.get_attribute_value(attribute.default_value)
                default = default.decode() if isinstance(default, bytes) else default
                default = tuple(default) if isinstance(default, list) else default
                assert default == setting.default or (schema.name, name, default) in MISSPELT, place


def test_unknown_operators_and_later_opsets():
    assert find("", "Gelu", 19) is None
    assert find("", "Gelu", 20) is not None
    assert find("com.acme", "Relu", 1) is None
    assert find("ai.onnx", "Relu", 99) is find("", "Relu", 14)


def test_roles_and_slots_are_those_of_the_schemas():
    """A slot with a role exists, and is called what the role says."""
    words = {"weights": ("W", "w", "R", "A", "B", "b", "a", "P", "weight", "Inputs"), "biases": ("B", "C", "bias")}
    for schema in SCHEMAS:
        kind = find(schema.domain, schema.name, schema.since_version)
        assert kind is not None
        for slot, role in kind.roles.items():
            if slot < len(schema.inputs) and role in words:
                assert schema.inputs[slot].name in words[role], (schema.name, slot, schema.inputs[slot].name)


@pytest.mark.parametrize("kind", declared(), ids=lambda kind: f"{kind.domain}:{kind.name}:{kind.since}")
def test_declarations_are_plain(kind):
    assert kind.since >= 1
    assert all(
        role in {"weights", "biases", "affine", "buffers", "embeddings", "other"} for role in kind.roles.values()
    )
