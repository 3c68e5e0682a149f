"""Problems as text: file, line, column, what, the line underlined, and a fix.

specs/googlenet.yaml:41:33: error[unknown-key]: 'filtres' is no setting of a convolution
   |
41 |   conv1:   {convolution: 7x7/2, filtres: 64, ...
   |                                 ^^^^^^^ did you mean 'filters'?
"""

from __future__ import annotations

from collections.abc import Iterable

from inception_calc.problems import Problem
from inception_calc.report.text import cell_width, visible

WIDEST_LINE = 140


def problems_text(problems: Iterable[Problem]) -> str:
    """All problems, a blank line between those that show a line of the file."""
    return "\n".join(problem_text(problem) for problem in problems) + "\n"


def problem_text(problem: Problem) -> str:
    """One problem."""
    place = problem.location
    head = f"error[{problem.code}]: {visible(problem.what)}"
    notes = [f"  = {visible(note)}" for note in problem.notes]
    fix = visible(problem.fix)
    if place is None:
        return "\n".join([head, *([f"  = {fix}"] if fix else []), *notes])
    head = f"{visible(place.file)}:{place.line}:{place.column}: {head}"
    if not place.text.strip():
        return "\n".join([head, *([f"  = {fix}"] if fix else []), *notes])
    line, start = _cropped(place.text, place.column - 1)
    width = max(1, min(place.width, len(line) - start))
    number = str(place.line)
    margin = " " * len(number)
    before, under = cell_width(line[:start]), cell_width(line[start : start + width])
    marks = " " * before + "^" * max(under, 1)
    return "\n".join(
        [
            head,
            f"{margin} |",
            f"{number} | {line}",
            f"{margin} | {marks}{' ' + fix if fix else ''}",
            *(f"{margin} {note.strip()}" for note in notes),
        ]
    )


def _cropped(line: str, column: int) -> tuple[str, int]:
    """The line with odd characters replaced one by one, cut around the column where it is very long."""
    shown = "".join(
        " " if character == "\t" else character if visible(character) == character else "\N{REPLACEMENT CHARACTER}"
        for character in line
    )
    if len(shown) <= WIDEST_LINE:
        return shown, min(column, len(shown))
    first = max(0, min(column - WIDEST_LINE // 2, len(shown) - WIDEST_LINE))
    cut = (
        ("..." if first else "")
        + shown[first : first + WIDEST_LINE]
        + ("..." if first + WIDEST_LINE < len(shown) else "")
    )
    return cut, column - first + (3 if first else 0)
