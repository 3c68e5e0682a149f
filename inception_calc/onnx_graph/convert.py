"""Messages of a file as values to walk with: constants, types of inputs, settings of nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inception_calc.dims import Dim
from inception_calc.onnx_file.messages import (
    Attribute,
    Dimension,
    MapType,
    OptionalType,
    SequenceType,
    SparseTensor,
    TensorType,
    Type,
)
from inception_calc.onnx_file.messages import Tensor as Constant
from inception_calc.onnx_ops.arithmetic import exact
from inception_calc.onnx_ops.kind import Kind, Long, Setting
from inception_calc.onnx_ops.value import BOOL, Map, Optional, Sequence, Tensor, Unknown, Value
from inception_calc.problems import Fault

KIND_WORDS = {
    1: "a float",
    2: "an integer",
    3: "a text",
    4: "a tensor",
    5: "a graph",
    6: "a list of floats",
    7: "a list of integers",
    8: "a list of texts",
    11: "a sparse tensor",
    13: "a type",
}


def constant(tensor: Constant, origins: tuple[str, ...] = ()) -> Tensor:
    """A constant of the file; its elements as exact numbers."""
    values = tensor.values
    if values is not None:
        values = tuple(map(bool, values)) if tensor.data_type == BOOL else tuple(map(exact, values))
    return Tensor(tensor.dims, tensor.data_type, values, origins)


def sparse_constant(tensor: SparseTensor, origins: tuple[str, ...] = ()) -> Tensor:
    """A sparse constant, as if it were written out."""
    return Tensor(tensor.dims, tensor.values.data_type, None, origins)


def typed(kind: Type, size: Callable[[int, Dimension], Dim]) -> Value:
    """A value of which only the type is known; `size` says what a dimension at an axis is."""
    match kind:
        case TensorType(data_type, shape):
            if shape is None:
                return Unknown()
            return Tensor(tuple(size(axis, dimension) for axis, dimension in enumerate(shape)), data_type)
        case SequenceType(element):
            return Sequence(None, typed(element, size))
        case OptionalType(element):
            return Optional(typed(element, size))
        case MapType():
            return Map()
    return Unknown()


def settings_of(kind: Kind, attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    """The settings that an operator declares, from the attributes of a node: types checked, defaults filled in."""
    return {name: _setting(name, setting, attributes.get(name)) for name, setting in kind.settings.items()}


def _setting(name: str, setting: Setting, attribute: Attribute | None) -> Any:
    if attribute is None:
        if setting.required:
            raise Fault("missing-key", f"the attribute '{name}' is missing", fix="export the model again")
        return setting.default
    if attribute.kind != setting.kind:
        wanted = KIND_WORDS[setting.kind]
        have = KIND_WORDS.get(attribute.kind, f"of kind {attribute.kind}")
        raise Fault("wrong-type", f"the attribute '{name}' must be {wanted}, not {have}", fix="export the model again")
    value = attribute.value
    if isinstance(value, Constant):
        return constant(value)
    if isinstance(value, SparseTensor):
        return sparse_constant(value)
    if value is None and setting.kind in {6, 7, 8}:
        return Long(attribute.length, attribute.largest)
    if value is None:
        raise Fault("wrong-type", f"the attribute '{name}' has no value", fix="export the model again")
    return value
