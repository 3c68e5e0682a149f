"""Edits of a shipped spec's text, line by line, each with the name and line under which it must be found.

An edit is a replacement of whole lines, so any subset of several edits is a text too: that is what judges the cost of
one of them. Nothing here knows how the program compares specs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inception_calc.spec_file import shipped

ROW = re.compile(r"^  (?P<name>[\w][\w .-]*?):( +)(?P<step>\{.*\}) *(#.*)?$")
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
WINDOW = re.compile(r"(?<=: )(\d)x(\d)(?:/(\d))?(?=[,}\]])")
LATER = ("variants:", "printed:", "reasons:", "claims:", "# ")
"""Sections that speak about rows, and would break where these go."""


@dataclass(frozen=True)
class TextEdit:
    """Lines (by index) -> what stands there instead; how it must be told."""

    lines: tuple[tuple[int, tuple[str, ...]], ...]
    kind: str
    name: str
    """How the name of the place begins."""
    line: int
    """The index of the line that must be named: of the old text for what is removed, else of the line before edits."""
    offset: int = 0
    """How many lines below that the edit stands in the new text, counted within this edit."""


def text_of(name: str) -> list[str]:
    """The lines of a shipped spec that say what the network is."""
    lines = shipped.path(name).read_text(encoding="utf-8").split("\n")
    starts = [index for index, line in enumerate(lines) if line.startswith(LATER) and index > 3]
    return lines[: min(starts, default=len(lines))]


def edited(lines: list[str], edits: list[TextEdit]) -> str:
    """The text with these edits."""
    replaced = {index: new for edit in edits for index, new in edit.lines}
    return "\n".join(line for index, old in enumerate(lines) for line in replaced.get(index, (old,))) + "\n"


def line_in(lines: list[str], edits: list[TextEdit], edit: TextEdit) -> int:
    """The line, counted from 1, where an edit stands in the text that has all of them."""
    if edit.kind == "removed":
        return edit.line + 1
    replaced = {index: new for one in edits for index, new in one.lines}
    return sum(len(replaced.get(index, ("",))) for index in range(edit.line)) + edit.offset + 1


def possible(lines: list[str]) -> list[TextEdit]:
    """Every edit that this file knows to make."""
    found = []
    section = block = ""
    rows: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        if line and not line.startswith((" ", "#")):
            section = line.partition(":")[0]
            found += list(_top(index, line, section))
        elif section == "defaults" and line.strip():
            found += list(_values(index, line, f"defaults of {line.strip().partition(':')[0]}"))
        elif section == "blocks" and re.match(r"  [^ #].*:", line):
            block = line.strip().partition(":")[0]
        elif section == "blocks" and line.startswith("    ") and "columns" not in line and "label" not in line:
            found += list(_values(index, line, f"block {block}"))
            found += list(_steps(index, line, f"block {block}"))
        elif section == "rows" and (row := ROW.match(line)):
            rows.append((index, row["name"]))
            found += list(_row(index, line, row))
    return [*found, *_moves(lines, rows)]


def _top(index: int, line: str, section: str) -> Iterator[TextEdit]:
    if section == "input":
        channels, height, _ = re.findall(r"\d+", line.partition("#")[0])
        for size in (int(height) + 32, int(height) - 32):
            new = f"input: {channels}x{size}x{size}"
            yield TextEdit(((index, (new,)),), "changed", "input", index)
    if section == "symbols":
        for match in re.finditer(r"(\w+): (\d+)", line):
            new = line[: match.start(2)] + str(int(match[2]) + 3) + line[match.end(2) :]
            yield TextEdit(((index, (new,)),), "changed", f"symbol {match[1]}", index)


def _values(index: int, line: str, name: str) -> Iterator[TextEdit]:
    """One value on the line replaced by another."""
    code = line.partition(" printed:")[0].partition(" #")[0]

    def instead(start: int, end: int, text: str) -> TextEdit:
        return TextEdit(((index, (line[:start] + text + line[end:],)),), "changed", name, index)

    for match in NUMBER.finditer(code):
        if code[: match.start()].rstrip().endswith(("[", ",", "filters:", "repeat:", "linear:")):
            yield instead(match.start(), match.end(), str(int(match[0]) + 8))
    for match in WINDOW.finditer(code):
        high, wide, stride = match.groups()
        yield instead(match.start(), match.end(), f"{high}x{wide}/{1 if stride == '2' else 2}")
        yield instead(match.start(), match.end(), f"{int(high) + 2}x{int(wide) + 2}" + (f"/{stride}" if stride else ""))
    for old, new in (("padding: same", "padding: 1"), ("padding: half", "padding: valid"), ("padding: 1", "padding: 0"),
                     ("padding: valid", "padding: half"), ("bias: false", "bias: true"),
                     ("activation: relu", "activation: tanh"), ("rounding: ceil", "rounding: floor")):  # fmt: skip
        for match in re.finditer(f"{old}(?=[,}}])", code):
            yield instead(match.start(), match.end(), new)


def _steps(index: int, line: str, name: str) -> Iterator[TextEdit]:
    """A step of a list put in or taken out."""
    for match in re.finditer(r"\[(\{[^{}]*\}), *(?=\{)", line):
        if "[" not in match[1]:
            put = line[: match.start()] + "[{convolution: 1x1, filters: 24}, " + line[match.start() + 1 :]
            yield TextEdit(((index, (put,)),), "added", name, index)
            taken = line[: match.start()] + "[" + line[match.end() :]
            yield TextEdit(((index, (taken,)),), "removed", name, index)


def _row(index: int, line: str, row: re.Match[str]) -> Iterator[TextEdit]:
    name = row["name"]
    yield from _values(index, line, name)
    yield TextEdit(((index, ()),), "removed", name, index)
    renamed = line.replace(f"  {name}:", f"  {name}_again:", 1)
    yield TextEdit(((index, (renamed,)),), "renamed", f"{name}_again", index)
    new = "  put_in: {convolution: 3x3, filters: 40, padding: same}"
    yield TextEdit(((index, (line, new)),), "added", "put_in", index, 1)
    for match in re.finditer(r"then: (?!\[)([\w ]+?)(?=[,}])", line):
        without = line[: match.start()].rstrip(", ") + line[match.end() :]
        yield TextEdit(((index, (without,)),), "removed", f"{name}, then", index)


def _moves(lines: list[str], rows: list[tuple[int, str]]) -> Iterator[TextEdit]:
    """A row put two rows further down or more."""
    for place, (index, name) in enumerate(rows):
        for target, _ in rows[place + 2 : place + 5]:
            yield TextEdit(((index, ()), (target, (lines[target], lines[index]))), "moved", name, target, 1)
