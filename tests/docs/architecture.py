"""docs/pictures/architecture.svg, drawn from the import contracts and the rooms' own docstrings:
`python -m tests.docs.architecture` draws it anew.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from typing import NamedTuple
from xml.sax.saxutils import escape

from tests.cli.program import ROOT

PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
HOUSE = "inception_calc."
WIDTH, LEFT, GAP, LINE, PAD = 940, 40, 8, 15, 10
NAME = 110
"""Room for a name that has what it is for beside it."""
LETTER = 6.1
"""The width of a letter of the text, about."""


class Contracts(NamedTuple):
    """What pyproject.toml says about imports."""

    floors: tuple[tuple[str, ...], ...]
    """From the top down: the rooms that stand side by side, and may not know each other."""
    forbidden: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """Name of a contract, the rooms that it speaks of, what they may not import."""


def contracts() -> Contracts:
    """The contracts as they stand."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = [one["layers"] for one in settings["contracts"] if one["type"] == "layers"]
    forbidden = [one for one in settings["contracts"] if one["type"] == "forbidden"]
    return Contracts(
        tuple(tuple(name.strip().removeprefix(HOUSE) for name in floor.split("|")) for floor in layers),
        tuple((one["name"], tuple(one["source_modules"]), tuple(one["forbidden_modules"])) for one in forbidden),
    )


def purpose(room: str) -> str:
    """The first sentence of a room's docstring."""
    path = ROOT / "inception_calc" / room
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".")


def picture() -> str:
    """The drawing."""
    found = contracts()
    boxes, y = [], 74
    for floor in found.floors:
        width = (WIDTH - 2 * LEFT - GAP * (len(floor) - 1)) / len(floor)
        wrapped = [textwrap.wrap(purpose(room), int((width - 2 * PAD - (NAME if len(floor) == 1 else 0)) / LETTER))
                   for room in floor]  # fmt: skip
        height = 2 * PAD + LINE * max(len(lines) + (len(floor) > 1) for lines in wrapped) - 4
        for place, (room, lines) in enumerate(zip(floor, wrapped, strict=True)):
            boxes += _box(LEFT + place * (width + GAP), y, (width, height), room, lines, beside=len(floor) == 1)
        y += height + GAP
    notes = [_note(LEFT, y + 16 + index * LINE, f"And: {name}.") for index, (name, _, _) in enumerate(found.forbidden)]
    bottom = y + 16 + LINE * len(notes)
    size = f'viewBox="0 0 {WIDTH} {bottom}" width="{WIDTH}" height="{bottom}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12" role="img">'
    return "\n".join([
        head,
        "<title>The rooms of inception-calc: each knows those below it</title>",
        f'<rect width="{WIDTH}" height="{bottom}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="34" font-size="17" fill="#222222">The rooms of inception-calc</text>',
        _note(LEFT, 56, "A room may import any room below it, and none above or beside it."),
        f'<path d="M18 74V{y - 14}" stroke="#555555" fill="none"/>',
        f'<path d="M13 {y - 20}L18 {y - 8}L23 {y - 20}z" fill="#555555"/>',
        *boxes,
        *notes,
        "</svg>\n",
    ])  # fmt: skip


def _box(x: float, y: float, size: tuple[float, float], room: str, lines: list[str], beside: bool) -> list[str]:
    """One room: its name, and what it is for beside or below it."""
    start = (x + PAD + NAME, y + PAD + LINE - 6) if beside else (x + PAD, y + PAD + 2 * LINE - 6)
    return [
        f'<rect x="{x:.1f}" y="{y}" width="{size[0]:.1f}" height="{size[1]}" rx="3" fill="#f2f5f9" stroke="#8896a8"/>',
        f'<text x="{x + PAD:.1f}" y="{y + PAD + LINE - 6}" fill="#222222" font-weight="bold">{escape(room)}</text>',
        *(_note(start[0], start[1] + LINE * index, line) for index, line in enumerate(lines)),
    ]


def _note(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" fill="#444444">{escape(text)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
