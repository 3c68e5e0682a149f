"""What the onnx package reads of a file, brought into the reader's own messages: the judge of the reader."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from inception_calc.onnx_file.messages import (
    Attribute,
    Function,
    Graph,
    MapType,
    Model,
    Node,
    OpaqueType,
    OptionalType,
    SequenceType,
    SparseTensor,
    Tensor,
    TensorType,
    Type,
    ValueInfo,
)

INTEGERS = {2, 3, 4, 5, 6, 7, 9, 12, 13}
FLOATS = {1, 10, 11, 16}


def model(m: Any) -> Model:
    return Model(
        m.ir_version,
        m.producer_name,
        m.producer_version,
        opsets(m.opset_import),
        graph(m.graph),
        tuple(map(function, m.functions)),
        metadata(m.metadata_props),
    )


def opsets(imports: Any) -> tuple[tuple[str, int], ...]:
    return tuple((one.domain, one.version) for one in imports)


def metadata(pairs: Any) -> tuple[tuple[str, str], ...]:
    return tuple((p.key, p.value[:4096]) for p in pairs if not p.key.endswith("stack_trace"))


def graph(g: Any) -> Graph:
    return Graph(
        g.name,
        tuple(map(node, g.node)),
        tuple(map(value_info, g.input)),
        tuple(map(value_info, g.output)),
        tuple(map(tensor, g.initializer)),
        tuple(map(sparse, g.sparse_initializer)),
        tuple(map(value_info, g.value_info)),
        metadata(g.metadata_props),
    )


def function(f: Any) -> Function:
    return Function(
        f.name,
        f.domain,
        f.overload,
        tuple(f.input),
        tuple(f.output),
        tuple(f.attribute),
        tuple(map(attribute, f.attribute_proto)),
        tuple(map(node, f.node)),
        opsets(f.opset_import),
        tuple(map(value_info, f.value_info)),
        metadata(f.metadata_props),
    )


def node(n: Any) -> Node:
    return Node(
        n.op_type,
        n.domain,
        n.name,
        tuple(n.input),
        tuple(n.output),
        tuple(map(attribute, n.attribute)),
        n.overload,
        metadata(n.metadata_props),
    )


def attribute(a: Any) -> Attribute:  # noqa: PLR0911
    def many(values: Any, make: Any, most: int = 4096) -> Attribute:
        made = tuple(map(make, values)) if len(values) <= most else None
        largest = max(values) if make is int and values else None
        return Attribute(a.name, a.type, made, len(values), a.ref_attr_name, largest)

    def one(value: Any) -> Attribute:
        return Attribute(a.name, a.type, value, 1, a.ref_attr_name)

    present = a.HasField
    match a.type:
        case 1:
            return one(a.f)
        case 2:
            return one(a.i)
        case 3:
            return one(text(a.s))
        case 4:
            return one(tensor(a.t) if present("t") else None)
        case 5:
            return one(graph(a.g) if present("g") else None)
        case 6:
            return many(a.floats, float, 16)
        case 7:
            return many(a.ints, int)
        case 8:
            return many(a.strings, text)
        case 9:
            return many(a.tensors, tensor)
        case 10:
            return many(a.graphs, graph)
        case 11:
            return one(sparse(a.sparse_tensor) if present("sparse_tensor") else None)
        case 12:
            return many(a.sparse_tensors, sparse)
        case 13:
            return one(kind(a.tp) if present("tp") else None)
        case _:
            return many(a.type_protos, kind)


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def tensor(t: Any) -> Tensor:
    external = next((p.value for p in t.external_data if p.key == "location"), "")
    if t.data_location == onnx.TensorProto.EXTERNAL:
        return Tensor(t.name, tuple(t.dims), t.data_type, None, external)
    values = None
    filled = any(
        len(getattr(t, name))
        for name in ("float_data", "int32_data", "int64_data", "raw_data", "double_data", "uint64_data")
    )
    elements = prod(t.dims)
    if (
        (filled or not elements)
        and elements <= (4096 if t.data_type in INTEGERS else 16)
        and t.data_type in INTEGERS | FLOATS
    ):
        array = numpy_helper.to_array(t)
        values = tuple((array.astype(np.float64) if t.data_type in FLOATS else array.astype(object)).ravel().tolist())
        values = tuple(int(value) for value in values) if t.data_type in INTEGERS else values
    return Tensor(t.name, tuple(t.dims), t.data_type, values)


def sparse(s: Any) -> SparseTensor:
    return SparseTensor(tensor(s.values), tensor(s.indices) if s.HasField("indices") else None, tuple(s.dims))


def value_info(v: Any) -> ValueInfo:
    return ValueInfo(v.name, kind(v.type))


def kind(t: Any) -> Type:
    which = t.WhichOneof("value")
    if which in {"tensor_type", "sparse_tensor_type"}:
        content = getattr(t, which)
        shape = None
        if content.HasField("shape"):
            shape = tuple(getattr(d, w) if (w := d.WhichOneof("value")) else None for d in content.shape.dim)
        return TensorType(content.elem_type, shape, which == "sparse_tensor_type")
    if which == "sequence_type":
        return SequenceType(kind(t.sequence_type.elem_type))
    if which == "optional_type":
        return OptionalType(kind(t.optional_type.elem_type))
    if which == "map_type":
        return MapType(t.map_type.key_type, kind(t.map_type.value_type))
    if which == "opaque_type":
        return OpaqueType(t.opaque_type.domain, t.opaque_type.name)
    return None
