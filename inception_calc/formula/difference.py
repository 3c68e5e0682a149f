"""The difference of two closed forms, and where its sign changes: from where on one network costs less.

Signs are told over the values at which both networks can be asked about: every integer; under an assumption, those
that keep it; width multipliers in the steps that leave every filter count of both networks whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from inception_calc.analysis.widths import whole_steps
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, polynomial
from inception_calc.dims.progression import COUNT, Progression
from inception_calc.dims.roots import Root, sign_changes
from inception_calc.dims.signs import Region, sign_regions
from inception_calc.formula.closed import CLOSED_METRICS, ClosedForms, Forms


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, for each count, in the free symbols; the signs over the only symbol, where there is one."""

    forms: Mapping[str, Polynomial]
    over: str
    """The symbol that the signs are over; empty where no single one is free."""
    values: Progression
    """What the symbol may be; regions count its steps."""
    regions: Mapping[str, tuple[Region, ...] | None]
    changes: Mapping[str, tuple[Root, ...] | None]
    """Where the sign changes between two width multipliers; None where that is no number with a short name."""
    name: str = "total"


def differences(first: ClosedForms, second: ClosedForms) -> tuple[Difference, ...]:
    """What the second costs more than the first: in total, then for each row of both that depends on a symbol."""
    rows = {row.name: row for row in first.rows}
    pairs = [(first.totals, second.totals), *((rows[row.name], row) for row in second.rows if row.name in rows)]
    whole, *of_rows = (_difference(first, second, *pair) for pair in pairs)
    return whole, *(row for row in of_rows if row.over and row.forms != whole.forms)


def _difference(first: ClosedForms, second: ClosedForms, one: Forms, other: Forms) -> Difference:
    """What a part of the second costs more than one of the first."""
    forms = {
        metric: polynomial(second.in_symbols(other.counts[metric]) - first.in_symbols(one.counts[metric]))
        for metric in CLOSED_METRICS
    }
    names = frozenset().union(*(form.names for form in forms.values()))
    if len(names) != 1:
        nothing = dict.fromkeys(CLOSED_METRICS)
        return Difference(forms, "", Progression(), nothing, nothing, other.name)
    (name,) = names
    values = _values(first, second, name)
    regions = {metric: sign_regions(form.replaced({name: values.form}), COUNT) for metric, form in forms.items()}
    changes = {metric: _changes(form) if name == FRACTIONAL else None for metric, form in forms.items()}
    return Difference(forms, name, values, regions, changes, other.name)


def _values(first: ClosedForms, second: ClosedForms, name: str) -> Progression:
    """The values of the symbol at which both networks can be asked about, from the first that both have."""
    steps = Progression()
    if name == FRACTIONAL:
        steps = Progression(Fraction(1, gcd(whole_steps(first.analysis), whole_steps(second.analysis))))
    for assumption in first.assumptions:
        if assumption.name == name:
            steps = Progression(assumption.divisor, -assumption.shortfall)
    lowest = [forms.domain.values[name].first or 0 for forms in (first, second) if name in forms.domain.values]
    return steps.starting_at(max(lowest, default=0))


def _changes(form: Polynomial) -> tuple[Root, ...] | None:
    powers = form.by_power(FRACTIONAL)
    if powers is None:
        return None
    return sign_changes([power.constant or 0 for power in powers])
