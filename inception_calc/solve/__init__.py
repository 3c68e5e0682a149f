"""What fits: the largest or smallest size, batch, width multiplier, symbol or cell within limits, exactly."""

from inception_calc.solve.limit import LIMITABLE, Limit, read_limit
from inception_calc.solve.model import Front, Point, Solution
from inception_calc.solve.pairs import front
from inception_calc.solve.search import solve

__all__ = ["LIMITABLE", "Front", "Limit", "Point", "Solution", "front", "read_limit", "solve"]
