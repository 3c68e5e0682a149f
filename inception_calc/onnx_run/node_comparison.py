"""A run of a user's own file, node by node: what every kernel was given and gave against what is counted.

Graph optimizations are off, so a kernel is a node of the file. Multiply-adds follow from shapes alone
(`kernel_counts`), constants from the file as the onnx package reads it and the shapes in which kernels got them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim, formula_text, free_symbols, is_number, substitute
from inception_calc.graph.onnx.layers import layered_steps
from inception_calc.onnx_graph.branches import CHOSEN
from inception_calc.onnx_graph.model import Step, Walked
from inception_calc.onnx_ops.value import Tensor, Value
from inception_calc.onnx_run.kernel_counts import MULTIPLY_ADDS, Shape, multiply_adds_of
from inception_calc.onnx_run.profile import NodeRun
from inception_calc.onnx_run.proof import Mismatch, ModelProof, Open
from inception_calc.onnx_run.user_model import CUT, MARK, CopiedNode, UserModel, is_function

CONSTANTS = ("Constant",)
"""Nodes that are no kernel: a session takes them for constants of the file."""
HOLDING = ("If", "Loop", "Scan", "SequenceMap")
"""Nodes that run graphs of their own."""


class Counted(NamedTuple):
    """A node of the walk, and its layer where it is one."""

    step: Step
    cost: LayerCost | None

    @property
    def name(self) -> str:
        """The layer's name; a node of shape arithmetic goes by its own."""
        if self.cost is not None:
            return self.cost.layer.name
        return "/".join((*self.step.path, self.step.name or f"{self.step.op_type}_{self.step.number}"))

    @property
    def multiply_adds(self) -> Dim:
        """As the table has them."""
        return self.step.multiply_adds if self.cost is None else self.cost.multiply_adds


def compare(analysis: Analysis, walked: Walked, model: UserModel, runs: Sequence[NodeRun]) -> ModelProof:
    """Every node of the file against the kernels that ran under its name."""
    comparison = _Comparison(analysis, walked, model, runs)
    comparison.nodes()
    comparison.constants()
    return comparison.proof()


class _Comparison:
    def __init__(self, analysis: Analysis, walked: Walked, model: UserModel, runs: Sequence[NodeRun]) -> None:
        self.analysis, self.walked, self.model = analysis, walked, model
        layers = dict(zip(map(id, layered_steps(walked)), analysis.layers, strict=False))
        self.counted: dict[int, list[Counted]] = {}
        for step in walked.steps:
            mark = model.marks.get((step.path, step.number))
            if mark is not None:
                self.counted.setdefault(mark, []).append(Counted(step, layers.get(id(step))))
        self.ran = {mark: found for mark, found in _by_mark(runs).items() if mark < len(model.nodes)}
        self.read: dict[int, Shape] = {}
        """Value of the walk, by its identity, which it keeps on its way into functions -> its shape for a kernel."""
        self.sizes: dict[str, int] = {}
        self.mismatches: list[Mismatch] = []
        self.open: list[Open] = []
        self.compared = self.layers = self.computing = 0
        self.given: dict[str, int] = {}
        """Constant -> its elements where a kernel got it as it stands in the file."""

    def proof(self) -> ModelProof:
        """What was found."""
        return ModelProof(
            self.layers,
            self.compared,
            self.computing,
            len(self.given),
            self._count_unseen(),
            tuple(self.mismatches),
            tuple(self.open),
            (),
            self.sizes,
        )

    # nodes

    def nodes(self) -> None:
        """Output shapes and multiply-adds of all nodes."""
        missing: list[tuple[CopiedNode, list[Counted]]] = []
        for mark, steps in self.counted.items():
            node, runs = self.model.nodes[mark], self.ran.get(mark, [])
            if node.op_type in CONSTANTS:
                continue
            if node.op_type in HOLDING:
                self._holding(mark, node, steps)
            elif runs:
                self._node(node, steps, runs)
            elif any(one.step.times != 0 for one in steps):
                missing.append((node, steps))
        for node, steps in missing:
            self._did_not_run(node, steps)
        uncounted = [self.model.nodes[mark].own_name for mark in sorted(self.ran.keys() - self.counted.keys())]
        if not uncounted:
            return
        if any(CHOSEN in assumed for assumed in self.walked.assumptions):
            self._took_another_branch(uncounted)
        else:
            self.mismatches += [Mismatch(name, "nodes that ran", 0, 1) for name in uncounted]

    def _took_another_branch(self, uncounted: list[str]) -> None:
        """Says what ran in a branch that is not counted, and takes differences for what follows from it."""
        self.open += [Open(name, "node", "it ran in a branch that is not counted") for name in uncounted]
        for one in self.mismatches:
            why = f"{one.counted} is counted and {one.ran} ran, where the run took a branch that is not counted"
            self.open.append(Open(one.layer, one.what, why))
        self.mismatches.clear()

    def _holding(self, mark: int, node: CopiedNode, steps: list[Counted]) -> None:
        """An If, a loop: what it gives, where it ran once. Its work is in the nodes inside."""
        runs = self.ran.get(mark, [])
        if len(runs) == len(steps) == 1:
            self._shapes(steps[0], node, runs[0])
            self._count(steps)

    def _count(self, steps: list[Counted]) -> None:
        """Notes that a node was compared."""
        self.compared += 1
        self.layers += any(one.cost is not None for one in steps)

    def _did_not_run(self, node: CopiedNode, steps: list[Counted]) -> None:
        name = steps[0].name
        if any(part.endswith("_branch") for part in steps[0].step.path):
            self.open.append(Open(name, "node", "the run took the other branch"))
        elif not is_function(node.op_type, node.domain):
            self.mismatches.append(Mismatch(name, "nodes that ran", len(steps), 0))
        elif steps[0].multiply_adds != 0 or not self._is_read_as_counted(steps):
            self.open.append(
                Open(name, "node", f"the runtime has no kernel for {node.op_type}, and runs others for it")
            )
        else:
            self._count(steps)

    def _is_read_as_counted(self, steps: list[Counted]) -> bool:
        """Whether what reads the outputs of a node that is no kernel got them in the shapes that are counted."""
        values = [value for one in steps for value in one.step.values if id(value) in self.read]
        return bool(values) and all(self._known_shape(value) == self.read[id(value)] for value in values)

    def _node(self, node: CopiedNode, steps: list[Counted], runs: list[NodeRun]) -> None:
        once = len(steps) == len(runs) == 1
        if not (self._shapes(steps[0], node, runs[0]) if once else self._alike(node, steps, runs)):
            return
        self._count(steps)
        for run in runs:
            self._note_inputs(node, steps[0].step, run)
        counted = [substitute(one.multiply_adds, self.sizes) for one in steps]
        ran = [_multiply_adds(node, steps[0].step, run) for run in runs]
        if steps[0].step.kind is None:
            self._leave_open(steps[0], "multiply-adds", f"the operator {node.op_type} is not known")
        elif counted == [0] * len(counted) and node.op_type not in MULTIPLY_ADDS:
            return
        elif node.op_type not in MULTIPLY_ADDS or None in ran:
            self._leave_open(steps[0], "multiply-adds", f"shapes alone do not tell those of {node.op_type}")
        elif not all(map(is_number, counted)):
            self._leave_open(steps[0], "multiply-adds", "they depend on a size that this run does not tell")
        else:
            self.computing += 1
            self._equal(steps[0].name, "multiply-adds", sum(counted), sum(filter(None, ran)))

    def _alike(self, node: CopiedNode, steps: list[Counted], runs: list[NodeRun]) -> bool:
        """A body that is walked once and runs often, or the other way round: the shapes that occur must be the same."""
        times = sum((one.step.times for one in steps), start=0)
        if is_number(times) and times != len(runs):
            self._equal(steps[0].name, "runs of the node", times, len(runs))
            return False
        shapes = {tuple(self._known_shape(value) for value in _tensors(one.step, node)) for one in steps}
        if any(None in shape for shape in shapes):
            self._leave_open(steps[0], "output", "its sizes are not known for each trip")
            return False
        self._equal(steps[0].name, "outputs", _listed(shapes), _listed({run.outputs for run in runs}))
        return True

    def _known_shape(self, value: Value) -> Shape | None:
        """A shape in numbers; None where it is not known."""
        shape = _shape(value)
        known = [substitute(size, self.sizes) for size in shape or ()]
        sizes = tuple(size for size in known if isinstance(size, int))
        return None if shape is None or len(sizes) < len(shape) else sizes

    def _shapes(self, one: Counted, node: CopiedNode, run: NodeRun) -> bool:
        """Whether all outputs are known; those that are known are compared."""
        outputs = _tensors(one.step, node)
        if len(outputs) != len(run.outputs):
            self._leave_open(one, "output", "the runtime shows other outputs than the file names")
            return False
        for value, ran in zip(outputs, run.outputs, strict=True):
            shape = None if value is None else _shape(value)
            if shape is None:
                self._leave_open(one, "output", f"its shape is not known; it ran as {'x'.join(map(str, ran))}")
                return False
            known = tuple(self._size(size, side) for size, side in zip(shape, ran, strict=False))
            if any(free_symbols(size) for size in known):
                self._leave_open(one, "output", "its sizes depend on one that this run does not tell")
                return False
            if len(shape) != len(ran) or known != ran:
                self._equal(one.name, "output", tuple(map(_plain, (*known, *shape[len(known) :]))), ran)
        return True

    def _size(self, counted: Dim, ran: int) -> Dim:
        """A size as it is counted. One that only a run knows is what it ran as when it is first met."""
        known = substitute(counted, self.sizes)
        names = free_symbols(known)
        if len(names) == 1 and ran > 0 and str(known) in names:
            self.sizes[str(known)] = ran
            return ran
        return known

    def _equal(self, name: str, what: str, counted: object, ran: object) -> None:
        if counted != ran:
            self.mismatches.append(Mismatch(name, what, counted, ran))

    def _leave_open(self, one: Counted, what: str, why: str) -> None:
        self.open.append(Open(one.name, what, why))

    # constants

    def _note_inputs(self, node: CopiedNode, step: Step, run: NodeRun) -> None:
        """What a kernel was given: values, and what the file holds."""
        is_packed = step.kind is None or step.kind.stands_for is not None  # numbers of other bytes
        for slot, shape in enumerate(_slots(node.inputs, step.arguments, run.inputs)):
            if shape is None:
                continue
            if slot < len(step.arguments):
                self.read[id(step.arguments[slot])] = shape
            name = node.constants[slot]
            if name and not node.in_function and not is_packed and self._is_counted(name):
                self.given[name] = prod(shape)

    def _is_counted(self, name: str) -> bool:
        """Whether a constant counts: what a node fills with one number does only where it is used as a weight."""
        origin = self.walked.origins.get(name)
        return name not in self.model.filled or (origin is not None and bool(origin.role))

    def constants(self) -> None:
        """All constants that kernels got as they stand in the file: each is counted, with as many numbers."""
        counted: dict[str, Dim] = {}
        for cost in self.analysis.layers:
            counted |= {array.name: prod(array.shape) for array in cost.layer.op.arrays(cost.inputs)}
        for name, elements in self.given.items():
            self._equal(name, "elements of the constant", counted.get(name, 0), elements)

    def _count_unseen(self) -> int:
        """Layers whose constants no kernel got as they stand in the file: cut, joined, or passed to a function."""
        return sum(
            any(one.cost is not None and one.cost.params != 0 for one in steps)
            and (self.model.nodes[mark].in_function or CUT in self.model.nodes[mark].constants)
            for mark, steps in self.counted.items()
        )


def _by_mark(runs: Sequence[NodeRun]) -> dict[int, list[NodeRun]]:
    """Kernels by the node that they are; copies that the runtime makes of a node for each reader count once."""
    found: dict[int, list[NodeRun]] = {}
    copies: dict[int, list[NodeRun]] = {}
    for run in runs:
        if mark := MARK.search(run.name):
            kept = found if mark.end() == len(run.name) else copies
            kept.setdefault(int(mark[1]), []).append(run)
    return {**copies, **found}


def _multiply_adds(node: CopiedNode, step: Step, run: NodeRun) -> int | None:
    inputs = _slots(node.inputs, step.arguments, run.inputs)
    return multiply_adds_of(node.op_type, inputs, run.outputs, node.attributes)


def _slots(names: Sequence[str], values: Sequence[Value], shapes: Sequence[Shape]) -> list[Shape | None]:
    """The shapes of a kernel's inputs at their slots: a profile leaves out what is missing, and what is no tensor."""
    found: list[Shape | None] = []
    left = iter(shapes)
    known = len(values) == len(names)
    for slot, name in enumerate(names):
        is_shown = bool(name) and (not known or not _has_no_shape(values[slot]))
        found.append(next(left, None) if is_shown else None)
    return found


def _has_no_shape(value: Value) -> bool:
    return value is not None and not isinstance(value, Tensor) and type(value).__name__ != "Unknown"


def _tensors(step: Step, node: CopiedNode) -> list[Value]:
    """The outputs that a profile shows: those with a name that are tensors."""
    return [value for name, value in zip(node.outputs, step.values, strict=False) if name and not _has_no_shape(value)]


def _plain(size: Dim) -> int | str:
    return size if isinstance(size, int) else formula_text(size)


def _listed(shapes: Iterable[tuple[Shape | None, ...]]) -> str:
    """All shapes that the outputs of a node have, in one text."""
    return ", ".join(sorted("; ".join("x".join(map(str, shape or ())) for shape in outputs) for outputs in shapes))


def _shape(value: Value) -> tuple[Dim, ...] | None:
    return value.shape if isinstance(value, Tensor) else None
