"""Budgets: what architectures may cost, absolutely and against the merge base, in one verdict."""

from inception_calc.budget.check import check
from inception_calc.budget.judgement import Judgement, Report, Where
from inception_calc.budget.read import Budgets, find_file, read_file

__all__ = ["Budgets", "Judgement", "Report", "Where", "check", "find_file", "read_file"]
