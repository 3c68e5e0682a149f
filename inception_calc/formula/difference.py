"""The difference of two closed forms, and where its sign changes: from where on one network costs less."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, variable
from inception_calc.dims.signs import Region, sign_regions
from inception_calc.formula.closed import CLOSED_METRICS, ClosedForms, Forms

THOUSANDTHS = 1000
"""Width multipliers are looked at in steps of one thousandth."""

STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, for each count; the signs over the only symbol, where there is just one."""

    forms: Mapping[str, Polynomial]
    over: str
    """The symbol that the signs are over; empty where no single one is free."""
    step: int
    """The signs are over multiples of one `step`-th."""
    regions: Mapping[str, tuple[Region, ...] | None]
    name: str = "total"


def differences(first: ClosedForms, second: ClosedForms) -> tuple[Difference, ...]:
    """What the second costs more than the first: in total, then for each row of both that depends on a symbol."""
    rows = {row.name: row for row in first.rows}
    pairs = [(rows[row.name], row) for row in second.rows if row.name in rows]
    whole = difference(first.totals, second.totals)
    of_rows = [difference(one, other) for one, other in pairs]
    return whole, *(row for row in of_rows if row.over and row.forms != whole.forms)


def difference(first: Forms, second: Forms) -> Difference:
    """What the second costs more than the first."""
    forms = {metric: second.counts[metric] - first.counts[metric] for metric in CLOSED_METRICS}
    names = frozenset().union(*(form.names for form in forms.values()))
    if len(names) != 1:
        return Difference(forms, "", 1, dict.fromkeys(CLOSED_METRICS), second.name)
    (name,) = names
    step = THOUSANDTHS if name == FRACTIONAL else 1
    steps = {name: variable(STEPS) * Fraction(1, step)}
    scaled = {metric: form.replaced(steps) for metric, form in forms.items()}
    regions = {metric: sign_regions(form, STEPS) for metric, form in scaled.items()}
    return Difference(forms, name, step, regions, second.name)
