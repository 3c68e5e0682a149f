"""The nodes of a walk as an importer sees them: shapes without the batch, constants and data told apart."""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.graph.model import Layer
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.value import Tensor

Sides = tuple[int, ...]
NETWORK = -1
"""The network's first input as a source; further ones count down from it."""


SLOT = 1 << 32
"""Added to a source for each output of the layer in front of the one that is read."""


class Unsaid(Exception):
    """Why a node cannot be said in the words of specs."""


class Node(NamedTuple):
    """A node that computes something, with its layer in the graph."""

    step: Step
    layer: Layer
    batch: int
    sources: tuple[int, ...]
    """The layers or inputs of the network that it reads, one for each input that is data; see `SLOT`."""

    @property
    def place(self) -> str:
        """`node 214 '/layer1/conv1/Conv' (Conv)`."""
        step = self.step
        name = f" '{step.name}'" if step.name else ""
        inside = f" in {' / '.join(step.path)}" if step.path else ""
        return f"node {step.number}{name} ({step.op_type}){inside}"

    def setting(self, name: str, default: int = 0) -> int:
        """An attribute that is one whole number."""
        value = self.step.settings.get(name)
        return default if value is None else int(value)

    def decimal(self, name: str) -> float:
        """An attribute that is a number."""
        return float(self.step.settings.get(name) or 0)

    def numbers(self, name: str, default: Sides) -> Sides:
        """An attribute that is a list of whole numbers; `default` where it is left out or empty."""
        return tuple(self.step.settings.get(name) or default)

    @property
    def data(self) -> tuple[Sides, ...]:
        """The shapes of the inputs that are data, without the batch."""
        found = [value for value in self.step.arguments if isinstance(value, Tensor) and not is_constant(value)]
        return tuple([self.without_batch(value) for value in found])

    @property
    def output(self) -> Sides:
        """The shape of the first output, without the batch."""
        value = self.step.values[0]
        if not isinstance(value, Tensor):
            raise Unsaid("its output is no tensor")
        return self.without_batch(value)

    def constant(self, place: int) -> Tensor | None:
        """The constant that stands at an input."""
        value = self.step.arguments[place] if place < len(self.step.arguments) else None
        return value if isinstance(value, Tensor) and is_constant(value) else None

    def number(self, place: int) -> float | None:
        """The only number of the constant at an input."""
        value = self.constant(place)
        if value is None or value.values is None or len(value.values) != 1 or value.values[0] is None:
            return None
        return float(value.values[0])

    def sizes(self, place: int) -> Sides:
        """The shape of a constant."""
        value = self.constant(place)
        if value is None:
            raise Unsaid("its weights are no constants")
        return tuple([known(size) for size in value.shape])

    def without_batch(self, value: Tensor) -> Sides:
        """The shape of a tensor whose first axis is the batch."""
        sizes = tuple([known(size) for size in value.shape])
        if not sizes or sizes[0] != self.batch:
            shown = "x".join(map(str, sizes)) or "a scalar"
            raise Unsaid(f"the first axis of {shown} is not the batch of {self.batch}")
        return sizes[1:]


def is_constant(value: Tensor) -> bool:
    """Whether a value is written in the file, or follows from sizes."""
    return bool(value.origins) or value.values is not None


def known(size: object) -> int:
    """A size that is a number; raises `Unsaid` for a free one."""
    if not isinstance(size, int):
        raise Unsaid(f"a size is not known: {size}")
    return size


def same_but_ones(one: Sides, other: Sides) -> bool:
    """Whether two shapes differ at most in axes of one element."""
    return [size for size in one if size != 1] == [size for size in other if size != 1]
