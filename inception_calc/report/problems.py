"""Problems as text: file, line, column, what, the line underlined, and a fix.

specs/googlenet.yaml:41:33: error[unknown-key]: 'filtres' is no setting of a convolution
   |
41 |   conv1:   {convolution: 7x7/2, filtres: 64, ...
   |                                 ^^^^^^^ did you mean 'filters'?
"""

from __future__ import annotations

from collections.abc import Iterable

from inception_calc.problems import Problem
from inception_calc.report.text import CI_COMMAND, cell_width, visible

WIDEST_LINE = 140
LONGEST_TEXT = 1000
"""Longer than any message of ours; only a name from a hostile file makes one longer."""


def problems_text(problems: Iterable[Problem]) -> str:
    """All problems, a blank line between those that show a line of the file."""
    return "\n".join(problem_text(problem) for problem in problems) + "\n"


def problem_text(problem: Problem) -> str:
    """One problem."""
    place = problem.location
    head = f"error[{problem.code}]: {_shown(problem.what)}"
    notes = [f"  = {_shown(note)}" for note in problem.notes]
    fix = _shown(problem.fix)
    if place is None:
        return "\n".join([head, *([f"  = {fix}"] if fix else []), *notes])
    head = f"{visible(place.words)}: {head}"
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


def _shown(text: str) -> str:
    """The text safe to show, its middle left out where it is very long."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT // 2]} ... {text[-LONGEST_TEXT // 2 :]}"
    return visible(text)


def _cropped(line: str, column: int) -> tuple[str, int]:
    """The line, cut around the column where it is very long, with odd characters replaced one by one."""
    first = max(0, min(column - WIDEST_LINE // 2, len(line) - WIDEST_LINE))
    cut = "".join(
        " " if character == "\t" else character if visible(character) == character else "\N{REPLACEMENT CHARACTER}"
        for character in line[first : first + WIDEST_LINE]
    )
    cut = CI_COMMAND.sub("\N{REPLACEMENT CHARACTER}#", cut)
    before = "..." if first else ""
    after = "..." if first + WIDEST_LINE < len(line) else ""
    return f"{before}{cut}{after}", min(column, len(line)) - first + len(before)
