"""What is said of a node of a file besides its formulas: how large its output is, and where its params stand."""

from __future__ import annotations

from collections.abc import Iterator

from inception_calc.analysis import LayerCost
from inception_calc.dims import evaluated, factor_text, same, total
from inception_calc.explain.model import Line
from inception_calc.ops.nodes import Array
from inception_calc.primitives.derivation import COSTS, Derivation
from inception_calc.problems import listed

TRAINED = ("weights", "biases", "affine", "embeddings")
MOST_TOLD = 8
"""Constants whose sizes stand in a formula."""
HELD = (*TRAINED, "buffers", "constants")
"""What constants of a file are, in the order in which they are told."""


def size_lines(cost: LayerCost, derived: dict[str, Derivation]) -> Iterator[Line]:
    """How the sides of the output arise, as far as formulas say it."""
    for quantity, one in derived.items():
        if quantity not in COSTS and not quantity.startswith("taps"):
            yield Line(quantity, one.formula, one.values, one.value)
    axis = dict(cost.layer.op.facts() or {}).get("axis")
    if cost.layer.op.op == "concat" and isinstance(axis, int) and len(cost.inputs) > 1:
        sides = [x[axis] for x in cost.inputs]
        formula = " + ".join(factor_text(side) for side in sides)
        yield Line(f"axis {axis % len(cost.layer.output)}", formula, {}, cost.layer.output[axis])


def held_lines(cost: LayerCost, derived: dict[str, Derivation]) -> Iterator[Line]:
    """The constants that the node holds, by what they are, with the names that the file gives them; then their sum."""
    arrays = [array for array in cost.layer.op.arrays(cost.inputs) if array.name not in cost.layer.holders]
    found: dict[str, Line] = {}
    for role in HELD:
        of_role = [array for array in arrays if array.role == role]
        if of_role:
            found[role] = _held(role, of_role, derived.get(role))
    yield from (line for role, line in found.items() if role in TRAINED)
    summands = {role: line.value for role, line in found.items() if role in TRAINED}
    if len(summands) > 1:
        yield Line("params", " + ".join(summands), summands, cost.params)
    yield from (line for role, line in found.items() if role not in TRAINED)


def _held(role: str, arrays: list[Array], derived: Derivation | None) -> Line:
    named = "in the file: " + listed([f"{array.name} ({_shape(array) or 'a scalar'})" for array in arrays])
    if len(arrays) > MOST_TOLD:
        return Line(role, "", {}, total(array.elements for array in arrays), named)
    products = [" * ".join(map(factor_text, array.shape)).replace(" * ", "*") or "1" for array in arrays]
    formula = " + ".join(products)
    value = evaluated(formula, {})
    if derived is not None and same(derived.value, value):
        return Line(role, derived.formula, derived.values, value, named)
    return Line(role, formula, {}, value, named)


def _shape(array: Array) -> str:
    return "x".join(map(factor_text, array.shape))
