"""What an ONNX file says, as frozen values: the messages of onnx.proto, less what no count needs.

Texts of documentation, stack traces and the payload of weights are left out. A dimension is an int, a name, or None
where the file says nothing. Lists that are too long to be of use to shape arithmetic are not kept: their value is
None and `length` says how many there were.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeAlias


class DataType(IntEnum):
    """The element types of tensors, by their numbers in the file."""

    UNDEFINED = 0
    FLOAT = 1
    UINT8 = 2
    INT8 = 3
    UINT16 = 4
    INT16 = 5
    INT32 = 6
    INT64 = 7
    STRING = 8
    BOOL = 9
    FLOAT16 = 10
    DOUBLE = 11
    UINT32 = 12
    UINT64 = 13
    COMPLEX64 = 14
    COMPLEX128 = 15
    BFLOAT16 = 16


class AttributeType(IntEnum):
    """The kinds of attributes, by their numbers in the file."""

    UNDEFINED = 0
    FLOAT = 1
    INT = 2
    STRING = 3
    TENSOR = 4
    GRAPH = 5
    FLOATS = 6
    INTS = 7
    STRINGS = 8
    TENSORS = 9
    GRAPHS = 10
    SPARSE_TENSOR = 11
    SPARSE_TENSORS = 12
    TYPE_PROTO = 13
    TYPE_PROTOS = 14


Dimension: TypeAlias = int | str | None
Metadata: TypeAlias = tuple[tuple[str, str], ...]
Opsets: TypeAlias = tuple[tuple[str, int], ...]
"""Domain and version; the empty domain is ONNX's own."""


class Tensor(NamedTuple):
    """A constant; `values` only of small ones, in row-major order (strings and odd types: never)."""

    name: str
    dims: tuple[int, ...]
    data_type: int
    values: tuple[int, ...] | tuple[float, ...] | None = None
    external: str | None = None
    """The file that holds the payload, as written; it is never opened."""


class SparseTensor(NamedTuple):
    """A constant of which only the elements that are not zero are stored."""

    values: Tensor
    indices: Tensor | None
    dims: tuple[int, ...]


class TensorType(NamedTuple):
    """A tensor, dense or sparse; no `shape`: not even the rank is known."""

    data_type: int
    shape: tuple[Dimension, ...] | None
    sparse: bool = False


class SequenceType(NamedTuple):
    """A list of values of one type."""

    element: Type


class OptionalType(NamedTuple):
    """A value that may be absent."""

    element: Type


class MapType(NamedTuple):
    """A dictionary."""

    key: int
    value: Type


class OpaqueType(NamedTuple):
    """A type that only its domain knows."""

    domain: str
    name: str


Type: TypeAlias = TensorType | SequenceType | OptionalType | MapType | OpaqueType | None


class ValueInfo(NamedTuple):
    """A name and its type."""

    name: str
    type: Type


class Attribute(NamedTuple):
    """A setting of a node; `reference` names the function's attribute that gives the value."""

    name: str
    kind: int
    value: object
    """int, float, str, Tensor, Graph, Type, SparseTensor, a tuple of one of them, or None where it is not kept."""
    length: int = 1
    """How many values a list has in the file."""
    reference: str = ""
    largest: int | None = None
    """The largest of a list of integers, kept or not."""


class Node(NamedTuple):
    """One operation. An empty input or output name is an optional one that is left out."""

    op_type: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    overload: str
    metadata: Metadata


class Graph(NamedTuple):
    """Nodes in the file's order, with the values that come from outside."""

    name: str
    nodes: tuple[Node, ...]
    inputs: tuple[ValueInfo, ...]
    outputs: tuple[ValueInfo, ...]
    initializers: tuple[Tensor, ...]
    sparse_initializers: tuple[SparseTensor, ...]
    value_info: tuple[ValueInfo, ...]
    metadata: Metadata


class Function(NamedTuple):
    """An operator that the file defines by nodes."""

    name: str
    domain: str
    overload: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[str, ...]
    """Attributes without a default."""
    defaults: tuple[Attribute, ...]
    nodes: tuple[Node, ...]
    opsets: Opsets
    value_info: tuple[ValueInfo, ...]
    metadata: Metadata


class Model(NamedTuple):
    """A whole file."""

    ir_version: int
    producer: str
    producer_version: str
    opsets: Opsets
    graph: Graph
    functions: tuple[Function, ...]
    metadata: Metadata
