"""What kernels of a user's file compute, as units with their counts: the layers that run as one stand as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from inception_calc.analysis import Analysis
from inception_calc.dims import Dim, is_number, substitute
from inception_calc.graph.onnx.layers import ARITHMETIC, layered_steps
from inception_calc.graph.onnx.types import BITS, BYTE
from inception_calc.graph.onnx.words import plain_word
from inception_calc.latency.units import COMPUTING, Unit
from inception_calc.onnx_graph.model import Step, Walked
from inception_calc.onnx_ops.value import Tensor, Value
from inception_calc.onnx_run.user_model import UserModel

UNKNOWN_BYTES = 1
"""Of an element whose type has no whole bytes, such as a text."""


class Kernels:
    """Units of a run, and the unit of each kernel."""

    def __init__(
        self,
        analysis: Analysis,
        walked: Walked,
        model: UserModel,
        computed: Mapping[str, frozenset[int]],
        op_types: Mapping[str, str],
        sizes: Mapping[str, int],
    ) -> None:
        self.analysis, self.sizes = analysis, sizes
        self.steps = layered_steps(walked)
        self.outputs = {id(value) for value in walked.outputs.values()}
        self.inputs = {id(value) for value in walked.inputs.values()}
        layers = _layers_by_mark(self.steps, model)
        members = {
            name: [layer for mark in marks for layer in layers.get(mark, ())] for name, marks in computed.items()
        }
        root = _joined(members.values(), len(self.steps))
        groups: dict[int, list[int]] = {}
        for layer in sorted({layer for found in members.values() for layer in found}):
            groups.setdefault(root[layer], []).append(layer)
        of_kernel = {name: root[found[0]] for name, found in members.items() if found}
        words = {root_of: plain_word(op_types[name]) for name, root_of in of_kernel.items() if name in op_types}
        made = {root_of: self._unit(group, words.get(root_of, "")) for root_of, group in groups.items()}
        self.unit_of = {name: made[root_of].name for name, root_of in of_kernel.items()}
        aside = [name for name, marks in computed.items() if marks and name not in of_kernel]
        self.unit_of |= dict.fromkeys(aside, ARITHMETIC)
        beside = (Unit(ARITHMETIC, ARITHMETIC, (), 0, 0, 1, 1, 1, False),) if aside else ()
        self.units = (*made.values(), *beside)

    def _unit(self, members: list[int], word: str) -> Unit:
        """Some layers as one; the kind is that of the only one that multiplies and adds, else the kernel's own."""
        costs = [self.analysis.layers[index] for index in members]
        counts = [self._number(cost.multiply_adds) for cost in costs]
        working = [place for place, count in enumerate(counts) if count]
        main = working[0] if working else 0
        kind = costs[main].layer.op.op if len(working) == 1 or len(members) == 1 else word or costs[main].layer.op.op
        steps = [self.steps[index] for index in members]
        first, last = self.steps[members[main]], steps[-1]
        return Unit(
            name=costs[main].layer.name,
            kind=kind,
            layers=tuple(members),
            multiply_adds=sum(counts),
            params=sum(self._number(cost.used.trainable) for cost in costs),
            bytes=max(self._bytes(steps), 1),
            input_channels=self._side(first.arguments[:1], 1 if kind in COMPUTING - {"linear"} else -1),
            positions=self._positions(last.values[:1]),
            is_first=any(id(value) in self.inputs for value in first.arguments),
        )

    def _bytes(self, steps: list[Step]) -> int:
        """Of all that is read from outside and given to it, each once, in its own type."""
        made = {id(value) for step in steps for value in step.values}
        read = {id(value): value for step in steps for value in step.arguments if id(value) not in made}
        inside = {id(value) for step in steps for value in step.arguments}
        given = {id(value): value for step in steps for value in step.values if id(value) not in inside}
        given |= {id(value): value for step in steps for value in step.values if id(value) in self.outputs}
        return sum(self._value_bytes(value) for value in (read | given).values())

    def _value_bytes(self, value: Value) -> int:
        if not isinstance(value, Tensor):
            return 0
        _, bits = BITS.get(value.data_type, ("", UNKNOWN_BYTES * BYTE))
        return -(-bits * prod(self._number(side) for side in value.shape) // BYTE)

    def _side(self, values: tuple[Value, ...], axis: int) -> int:
        for value in values:
            if isinstance(value, Tensor) and len(value.shape) > axis and value.shape:
                return self._number(value.shape[axis])
        return 1

    def _positions(self, values: tuple[Value, ...]) -> int:
        """Places of a map with spatial axes; of another tensor its rows."""
        for value in values:
            if isinstance(value, Tensor):
                sides = value.shape[2:] if len(value.shape) > 3 else value.shape[:-1]
                return prod(map(self._number, sides))
        return 1

    def _number(self, count: Dim) -> int:
        known = substitute(count, self.sizes)
        return int(known) if is_number(known) else 0


def _layers_by_mark(steps: list[Step], model: UserModel) -> dict[int, list[int]]:
    layers: dict[int, list[int]] = {}
    for index, step in enumerate(steps):
        mark = model.marks.get((step.path, step.number))
        if mark is not None:
            layers.setdefault(mark, []).append(index)
    return layers


def _joined(groups: Iterable[list[int]], count: int) -> list[int]:
    """For each layer the first of those that share a kernel with it."""
    root = list(range(count))

    def find(layer: int) -> int:
        while root[layer] != layer:
            root[layer] = root[root[layer]]
            layer = root[layer]
        return layer

    for group in groups:
        for layer in group[1:]:
            first, second = sorted((find(group[0]), find(layer)))
            root[second] = first
    return [find(layer) for layer in range(count)]
