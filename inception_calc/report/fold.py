"""Long lines of a page, folded for a screen: at spaces, else at the signs of a product, the rest hung below."""

from __future__ import annotations

from inception_calc.report.screen import Screen
from inception_calc.report.text import cell_width

STEP = 4
"""How far the rest of a line stands in, where it has no equals sign to stand under."""
NARROWEST = 30
"""Fewer characters than that are no room for a formula."""


def folded(text: str, screen: Screen) -> str:
    """The text with no line wider than a terminal, as far as its words and factors allow; files stay as they are."""
    width = screen.line
    if width is None or width < NARROWEST:
        return text
    lines = (part for line in text.split("\n") for part in _parts(line, width))
    return "\n".join(lines)


def _parts(line: str, width: int) -> list[str]:
    parts: list[str] = []
    hang = _hang(line, width)
    while cell_width(line) > width:
        place = _break(line, hang, width)
        if not place:
            break
        parts.append(line[:place].rstrip())
        line = " " * hang + line[place:].lstrip()
    return [*parts, line]


def _hang(line: str, width: int) -> int:
    """Where the rest of a line begins: under what stands after the equals sign, else a step further in."""
    equals = line.find(" = ")
    if equals >= 0 and equals + 3 <= width // 2:
        return equals + 3
    return min(len(line) - len(line.lstrip()) + STEP, width // 2)


def _break(line: str, hang: int, width: int) -> int:
    """How many characters stay in the line; 0 where nothing can be broken.

    Up to its last space outside parentheses, if that is in the second half; else up to its last space or sign. A sign
    stands at the front of the next line, never at the end.
    """
    open_pairs = 0
    cells = 0
    outside = inside = 0
    first = max(hang, len(line) - len(line.lstrip())) + 1
    for place, character in enumerate(line):
        cells += cell_width(character)
        if cells > width + (character == " "):
            break
        open_pairs += (character == "(") - (character == ")")
        if place < first:
            continue
        before = line[place - 1]
        if character == " " and before not in "+-=":
            inside = place
            if not open_pairs:
                outside = place
        elif character in "*/" and before not in "*/ ":  # ** and // stay whole
            inside = place
    return outside if outside > width // 2 else inside
