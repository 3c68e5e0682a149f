"""What a walk over an ONNX model found: one step for each node, constants by origin, what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from inception_calc.dims import Dim, total
from inception_calc.onnx_file.messages import Metadata
from inception_calc.onnx_ops.kind import Kind
from inception_calc.onnx_ops.value import Outputs, Value
from inception_calc.primitives.primitive import MOVE, Primitive, Primitives, Several


class Step(NamedTuple):
    """One node, once: `path` leads through functions, branches and loops to the graph that holds it."""

    path: tuple[str, ...]
    number: int
    """Its place among the nodes of that graph, from 0."""
    name: str
    op_type: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    values: Outputs
    """The outputs, as far as they are known."""
    primitives: Primitives
    kind: Kind | None = None
    """How the operator is declared; None for an unknown one and for one that holds graphs."""
    times: Dim = 1
    """How often it runs: a body of a loop may run many times."""
    arguments: Outputs = ()
    """The inputs, as far as they are known."""
    settings: Mapping[str, Any] = MappingProxyType({})
    """Its attributes, those that are left out as they are understood."""
    metadata: Metadata = ()
    """What the program that wrote the file noted of it."""
    held: tuple[str, ...] = ()
    """Constants that stand in its attributes."""

    @property
    def done(self) -> Primitive:
        """What it does in all runs of the node."""
        if len(self.primitives) == 1 and isinstance(self.times, int) and self.times == 1:
            return self.primitives[0]
        return Several(self.primitives, self.times) if self.primitives else MOVE

    @property
    def multiply_adds(self) -> Dim:
        """Products that are added into sums, in all runs of the node."""
        return self.done.multiply_adds

    @property
    def element_ops(self) -> Dim:
        """Element operations in all runs of the node."""
        return self.done.element_ops


@dataclass(slots=True)
class Origin:
    """A constant of the file: where it is written, how many numbers it holds, what they are used as."""

    name: str
    elements: Dim
    data_type: int
    role: str = ""
    dims: tuple[Dim, ...] = ()
    """The shape in which it stands in the file."""
    computed: bool = False
    """A node makes it (ConstantOfShape): it counts only where it is used as a weight."""


class Gap(NamedTuple):
    """A node about which something is not known."""

    place: str
    what: str
    follows: bool = False
    """It is so only because something before it is not known."""
    path: tuple[str, ...] = ()
    number: int = 0
    """Those of the node's step."""


class Walked(NamedTuple):
    """All that a walk found. `steps` are in the order of execution."""

    inputs: dict[str, Value]
    outputs: dict[str, Value]
    steps: tuple[Step, ...]
    origins: dict[str, Origin]
    gaps: tuple[Gap, ...] = ()
    assumptions: tuple[str, ...] = ()
    symbols: Mapping[str, str] = MappingProxyType({})
    """Names of free sizes, and what the file calls them where that is no name."""

    @property
    def multiply_adds(self) -> Dim:
        """Of all steps; at least so many where there are gaps."""
        return total(step.multiply_adds for step in self.steps)

    @property
    def element_ops(self) -> Dim:
        """Of all steps; at least so many where there are gaps."""
        return total(step.element_ops for step in self.steps)

    def params(self) -> dict[str, Dim]:
        """Numbers in constants by role; each constant once in the whole model, all branches included."""
        counts: dict[str, list[Dim]] = {}
        for origin in self.origins.values():
            if origin.role or not origin.computed:
                counts.setdefault(origin.role or "other", []).append(origin.elements)
        return {role: total(found) for role, found in counts.items()}
