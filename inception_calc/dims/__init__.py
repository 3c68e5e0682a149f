"""Dimensions: numbers or symbols, shapes, window arithmetic and the expression grammar."""

from inception_calc.dims.expression import parse
from inception_calc.dims.growth import Growth
from inception_calc.dims.quantity import (
    BUILT_IN_SYMBOLS,
    Dim,
    at_most,
    ceil_div,
    checked,
    exact_quotient,
    factor_text,
    floor_div,
    formula_text,
    free_symbols,
    is_number,
    maximum,
    minimum,
    product,
    same,
    substitute,
    symbol,
    total,
)
from inception_calc.dims.scope import Count, Decimal, Scaling, Scope, evaluated, read_decimal, unknown_name
from inception_calc.dims.shape import (
    AXES,
    AXIS_SYMBOLS,
    SIDE_SYMBOLS,
    SIZE,
    UNKNOWN_SHAPE,
    Shape,
    TensorShape,
    UnknownShape,
    axis_names,
    prefixes,
    symbols_of,
)
from inception_calc.dims.window import (
    ALWAYS_CLIPPED,
    ODD_BEFORE,
    Along,
    Pads,
    Sides,
    Window,
    bin_edges,
    same_padding,
    sides_text,
    sliding,
    taps_on_map,
)
