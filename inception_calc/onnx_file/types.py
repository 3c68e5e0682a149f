"""What a file says about types: dense and sparse tensors, sequences, maps, optional values."""

from __future__ import annotations

from inception_calc.onnx_file.messages import (
    Dimension,
    MapType,
    OpaqueType,
    OptionalType,
    SequenceType,
    TensorType,
    Type,
    ValueInfo,
)
from inception_calc.onnx_file.tensors import MOST_DIMS, integer, span, text
from inception_calc.onnx_file.wire import Source
from inception_calc.problems import Fault

DEEPEST_TYPE = 20


FREE = -1
"""What some exporters write for a free size."""


def read_value_info(source: Source, start: int, end: int) -> ValueInfo:
    """ValueInfoProto."""
    name, kind = "", None
    for number, value, mark in source.fields(start, end, "a value"):
        if number == 1:
            name = text(source, value, mark, "name of a value")
        elif number == 2:
            kind = read_type(source, *span(value, mark, "type of a value"))
    for axis, size in enumerate(kind.shape or () if isinstance(kind, TensorType) else ()):
        if isinstance(size, int) and size < FREE:
            what = f"axis {axis} of '{name}' has {size} elements"
            raise Fault("wrong-size", what, fix="export the model again; a free size is -1, ? or a name")
    return ValueInfo(name, kind)


def read_type(source: Source, start: int, end: int, depth: int = 0) -> Type:
    """TypeProto; None where the file leaves the type open."""
    if depth > DEEPEST_TYPE:
        raise Fault("too-deep", f"the type at byte {start:,} lies in {depth} others, {DEEPEST_TYPE} are the most")
    kind: Type = None
    for number, value, mark in source.fields(start, end, "a type"):
        if number in {1, 4, 5, 7, 8, 9}:
            first, last = span(value, mark, "a type")
            if number in {1, 8}:
                kind = _tensor_type(source, first, last, number == 8)
            elif number == 5:
                kind = _map_type(source, first, last, depth)
            elif number == 7:
                kind = _opaque_type(source, first, last)
            else:
                element = _element(source, first, last, depth)
                kind = SequenceType(element) if number == 4 else OptionalType(element)
    return kind


def _tensor_type(source: Source, start: int, end: int, sparse: bool) -> TensorType:
    data_type, shape = 0, None
    for number, value, mark in source.fields(start, end, "a tensor type"):
        if number == 1:
            data_type = integer(value, mark, "elem_type")
        elif number == 2:
            shape = _shape(source, *span(value, mark, "shape of a tensor type"))
    return TensorType(data_type, shape, sparse)


def _shape(source: Source, start: int, end: int) -> tuple[Dimension, ...]:
    dims: list[Dimension] = []
    for number, value, mark in source.fields(start, end, "a shape"):
        if number == 1:
            dims.append(_dimension(source, *span(value, mark, "a dimension")))
            if len(dims) > MOST_DIMS:
                raise Fault("too-large", f"the shape at byte {start:,} has more than {MOST_DIMS} axes")
    return tuple(dims)


def _dimension(source: Source, start: int, end: int) -> Dimension:
    dimension: Dimension = None
    for number, value, mark in source.fields(start, end, "a dimension"):
        if number == 1:
            dimension = integer(value, mark, "dim_value")
        elif number == 2:
            dimension = text(source, value, mark, "dim_param")
    return dimension


def _element(source: Source, start: int, end: int, depth: int) -> Type:
    element: Type = None
    for number, value, mark in source.fields(start, end, "a type of elements"):
        if number == 1:
            element = read_type(source, *span(value, mark, "a type of elements"), depth + 1)
    return element


def _map_type(source: Source, start: int, end: int, depth: int) -> MapType:
    key, content = 0, None
    for number, value, mark in source.fields(start, end, "a map type"):
        if number == 1:
            key = integer(value, mark, "key_type")
        elif number == 2:
            content = read_type(source, *span(value, mark, "value_type"), depth + 1)
    return MapType(key, content)


def _opaque_type(source: Source, start: int, end: int) -> OpaqueType:
    names = {1: "", 2: ""}
    for number, value, mark in source.fields(start, end, "an opaque type"):
        if number in names:
            names[number] = text(source, value, mark, "name of an opaque type")
    return OpaqueType(names[1], names[2])
