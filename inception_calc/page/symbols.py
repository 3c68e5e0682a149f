"""The symbols of a page as plain data: what each may be, where it stands, and what must hold besides."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from inception_calc.dims import formula_text
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, polynomial, variable
from inception_calc.formula import Values
from inception_calc.formula.varied import Varied
from inception_calc.page.forms import Forms

REACH = 4
"""How many times its own value a slider reaches; what is typed beside it may be larger."""


def replacements(varied: Varied) -> dict[str, Polynomial]:
    """What makes every symbol of the forms an integer: the width multiplier is counted in parts."""
    if FRACTIONAL not in varied.values:
        return {}
    return {FRACTIONAL: polynomial(variable(FRACTIONAL) * Fraction(1, _parts(varied.values[FRACTIONAL])))}


def _parts(values: Values) -> int:
    """The unit of a symbol's values is one over this."""
    return lcm(Fraction(values.progression.step).denominator, Fraction(values.progression.before).denominator)


def entries(varied: Varied) -> list[dict[str, Any]]:
    """The sliders: what each symbol may be, in units of one over `parts`, and where it stands."""
    made = []
    assumed = {one.name: one for one in varied.assumptions}
    for name, values in varied.values.items():
        parts = _parts(values)
        steps, at = values.progression, varied.at[name]
        entry = {
            "name": name,
            "parts": parts,
            "step": int(steps.step * parts),
            "before": int(steps.before * parts),
            "runs": [list(run) for run in values.runs],
            "at": int(at * parts),
            "reach": int(at * parts) * REACH if at * parts > 1 else 64 * parts,
            "layer": values.layer,
        }
        if name in assumed:
            one = assumed[name]
            entry["multiple"] = {"name": one.multiple, "divisor": one.divisor, "shortfall": one.shortfall}
            entry["assumed"] = one.text
        made.append(entry)
    return made


def condition_entries(varied: Varied, forms: Forms) -> list[dict[str, Any]]:
    """What must hold besides, as forms."""
    return [
        {
            "layer": need.layer,
            "value": forms.place(need.value),
            "multiple_of": None if need.multiple_of is None else forms.place(need.multiple_of),
            "text": formula_text(need.value),
        }
        for need in varied.conditions
    ]
