"""Two or more analyses -> what is different, and where the difference comes from."""

from inception_calc.comparison.compare import GROUPINGS, compare, subject_of
from inception_calc.comparison.model import Account, Cause, Change, Comparison, Edit, Part, Subject

__all__ = [
    "GROUPINGS",
    "Account",
    "Cause",
    "Change",
    "Comparison",
    "Edit",
    "Part",
    "Subject",
    "compare",
    "subject_of",
]
