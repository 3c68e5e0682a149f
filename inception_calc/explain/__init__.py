"""How each number arises: the formula of the operator, its names and numbers, and the sums of layers and rows."""

from inception_calc.explain.explain import explain
from inception_calc.explain.model import Explanation, Line, Sum, Term

__all__ = ["Explanation", "Line", "Sum", "Term", "explain"]
