"""Dimensions: numbers or symbols, feature maps, window arithmetic and the expression grammar."""

from inception_calc.dims.expression import parse
from inception_calc.dims.growth import Growth
from inception_calc.dims.quantity import (
    BUILT_IN_SYMBOLS,
    Dim,
    FeatureMap,
    ceil_div,
    checked,
    floor_div,
    formula_text,
    free_symbols,
    is_number,
    maximum,
    minimum,
    product,
    same,
    simplified,
    substitute,
    symbol,
    total,
)
from inception_calc.dims.scope import Count, Decimal, Scaling, Scope, read_decimal, unknown_name
from inception_calc.dims.window import Extent, Pads, Window, bin_edges, positions, same_padding

__all__ = [
    "BUILT_IN_SYMBOLS",
    "Count",
    "Decimal",
    "Dim",
    "Extent",
    "FeatureMap",
    "Growth",
    "Pads",
    "Scaling",
    "Scope",
    "Window",
    "bin_edges",
    "ceil_div",
    "checked",
    "floor_div",
    "formula_text",
    "free_symbols",
    "is_number",
    "maximum",
    "minimum",
    "parse",
    "positions",
    "product",
    "read_decimal",
    "same",
    "same_padding",
    "simplified",
    "substitute",
    "symbol",
    "total",
    "unknown_name",
]
