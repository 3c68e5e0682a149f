"""Concatenation along the channels: `{concat: {name: branch, ...}}`.

    output  the channels of all branches; the size of each
    cost    none: each branch can write its part of the output in place

Source: GoogLeNet, section 4 (filter concatenation).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from inception_calc.dims import Dim, Shape, same, total
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.nodes import Node, Nodes
from inception_calc.ops.operator import Operator
from inception_calc.ops.step import BranchesField
from inception_calc.primitives import elements
from inception_calc.primitives.derivation import Derivation
from inception_calc.problems import Fault, listed


@dataclass(frozen=True, slots=True)
class Concatenation(LayerOp):
    """Maps of one size, one after the other."""

    op: ClassVar[str] = "concat"
    moves_nothing: ClassVar[bool] = True  # its branches write their parts in place

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        inputs = of_one_rank(inputs)
        first = inputs[0]
        for x in inputs[1:]:
            must_agree(x.sides, first.sides, f"the branches of a concat must agree in {listed(first.axes)}")
        return first.deep(total(x.channels for x in inputs))

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        values = {f"channels_{index}": x.channels for index, x in enumerate(inputs, start=1)}
        return (Derivation("channels", " + ".join(values), values),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return Nodes((Node("Concat", tuple(f"x{index}" for index in range(len(inputs))), attributes={"axis": 1}),))


def of_one_rank(inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The branches with as many axes as most have: what has one place is a vector, whatever the number of its axes.

    A fault where one of several places has other axes.
    """
    most = max(map(len, inputs))
    if all(len(x) == most for x in inputs):
        return inputs
    placed = [x.placed(most - 1) for x in inputs]
    known = tuple([x for x in placed if x is not None])
    if len(known) < len(placed):
        what = f"branches with {listed(sorted({len(x.axes) for x in inputs}))} axes do not come together"
        fix = "pool what has several places to one, which is a vector: {average pool: global}"
        raise Fault("branches-differ", what, fix=fix)
    return known


def must_agree(first: Sequence[Dim], second: Sequence[Dim], rule: str) -> None:
    """A fault unless the sides are equal; another one where that depends on a free symbol."""
    for a, b in zip(first, second, strict=True):
        equal = a is b or same(a, b)
        if equal is None:
            raise Fault("undecided-join", f"{rule}; whether they do depends on a free symbol")
        if not equal:
            raise Fault("branches-differ", rule)


def between_branches(inputs: tuple[Shape, ...], y: Shape) -> elements.Elementwise:
    """What joins branches element by element: one operation less than there are branches."""
    return elements.Worked(y.elements, len(inputs) - 1, "(branches - 1)", {"branches": len(inputs)})


class Concat(Operator):
    """A concatenation as a spec writes it; the graph puts it together."""

    key: ClassVar[str] = "concat"
    join: ClassVar[type[LayerOp] | None] = Concatenation
    smallest: ClassVar[dict[str, Any]] = {"concat": {"a": {"identity": ""}}}

    argument: BranchesField
