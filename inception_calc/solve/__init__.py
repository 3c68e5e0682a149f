"""What fits: the largest size, batch, width multiplier, symbol or cell within limits, exactly."""

from inception_calc.solve.limit import LIMITABLE, Limit, read_limit
from inception_calc.solve.model import Point, Solution
from inception_calc.solve.search import solve

__all__ = ["LIMITABLE", "Limit", "Point", "Solution", "read_limit", "solve"]
