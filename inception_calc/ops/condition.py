"""Conditions of steps: `when: SE`, `when: t - 1`, `when: s == 1 and out == input_channels`.

A condition is a column whose cells say yes or no, or one or more comparisons of counts joined by `and`; a count alone
holds where it is not 0. Nothing else can be said, so that a table stays a table.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from inception_calc.dims import Count, Dim, Scope, at_most, read_decimal, same, substitute
from inception_calc.ops.fields import CELL_FLAGS, scalar
from inception_calc.problems import Fault

AND = re.compile(r"\s+and\s+")
MARK = re.compile(r"\s*(==|!=|<=|>=|<|>)\s*")
DECIMAL = re.compile(r"\d*\.\d+", re.ASCII)


class Comparison(NamedTuple):
    """Two counts with a mark between them, or one count; each with its offset in the text."""

    left: tuple[Count, int]
    mark: str = ""
    right: tuple[Count, int] = (Count("0"), 0)


class Condition(NamedTuple):
    """What `when` says."""

    text: str
    comparisons: tuple[Comparison, ...]

    def counts(self) -> Iterator[tuple[Count, int]]:
        """Every count with its offset in the text."""
        for comparison in self.comparisons:
            yield comparison.left
            if comparison.mark:
                yield comparison.right

    def holds(self, scope: Scope) -> bool:
        """Whether the step is there; a `Fault` where that depends on a free symbol."""
        return not [one for one in self.comparisons if not _holds(one, scope)]  # all are judged: each may be faulty


def read_condition(value: object) -> Condition:
    """A condition, its counts not read yet."""
    text = scalar(value, "a column, or a comparison such as s == 1,")
    comparisons, start = [], 0
    for end in [*AND.finditer(text), None]:
        part = text[start : end.start() if end else len(text)]
        comparisons.append(_comparison(part, start))
        start = end.end() if end else len(text)
    return Condition(text, tuple(comparisons))


def _comparison(text: str, start: int) -> Comparison:
    marks = list(MARK.finditer(text))
    if not marks and (equals := text.find("=")) >= 0:
        what = f"'{text}' compares nothing: equal is written =="
        near = f"{text[:equals].strip()} == {text[equals + 1 :].strip()}"
        raise Fault("bad-condition", what, span=(start, len(text)), fix=f"write {near}")
    if not marks:
        return Comparison((Count(text), start))
    mark = marks[0]
    sides = text[: mark.start()], text[mark.end() :]
    if len(marks) > 1 or not all(sides):
        what = f"'{text}' does not compare two counts"
        raise Fault("bad-condition", what, span=(start, len(text)), fix="write one comparison, or join two by 'and'")
    return Comparison((Count(sides[0]), start), mark[1], (Count(sides[1]), start + mark.end()))


def _holds(comparison: Comparison, scope: Scope) -> bool:
    count, _ = comparison.left
    cell = scope.word(count.text)
    if not comparison.mark and cell in CELL_FLAGS:
        return CELL_FLAGS[cell]
    if not comparison.mark and DECIMAL.fullmatch(cell):
        return bool(read_decimal(cell))
    first, second = scope.compared((side for side, _ in (comparison.left, comparison.right)), "when")
    compare = COMPARED[comparison.mark]
    found = compare(first, second)
    if found is None:  # a free width changes no structure: it is that of width 1
        found = compare(*(substitute(side, {"width_multiplier": 1}) for side in (first, second)))
    if found is None:
        said = f"{count.text} {comparison.mark} {comparison.right[0].text}" if comparison.mark else count.text
        what = f"whether the step is there depends on a free symbol: '{said}'"
        raise Fault("symbolic-when", what, fix="give the symbol a value")
    return found


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


COMPARED: dict[str, Callable[[Dim, Dim], bool | None]] = {
    "": lambda a, b: _not(same(a, b)),
    "==": same,
    "!=": lambda a, b: _not(same(a, b)),
    "<=": at_most,
    ">=": lambda a, b: at_most(b, a),
    "<": lambda a, b: _not(at_most(b, a)),
    ">": lambda a, b: _not(at_most(a, b)),
}
"""Mark -> whether two counts are so; None where a free symbol decides."""
