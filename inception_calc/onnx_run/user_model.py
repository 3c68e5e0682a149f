"""A user's own ONNX file, in memory: every node under a name of ours, so that whatever a profile shows can be traced.

The file is read by the onnx package and never written; what lies beside it stays where it is. Needs onnx.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Key = tuple[tuple[str, ...], int]
"""The graph that holds a node (the way through functions, branches and loops) and its place there, as in a `Step`."""

MARK = re.compile(r"#node (\d+)#")
"""The name of a node in the copy. A runtime puts words before and after it: `_inlfunc_f_#node 7#`."""
MOVED = frozenset({"Reshape", "Transpose", "Cast", "Identity", "Squeeze", "Unsqueeze", "Flatten", "DequantizeLinear"})
"""Operators behind which the first input still is what it was, as many numbers as before."""
CUT = ""
"""Made of constants, but not one of them as it stands in the file."""


@dataclass(slots=True)
class CopiedNode:
    """A node of the copy."""

    op_type: str
    domain: str
    own_name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constants: tuple[str | None, ...]
    """Its inputs: the name of a constant, `CUT`, or None for what depends on data."""
    attributes: Mapping[str, Any]
    in_function: bool


@dataclass(slots=True)
class UserModel:
    """The copy."""

    proto: Any
    folder: Path
    nodes: list[CopiedNode] = field(default_factory=list)
    marks: dict[Key, int] = field(default_factory=dict)
    """Which node of the copy is which node of a walk."""
    filled: set[str] = field(default_factory=set)
    """The constants that ConstantOfShape makes."""


class _Place(NamedTuple):
    path: tuple[str, ...]
    scope: str
    """What names of constants stand under."""
    constants: dict[str, str]
    in_function: bool = False


def read_user_model(path: Path) -> UserModel:
    """The model in a file that our own reader has accepted; data beside it are not read."""
    import onnx

    model = UserModel(onnx.load(path, load_external_data=False), path.absolute().parent)
    _Marker(model).mark()
    return model


class _Marker:
    """Names all nodes, and remembers what they were called and which of their inputs are constants."""

    def __init__(self, model: UserModel) -> None:
        self.model = model
        self.functions = {(_own(one.domain), one.name, one.overload): one for one in model.proto.functions}

    def mark(self) -> None:
        """All nodes of the model, those of functions at each call."""
        self._graph(self.model.proto.graph, _Place((), "", {}))

    def _graph(self, graph: Any, place: _Place) -> None:
        for tensor in graph.initializer:
            place.constants[tensor.name] = place.scope + tensor.name
        self._nodes(graph.node, place)

    def _nodes(self, nodes: Any, place: _Place) -> None:
        for number, node in enumerate(nodes):
            copied = self._copied(node, number, place)
            self.model.marks[place.path, number] = copied
            own = self.model.nodes[copied].own_name
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    part = own if attribute.name == "body" else f"{own}/{attribute.name}"
                    inner = _Place((*place.path, part), f"{place.scope}{own}/{attribute.name}/", {**place.constants})
                    self._graph(attribute.g, inner._replace(in_function=place.in_function))
            function = self.functions.get((_own(node.domain), node.op_type, node.overload))
            if function is not None:
                scope = f"{function.domain}::{function.name}/"
                self._nodes(function.node, _Place((*place.path, own), scope, {}, in_function=True))

    def _copied(self, node: Any, number: int, place: _Place) -> int:
        """The number of a node in the copy, which becomes its name; a function's nodes are met at each call."""
        import onnx

        found = MARK.fullmatch(node.name)
        if found and int(found[1]) < len(self.model.nodes):
            return int(found[1])
        nodes = self.model.nodes
        constants = tuple(place.constants.get(name) for name in node.input)
        attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute if _is_plain(one)}
        own = node.name or f"{node.op_type}_{number}"
        inputs, outputs = tuple(node.input), tuple(node.output)
        is_inside = place.in_function
        nodes.append(CopiedNode(node.op_type, node.domain, own, inputs, outputs, constants, attributes, is_inside))
        node.name = f"#node {len(nodes) - 1}#"
        self._follow(node, constants, place)
        return len(nodes) - 1

    def _follow(self, node: Any, constants: tuple[str | None, ...], place: _Place) -> None:
        """Which outputs of a node are constants too."""
        given = [constant for constant, name in zip(constants, node.input, strict=True) if name]
        if node.op_type == "Constant" or (node.op_type == "ConstantOfShape" and given and given[0] is not None):
            name = place.constants[node.output[0]] = place.scope + node.output[0]
            self.model.filled |= {name} if given else set()
        elif node.op_type in MOVED and given and given[0]:
            place.constants[node.output[0]] = given[0]
        elif given and None not in given:
            place.constants.update(dict.fromkeys(filter(None, node.output), CUT))


def is_function(op_type: str, domain: str) -> bool:
    """Whether ONNX defines an operator by others, which run where a runtime has no kernel for it."""
    import onnx

    if not onnx.defs.has(op_type, domain):
        return False
    schema = onnx.defs.get_schema(op_type, domain=domain)
    return bool(schema.has_function or schema.has_context_dependent_function)


def _is_plain(attribute: Any) -> bool:
    """Whether an attribute is a number, a text, or a list of them, and no reference to a function's own."""
    import onnx

    kinds = onnx.AttributeProto
    plain = (kinds.INT, kinds.FLOAT, kinds.STRING, kinds.INTS, kinds.FLOATS)
    return attribute.type in plain and not attribute.ref_attr_name


def _own(domain: str) -> str:
    return "" if domain == "ai.onnx" else domain
