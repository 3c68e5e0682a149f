"""Graph -> one immutable list of layer costs, and its groupings."""

from inception_calc.analysis.analyze import analyze, with_operators
from inception_calc.analysis.model import (
    CONVENTION,
    DTYPES,
    FLOPS_CONVENTION,
    Analysis,
    Group,
    LayerCost,
    Totals,
    element_ops_by_kind,
)

__all__ = [
    "CONVENTION",
    "DTYPES",
    "FLOPS_CONVENTION",
    "Analysis",
    "Group",
    "LayerCost",
    "Totals",
    "analyze",
    "element_ops_by_kind",
    "with_operators",
]
