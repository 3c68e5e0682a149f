"""Closed forms of what a network costs: exact in every free symbol, with their growth and their differences."""

from inception_calc.formula.assumption import Assumption, read_assumption
from inception_calc.formula.closed import CLOSED_METRICS, ClosedForms, Forms, closed_forms, default_question
from inception_calc.formula.difference import Difference, differences
from inception_calc.formula.domain import Domain, Values
from inception_calc.formula.growth import Growth, growth
from inception_calc.formula.sensitivity import Sensitivity, sensitivities

__all__ = [
    "CLOSED_METRICS",
    "Assumption",
    "ClosedForms",
    "Difference",
    "Domain",
    "Forms",
    "Growth",
    "Sensitivity",
    "Values",
    "closed_forms",
    "default_question",
    "differences",
    "growth",
    "read_assumption",
    "sensitivities",
]
