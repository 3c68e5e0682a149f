"""Which width multipliers leave every filter count whole."""

from math import gcd, lcm

from inception_calc.analysis.model import Analysis
from inception_calc.dims.polynomial import FRACTIONAL, polynomial


def scaled_counts(free: Analysis) -> list[int]:
    """By how much each filter count grows with the width multiplier, each once.

    Counts that round by themselves (`input_channels // 2`) come out whole wherever what they round does.
    """
    counts: dict[int, None] = {}
    for cost in free.layers:
        if isinstance(cost.used.weights, int) and cost.used.weights == 0:
            continue
        powers = polynomial(cost.layer.output.channels).by_power(FRACTIONAL)
        if powers is not None and len(powers) == 2 and isinstance(powers[1].constant, int):
            counts[powers[1].constant] = None
    return list(counts)


def whole_steps(free: Analysis) -> int:
    """The g for which exactly the multiples of 1/g leave every filter count whole; 1 where none is scaled."""
    return gcd(*scaled_counts(free)) or 1


def threshold_steps(free: Analysis) -> int:
    """The M for which rounded filter counts change at multiples of 1/M alone.

    Multiples of n change where a count passes half of n, and, for the rule of one tenth, where it passes ten ninths
    of n (`dims.quantity.round_to`); both are multiples of 1/18 of a channel.
    """
    return 18 * lcm(*scaled_counts(free))
