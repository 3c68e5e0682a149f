"""Nodes, their attributes and the graphs inside these: the messages that hold each other."""

from __future__ import annotations

import struct
from typing import Any

from inception_calc.onnx_file.messages import Attribute, AttributeType, Graph, Node, SparseTensor, Tensor, ValueInfo
from inception_calc.onnx_file.tensors import floats, integer, numbers, read_pair, read_sparse, read_tensor, span, text
from inception_calc.onnx_file.types import read_type, read_value_info
from inception_calc.onnx_file.wire import FIXED32, LONGEST_NAME, Field, Source
from inception_calc.problems import Fault

DEEPEST_GRAPH = 64
MOST_NODES = 300_000
MOST_IN_LIST = 4096
MOST_FLOATS = 16
"""A longer list of floats is a table of weights."""
MOST_PACKED = 1_000_000
INTS = 8

KIND_OF_FIELD: dict[int, int] = {
    2: AttributeType.FLOAT,
    3: AttributeType.INT,
    4: AttributeType.STRING,
    5: AttributeType.TENSOR,
    6: AttributeType.GRAPH,
    7: AttributeType.FLOATS,
    8: AttributeType.INTS,
    9: AttributeType.STRINGS,
    10: AttributeType.TENSORS,
    11: AttributeType.GRAPHS,
    14: AttributeType.TYPE_PROTO,
    15: AttributeType.TYPE_PROTOS,
    22: AttributeType.SPARSE_TENSOR,
    23: AttributeType.SPARSE_TENSORS,
}
FIELD_OF_KIND = {kind: field for field, kind in KIND_OF_FIELD.items()}
LISTS = frozenset({7, 8, 9, 10, 11, 15, 23})


class Nodes:
    """Reads graphs and nodes; counts nodes and depth over the whole file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._nodes = 0
        self._depth = 0

    def graph(self, start: int, end: int) -> Graph:
        """GraphProto. Its nodes are counted before the first is read."""
        self._depth += 1
        if self._depth > DEEPEST_GRAPH:
            raise Fault("too-deep", f"the graph at byte {start:,} lies in {DEEPEST_GRAPH} others, no more are read")
        source = self.source
        fields = list(self._counted(start, end))
        name = ""
        nodes: list[Node] = []
        values: dict[int, list[ValueInfo]] = {11: [], 12: [], 13: []}
        initializers: list[Tensor] = []
        sparse: list[SparseTensor] = []
        metadata: list[tuple[str, str]] = []
        for number, value, mark in fields:
            if number == 1:
                nodes.append(self._node(value, mark, len(nodes)))
            elif number == 2:
                name = text(source, value, mark, "name of a graph")
            elif number == 5:
                initializers.append(read_tensor(source, *span(value, mark, "an initializer")))
            elif number in values:
                values[number].append(self.value_info(*span(value, mark, "a value of a graph")))
            elif number == 15:
                sparse.append(read_sparse(source, *span(value, mark, "a sparse initializer")))
            elif number == 16:
                metadata.append(read_pair(source, value, mark, "metadata of a graph"))
        self._depth -= 1
        return Graph(
            name,
            tuple(nodes),
            tuple(values[11]),
            tuple(values[12]),
            tuple(initializers),
            tuple(sparse),
            tuple(values[13]),
            tuple(metadata),
        )

    def _counted(self, start: int, end: int) -> list[Field]:
        fields = []
        for field in self.source.fields(start, end, "a graph"):
            if field[0] == 1:
                self._nodes += 1
                if self._nodes > MOST_NODES:
                    raise Fault("too-large", f"the file has more than {MOST_NODES:,} nodes", fix="split the model")
            fields.append(field)
        return fields

    def _node(self, value: int, mark: int, index: int) -> Node:
        try:
            return self.node(*span(value, mark, "a node"))
        except Fault as fault:
            if not fault.what.startswith("node "):  # a graph inside a node has said it already
                fault.what = f"node {index}: {fault.what}"
            raise

    def node(self, start: int, end: int) -> Node:
        """NodeProto."""
        source = self.source
        texts = {3: "", 4: "", 7: "", 8: ""}
        inputs: list[str] = []
        outputs: list[str] = []
        attributes: list[Attribute] = []
        metadata: list[tuple[str, str]] = []
        for number, value, mark in source.fields(start, end, "a node"):
            if number == 1:
                inputs.append(text(source, value, mark, "input of a node"))
            elif number == 2:
                outputs.append(text(source, value, mark, "output of a node"))
            elif number == 5:
                attributes.append(self.attribute(*span(value, mark, "an attribute")))
            elif number in texts:
                texts[number] = text(source, value, mark, "name of a node")
            elif number == 9:
                pair = read_pair(source, value, mark, "metadata of a node")
                if not pair[0].endswith("stack_trace"):
                    metadata.append(pair)
        return Node(
            texts[4], texts[7], texts[3], tuple(inputs), tuple(outputs), tuple(attributes), texts[8], tuple(metadata)
        )

    def value_info(self, start: int, end: int) -> ValueInfo:
        """ValueInfoProto."""
        return read_value_info(self.source, start, end)

    def attribute(self, start: int, end: int) -> Attribute:
        """AttributeProto; files of the first version leave its kind to the field that is there."""
        source = self.source
        name, kind, reference = "", 0, ""
        largest: int | None = None
        found: dict[int, list[Any]] = {}
        count: dict[int, int] = {}
        for number, value, mark in source.fields(start, end, "an attribute"):
            if number in KIND_OF_FIELD:
                kept = found.setdefault(number, [])
                values = self._values(number, value, mark)
                size = (mark - value) // 4 if number == 7 and mark >= 0 else len(values)
                if number == INTS and values:
                    largest = max(values) if largest is None else max(largest, *values)
                count[number] = count.get(number, 0) + size
                if count[number] <= (MOST_FLOATS if number == 7 else MOST_IN_LIST):
                    kept += values
            elif number == 1:
                name = text(source, value, mark, "name of an attribute")
            elif number == 20:
                kind = integer(value, mark, "type of an attribute")
            elif number == 21:
                reference = text(source, value, mark, "ref_attr_name")
        if kind == AttributeType.UNDEFINED and len(found) == 1:
            kind = KIND_OF_FIELD[next(iter(found))]
        field = FIELD_OF_KIND.get(kind, 0)
        values, size = found.get(field, []), count.get(field, 0)
        if field in LISTS:
            whole = tuple(values) if len(values) == size else None
            return Attribute(name, kind, whole, size, reference, largest if field == INTS else None)
        return Attribute(name, kind, values[-1] if values else _absent(field), 1, reference)

    def _values(self, number: int, value: int, mark: int) -> list[Any]:
        """The values in one field of an attribute; no floats of a list that is too long to be of use."""
        source = self.source
        match number:
            case 2:
                if mark != FIXED32:
                    raise Fault("damaged", "f of an attribute: it is no float")
                return [struct.unpack("<f", value.to_bytes(4, "little"))[0]]
            case 3:
                return [integer(value, mark, "i of an attribute")]
            case 4 | 9:
                start, end = span(value, mark, "s of an attribute")
                return [source.text(start, end, "s of an attribute") if end - start <= LONGEST_NAME else None]
            case 5 | 10:
                return [read_tensor(source, *span(value, mark, "t of an attribute"))]
            case 6 | 11:
                return [self.graph(*span(value, mark, "g of an attribute"))]
            case 7:
                if mark >= 0 and mark - value > 4 * MOST_FLOATS:
                    return []
                return floats(source, value, mark, False, "floats of an attribute", MOST_FLOATS)
            case 8:
                return numbers(source, value, mark, "ints of an attribute", MOST_PACKED)
            case 14 | 15:
                return [read_type(source, *span(value, mark, "tp of an attribute"))]
            case _:
                return [read_sparse(source, *span(value, mark, "sparse_tensor of an attribute"))]


def _absent(field: int) -> object:
    """What a field that is not written stands for: writers leave out zeros and empty texts."""
    return {2: 0.0, 3: 0, 4: ""}.get(field)
