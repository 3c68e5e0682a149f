"""Branches that do not come together, told with the size of each."""

from __future__ import annotations

from collections.abc import Iterable

from inception_calc.dims import Shape, factor_text, sides_text
from inception_calc.problems import Fault

DISAGREE = ("branches-differ", "undecided-join")
"""Codes of faults of branches whose sizes are not the same, or not known to be."""


def disagreement(fault: Fault, key: str, ends: Iterable[tuple[str, Shape]], order: str) -> Fault:
    """The fault of a join by the operator `key`, its branches with their last maps; `order` is that of sizes."""
    shapes = ", ".join(f"{name} {_shape(end)}" for name, end in ends)
    return Fault(
        fault.code,
        f"{fault.what}: {shapes} ({order})",
        path=(key,),
        at_key=True,
        fix=fault.fix or _fix(fault.code, key),
    )


def _fix(code: str, key: str) -> str:
    """How branches come to agree."""
    if code == "undecided-join":
        return "give the symbol a value, or a remainder: formula --assume 'size % 32 == 0'"
    return f"give every branch the same {'' if key == 'concat' else 'filters, '}stride and padding"


def _shape(x: Shape) -> str:
    """As papers print it, formulas in parentheses."""
    return sides_text(map(factor_text, x.in_print))
