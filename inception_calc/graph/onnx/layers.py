"""The steps of a walk as layers: constants by role at their first user, edges, and shape arithmetic in one layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from inception_calc.dims import UNKNOWN_SHAPE, Dim, Shape, TensorShape, product, total
from inception_calc.graph.model import Layer
from inception_calc.graph.modules import Key
from inception_calc.graph.onnx.arithmetic import are_arithmetic
from inception_calc.graph.onnx.edges import Makers
from inception_calc.graph.onnx.needs import needs_of
from inception_calc.graph.onnx.node_op import NodeOp
from inception_calc.graph.onnx.scopes import by_metadata, has_own_name
from inception_calc.graph.onnx.seen import seen
from inception_calc.graph.onnx.words import patch_of, settings_of, word_of
from inception_calc.onnx_graph.model import Step, Walked
from inception_calc.onnx_ops.value import Outputs, Sequence, Tensor, Value
from inception_calc.ops.nodes import Array, Role
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.elements import Elementwise
from inception_calc.primitives.matrix import Products
from inception_calc.primitives.pool import Pool
from inception_calc.primitives.primitive import MOVE

ARITHMETIC = "shape arithmetic"
NOT_TAKEN = "branches not taken"
LEARNED = (Conv, Products)
"""What counts in `depth` where it has weights."""
WITH_SUMS = frozenset({"Softmax", "LogSoftmax"})
"""They need all inputs again after the first output: nothing is written in place (design, section 2)."""


class Made(NamedTuple):
    """Layers in the order of execution, and for each the way to it through functions and branches."""

    layers: list[Layer]
    ways: list[tuple[str, ...]]
    named: list[bool]
    """Whether the file gives the node a name that says more than its operator."""
    noted: list[Key]
    """The modules that metadata of the node say; empty for none."""
    steps: list[Step | None]
    """The step that each layer is; None for those beside all others."""
    makers: Makers
    uncounted: frozenset[str]
    """The names of layers whose costs are not known."""
    written: list[Outputs]
    """For each layer the values that it writes, as far as somebody reads them."""


def layers_of(walked: Walked) -> Made:
    """All layers of a walk; the rows are not known yet. Their costs sum to those of the walk but for added biases."""
    return _Layers(walked).made()


class _Layers:
    def __init__(self, walked: Walked) -> None:
        self.walked = walked
        self.layers: list[Layer] = []
        self.ways: list[tuple[str, ...]] = []
        self.named: list[bool] = []
        self.noted: list[Key] = []
        self.steps: list[Step | None] = []
        self.makers = Makers(walked.inputs.items())
        self.holder: dict[str, int] = {}
        """Constant -> the layer where it counts; -1 for shape arithmetic."""
        self.names: dict[str, int] = {}
        self.read = names_read(walked)
        self.gaps = {(gap.path, gap.number) for gap in walked.gaps}
        self.uncounted: set[str] = set()
        self.written: list[Outputs] = []

    def made(self) -> Made:
        """All layers."""
        folded: list[Step] = []
        aside: list[Array] = []
        for step, is_folded in zip(self.walked.steps, are_arithmetic(self.walked), strict=True):
            if is_folded:
                aside += self._arrays(step, -1)
                folded.append(step)
                self.makers.add(step, None)
            else:
                self._layer(step)
        left = [self._array(name) for name in self.walked.origins if name not in self.holder and self._counts(name)]
        aside += [array for array in left if array.role == "constants"]
        if folded or aside:
            self._beside(ARITHMETIC, aside, total(step.element_ops for step in folded))
        if lost := [array for array in left if array.role != "constants"]:
            self._beside(NOT_TAKEN, lost, 0)
        return Made(
            self.layers,
            self.ways,
            self.named,
            self.noted,
            self.steps,
            self.makers,
            frozenset(self.uncounted),
            self.written,
        )

    def _layer(self, step: Step) -> None:
        index = len(self.layers)
        arrays = tuple(self._arrays(step, index))
        roles = {array.role for array in arrays}
        is_bias = step.op_type == "Add" and roles == {"biases"}  # where Conv and Gemm have it, it is not counted
        first, *others = [shape for value in outputs_read(step, self.read) for shape in shapes_of(value)] or [
            UNKNOWN_SHAPE
        ]
        edges = self.makers.of(step)
        kind = step.kind
        op = NodeOp(
            "bias" if is_bias else word_of(step, "weights" in roles),
            arrays,
            MOVE if is_bias else step.done,
            first,
            in_place=kind is not None and kind.in_place and len(edges) == 1 and step.op_type not in WITH_SUMS,
            view=kind is None or kind.view,
            is_pool=any(isinstance(primitive, Pool) for primitive in step.primitives),
            settings=settings_of(step),
            window=patch_of(step),
            seen=seen(step),
            needs=needs_of(step),
        )
        depth = int("weights" in roles and any(isinstance(primitive, LEARNED) for primitive in step.primitives))
        self._add(
            Layer(
                self._unlike("/".join((*step.path, step.name or f"{step.op_type}_{step.number}"))),
                op,
                tuple([edge.layer for edge in edges]),
                first,
                "",
                "",
                "",
                (),
                depth,
                int(op.is_pool),
                {array.name: self.holder[array.name] for array in arrays if self.holder[array.name] not in (index, -1)},
                tuple(others),
                tuple([edge.slot for edge in edges]) if any(edge.slot for edge in edges) else (),
            ),
            (*step.path, step.name or f"{step.op_type}_{step.number}"),
            has_own_name(step),
            step,
            outputs_read(step, self.read),
        )
        self.makers.add(step, index)
        if (step.path, step.number) in self.gaps:
            self.uncounted.add(self.layers[index].name)

    def _beside(self, name: str, arrays: list[Array], element_ops: Dim) -> None:
        """A layer that no other one reads: what it makes are constants and shapes."""
        done = Elementwise(element_ops)
        op = NodeOp(name, tuple(arrays), done, UNKNOWN_SHAPE, view=True, moves_nothing=True)
        layer = Layer(self._unlike(name), op, (), UNKNOWN_SHAPE, "", "", "", (), 0, 0, {})
        self._add(layer, (name,), True)

    def _add(
        self, layer: Layer, way: tuple[str, ...], is_named: bool, step: Step | None = None, written: Outputs = ()
    ) -> None:
        self.layers.append(layer)
        self.ways.append(way)
        self.named.append(is_named)
        self.noted.append(by_metadata(step) if step is not None else ())
        self.steps.append(step)
        self.written.append(written)

    def _unlike(self, name: str) -> str:
        """The name, with a number where another layer bears it."""
        number = self.names[name] = self.names.get(name, 0) + 1
        return name if number == 1 else self._unlike(f"{name} #{number}")

    def _arrays(self, step: Step, index: int) -> Iterator[Array]:
        """The constants that a step uses up; what it only passes on counts where it is used."""
        passed = {name for value in step.values if isinstance(value, Tensor) for name in value.origins}
        for name in dict.fromkeys(_origins(step)):
            if name in passed or not self._counts(name):
                continue
            array = self._array(name)
            is_first = name not in self.holder
            if is_first:
                self.holder[name] = index
            if is_first or (index >= 0 and array.role != "constants" and self.holder[name] >= 0):
                yield array

    def _counts(self, name: str) -> bool:
        origin = self.walked.origins[name]
        return bool(origin.role) or not origin.computed

    def _array(self, name: str) -> Array:
        origin = self.walked.origins[name]
        role: Role = "constants"
        for known in get_args(Role):
            role = known if known == origin.role else role
        shape = tuple(origin.dims)
        return Array(name, shape if product(shape) == origin.elements else (origin.elements,), role)


def _origins(step: Step) -> Iterator[str]:
    yield from step.held
    for value in step.arguments:
        if isinstance(value, Tensor):
            yield from value.origins


def layered_steps(walked: Walked) -> list[Step]:
    """The steps that are layers, in their order: the first layers of `layers_of`."""
    return [step for step, folded in zip(walked.steps, are_arithmetic(walked), strict=True) if not folded]


def names_read(walked: Walked) -> set[str]:
    """The names of all values that a node or the caller reads."""
    return set(walked.outputs).union(*(step.inputs for step in walked.steps))


def outputs_read(step: Step, read: set[str]) -> Outputs:
    """The outputs up to the last one that somebody reads; the first in any case."""
    count = len(step.values)
    while count > 1 and not step.path and step.outputs[count - 1] not in read:
        count -= 1
    return step.values[:count]


def shapes_of(value: Value) -> list[Shape]:
    """The sizes of an output; of a sequence those of its elements."""
    if isinstance(value, Tensor):
        return [TensorShape(*value.shape)]
    if isinstance(value, Sequence) and value.elements:
        return [shape for element in value.elements for shape in shapes_of(element)]
    return [UNKNOWN_SHAPE]
