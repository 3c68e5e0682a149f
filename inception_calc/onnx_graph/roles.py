"""Params at their origin: each constant of the file is counted once, in the role in which it is first used.

A constant is followed through the operators whose output still consists of it (Reshape, Transpose, Cast, Slice,
Concat, DequantizeLinear, ...), so per-use copies of a shared weight count once.
"""

from __future__ import annotations

from math import prod

from inception_calc.onnx_file.messages import Node
from inception_calc.onnx_file.messages import Tensor as Constant
from inception_calc.onnx_graph.model import Origin
from inception_calc.onnx_ops.kind import EVERY, Call, Kind, length
from inception_calc.onnx_ops.value import FLOAT, Outputs, Tensor, Value

SOURCES = frozenset({"Constant", "ConstantOfShape"})
SUMS = frozenset({"MatMul", "MatMulInteger", "Conv", "ConvInteger", "Gemm", "Einsum", "FusedMatMul", "ConvTranspose"})
"""What a constant that is added behind is a bias of."""
SCALES = frozenset({"Mul", "Div"})
FLOATS = frozenset({1, 10, 11, 16})


class Origins:
    """All constants that a walk has met."""

    def __init__(self) -> None:
        self.table: dict[str, Origin] = {}
        self._maker: dict[str, str] = {}

    def add(self, name: str, tensor: Constant) -> tuple[str, ...]:
        """A constant of the file."""
        self.table.setdefault(name, Origin(name, prod(tensor.dims), tensor.data_type, dims=tensor.dims))
        return (name,)

    def carried(self, kind: Kind, node: Node, inputs: Outputs, outputs: Outputs, scope: str) -> Outputs:
        """The outputs of a node with the constants that they consist of."""
        for name in node.outputs:
            self._maker[scope + name] = kind.name
        if kind.name in SOURCES and node.outputs and isinstance(outputs[0], Tensor):
            return (self._made(kind, node, inputs, outputs[0], scope), *outputs[1:])
        slots = range(len(inputs)) if kind.carries == EVERY else kind.carries
        origins: dict[str, None] = {}
        for slot in slots:
            value = inputs[slot] if slot < len(inputs) else None
            if not isinstance(value, Tensor) or not value.origins:
                origins = {}
                break
            origins |= dict.fromkeys(value.origins)
        own = tuple(origins)
        return tuple(
            value._replace(origins=own) if isinstance(value, Tensor) and value.origins != own else value
            for value in outputs
        )

    def _made(self, kind: Kind, node: Node, inputs: Outputs, value: Tensor, scope: str) -> Value:
        """A constant that a node makes; of ConstantOfShape only where its shape is a constant too."""
        computed = kind.name == "ConstantOfShape"
        if computed and not any(isinstance(given, Tensor) and given.origins for given in inputs[:1]):
            return value._replace(origins=())
        name = scope + node.outputs[0]
        self.table.setdefault(name, Origin(name, value.elements, value.data_type, dims=value.shape, computed=computed))
        return value._replace(origins=(name,))

    def use(self, kind: Kind, call: Call, node: Node, inputs: Outputs, scope: str) -> None:
        """Gives constants the role of the slot in which they are used, unless they have one."""
        for slot, role in kind.roles.items():
            self._give(inputs[slot] if slot < len(inputs) else None, role)
        if kind.stands_for is not None:
            for slot, elements in kind.stands_for(call).items():
                value = inputs[slot] if slot < len(inputs) else None
                if isinstance(value, Tensor) and len(value.origins) == 1:
                    self.table[value.origins[0]].elements = elements
        if len(inputs) == 2 and (kind.name == "Add" or kind.name in SCALES):
            self._joined(kind.name, node, inputs, scope)

    def hold(self, kind: Kind, call: Call, node: str) -> tuple[str, ...]:
        """The trained numbers that a node has in attributes, each list as a constant of the node."""
        names = []
        for attribute, role in kind.held.items():
            count = length(call.settings[attribute])
            if count:
                names.append(f"{attribute} of {node}")
                self.table.setdefault(names[-1], Origin(names[-1], count, FLOAT, role, (count,)))
        return tuple(names)

    def _joined(self, name: str, node: Node, inputs: Outputs, scope: str) -> None:
        """A vector added behind a product is its bias; one that scales, and one that is added then, are affine."""
        for slot, value in enumerate(inputs):
            other = inputs[1 - slot]
            if not isinstance(value, Tensor) or not value.origins or value.data_type not in FLOATS:
                continue
            if not isinstance(other, Tensor) or other.origins or sum(size != 1 for size in value.shape) != 1:
                continue
            maker = self._maker.get(scope + node.inputs[1 - slot], "")
            if name in SCALES:
                self._give(value, "other" if maker == "Cast" else "affine")  # of integers: their unit
            elif maker in SUMS:
                self._give(value, "biases")
            elif maker in SCALES:
                self._give(value, "affine")

    def _give(self, value: Value, role: str) -> None:
        if isinstance(value, Tensor):
            for name in value.origins:
                origin = self.table[name]
                origin.role = origin.role or role
