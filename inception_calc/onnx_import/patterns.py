"""Several nodes that are one word of specs: `x * sigmoid(x)` is silu; shuffles of channels, spatial pyramids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isclose
from typing import NamedTuple

from inception_calc.onnx_import.meanings import Meaning
from inception_calc.onnx_import.nodes import Node, Unsaid
from inception_calc.onnx_import.windows import Value
from inception_calc.ops.activations import FUNCTIONS
from inception_calc.ops.nodes import Node as Written
from inception_calc.ops.nodes import Nodes

EITHER_WAY = frozenset({"Add", "Mul"})
PYRAMID = frozenset({"Slice", "ReduceMax", "Concat", "Flatten"})
"""The nodes of a spatial pyramid pool: maxima of bins, which are cut out, joined and flattened."""
MOST_NODES = 5_000


class Found(NamedTuple):
    """Nodes that are one: the last of them, all others, what enters, and what they mean."""

    last: int
    others: frozenset[int]
    source: int
    meaning: Meaning


def _steps(*lines: tuple[str, str, tuple[str | float, ...]]) -> Nodes:
    """Nodes that are written as name, operator, inputs; a number is a constant."""
    from inception_calc.ops.nodes import Constant

    numbers = {item for _, _, inputs in lines for item in inputs if isinstance(item, float)}
    nodes = tuple(Written(op_type, tuple(map(str, inputs)), name) for name, op_type, inputs in lines)
    return Nodes(nodes, constants=tuple(Constant(str(number), (number,), ()) for number in numbers))


_HARD_SIGMOID = (("a", "Add", ("x", 3.0)), ("b", "Clip", ("a", 0.0, 6.0)))
OTHERS: tuple[tuple[str, Nodes], ...] = (
    ("hard swish", _steps(*_HARD_SIGMOID, ("c", "Mul", ("x", "b")), ("", "Div", ("c", 6.0)))),
    ("hard swish", _steps(*_HARD_SIGMOID, ("c", "Div", ("b", 6.0)), ("", "Mul", ("x", "c")))),
    ("hard sigmoid", _steps(*_HARD_SIGMOID, ("", "Div", ("b", 6.0)))),
)
"""What other programs write for them; the first ones are what `export` writes."""


class Patterns:
    """The patterns in the nodes of one graph."""

    def __init__(self, nodes: Mapping[int, Node], operands: Mapping[int, tuple[int | float | None, ...]]) -> None:
        self.nodes = nodes
        self.operands = operands
        """For each node what it reads: a source (a whole number), or a constant (a float; None: a longer one)."""
        self.readers: dict[int, set[int]] = {}
        for index, read in operands.items():
            for source in read:
                if isinstance(source, int):
                    self.readers.setdefault(source, set()).add(index)
        own = ((word, function.nodes(float(function.default))) for word, function in FUNCTIONS.items())
        self.known = [*OTHERS, *((word, nodes) for word, nodes in own if len(nodes.nodes) > 1)]
        self.known.sort(key=lambda pattern: -len(pattern[1].nodes))

    def found(self) -> Iterable[Found]:
        """The patterns, none of which has a node of another one."""
        taken: set[int] = set()
        for index in sorted(self.nodes, reverse=True):
            try:
                one = self._shuffle(index) or self._pyramid(index) or self._activation(index)
            except Unsaid:  # a shape that no spec has
                continue
            if one is not None and taken.isdisjoint({one.last, *one.others}):
                taken |= {one.last, *one.others}
                yield one

    def _activation(self, index: int) -> Found | None:
        for word, nodes in self.known:
            bound: dict[str, int] = {}
            constants = {constant.name: constant.values[0] for constant in nodes.constants if constant.values}
            if self._matches(nodes.nodes[-1], index, nodes, constants, bound) and "x" in bound:
                source = bound.pop("x")
                others = frozenset(bound.values()) - {index}
                if all(self.readers.get(other, set()) <= {index, *others} for other in others):
                    return Found(index, others, source, Meaning(word))
        return None

    def _matches(
        self, written: Written, index: int, nodes: Nodes, constants: Mapping[str, object], bound: dict[str, int]
    ) -> bool:
        node = self.nodes.get(index)
        if node is None or node.step.op_type != written.op_type or node.step.domain not in ("", "ai.onnx"):
            return False
        for name, value in written.attributes.items():
            if isinstance(value, int | float) and not isclose(node.decimal(name), value, rel_tol=1e-3):
                return False
        read = self.operands[index]
        inputs = written.inputs or ("x",)
        if len(read) != len(inputs):
            return False
        orders = [inputs, inputs[::-1]] if written.op_type in EITHER_WAY else [inputs]
        for order in orders:
            trial = dict(bound)
            if all(self._binds(name, item, nodes, constants, trial) for name, item in zip(order, read, strict=True)):
                bound.update(trial)
                bound[written.name or "last"] = index
                return True
        return False

    def _binds(
        self, name: str, item: int | float | None, nodes: Nodes, constants: Mapping[str, object], bound: dict[str, int]
    ) -> bool:
        if name in constants:
            value = constants[name]
            return isinstance(item, float) and isinstance(value, int | float) and isclose(item, value, rel_tol=1e-3)
        if not isinstance(item, int):
            return False
        if name in bound:
            return bound[name] == item
        inner = next((node for node in nodes.nodes if node.name == name), None)
        if inner is None:
            bound[name] = item
            return True
        return self._matches(inner, item, nodes, constants, bound)

    def _pyramid(self, index: int) -> Found | None:
        """Maxima of n x n bins for some n, flattened and joined."""
        node = self.nodes[index]
        if node.step.op_type != "Concat" or len(node.step.arguments) < 2 or len(node.output) != 1:
            return None
        inside: set[int] = set()
        sources: set[int] = set()
        waiting = [index]
        while waiting and len(inside) < MOST_NODES:
            at = waiting.pop()
            if at in inside:
                continue
            if at in self.nodes and self.nodes[at].step.op_type in PYRAMID:
                inside.add(at)
                waiting += self.nodes[at].sources
            else:
                sources.add(at)
        ops = {self.nodes[at].step.op_type for at in inside}
        others = inside - {index}
        if len(sources) != 1 or "ReduceMax" not in ops or any(not self.readers[at] <= inside for at in others):
            return None
        return self._levels(index, frozenset(others), sources.pop())

    def _levels(self, index: int, others: frozenset[int], source: int) -> Found | None:
        if source not in self.nodes:
            return None
        channels, *extents = self.nodes[source].output
        levels: list[Value] = []
        for value in self.nodes[index].data:
            n = round((value[0] / channels) ** (1 / max(1, len(extents))))
            if not extents or channels * n ** len(extents) != value[0]:
                return None
            levels.append(str(n))
        return Found(index, others, source, Meaning("spatial pyramid pool", levels))

    def _shuffle(self, index: int) -> Found | None:
        """A reshape, a transposition and a reshape back."""
        chain = [index]
        for op_type in ("Reshape", "Transpose", "Reshape"):
            node = self.nodes.get(chain[-1])
            if node is None or node.step.op_type != op_type or not node.sources:
                return None
            chain.append(node.sources[0])
        last, middle, first, source = chain
        if self.readers[middle] != {last} or self.readers[first] != {middle}:
            return None
        order = self.nodes[middle].numbers("perm", ())
        if self.nodes[first].data[0] != self.nodes[last].output or order[:3] != (0, 2, 1):
            return None
        groups = self.nodes[first].output[0]
        return Found(last, frozenset({middle, first}), source, Meaning("channel shuffle", str(groups)))
