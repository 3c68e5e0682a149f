"""A log-log plot as a self-contained SVG: axes, dots with tooltips, lines, a legend. No script, no font, no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from inception_calc.report.text import cell_width, visible

WIDTH, HEIGHT = 760, 500
LEFT, RIGHT, TOP, BOTTOM = 78, 190, 46, 56
COLORS = ("#1f6fb4", "#d1495b", "#2e8b57", "#b8860b", "#7d4fa8", "#4a4a4a", "#c9732b", "#2aa1a1")
"""Dark enough to be told apart on white, also in grey."""
LONGEST_TITLE, LONGEST_NOTE = 74, 108
"""Cells; at 15 and at 11 pixels they fit into the picture."""
NOTE_HEIGHT = 18
"""Pixels of a line below the picture."""
STEPS = (1, 2, 5)
"""Digits that an axis may begin and end with; all are ticks where the axis is short."""
SHORT_AXIS = 2.1
"""Powers of ten."""
ROOM = 1.1
"""Between the outermost dots and the edge."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dots:
    """A series of points; `tips` are shown when the pointer rests on them."""

    name: str
    points: Sequence[Point]
    tips: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, named in the legend."""

    name: str
    points: Sequence[Point]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn, of what network. All coordinates are above zero."""

    network: str
    what: str
    across: str
    up: str
    dots: Sequence[Dots]
    lines: Sequence[Line]
    landmarks: Sequence[Point] = ()
    """Points of the lines that must lie inside; the rest of a line may leave the picture."""
    notes: Sequence[str] = ()
    """Lines below the picture."""


def escaped(text: str) -> str:
    """Text that is text in XML, whatever a name holds."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace('"', "&quot;").replace("'", "&#39;")


def draw(plot: Plot) -> str:
    """The SVG."""
    height = HEIGHT + NOTE_HEIGHT * len(plot.notes)
    points = [*(point for dots in plot.dots for point in dots.points), *plot.landmarks] or [(1.0, 1.0)]
    across = _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'font-family="sans-serif" font-size="12" role="img">'
        ),
        f"<title>{escaped(f'{plot.network}: {plot.what}')}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" fill="#222222">{escaped(_title(plot))}</text>',
        *_grid(across, up, plot),
        (
            f'<clipPath id="inside"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
            f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath>'
        ),
        '<g clip-path="url(#inside)">',
        *(_line(line, number, across, up) for number, line in enumerate(plot.lines)),
        "</g>",
    ]
    for number, dots in enumerate(plot.dots):
        parts += _dots(dots, COLORS[number % len(COLORS)], across, up)
    return "\n".join([*parts, *_legend(plot), *_notes(plot), "</svg>"]) + "\n"


def _title(plot: Plot) -> str:
    """The network and what is drawn, the network's name cut short where both do not fit."""
    return f"{_cut(visible(plot.network), LONGEST_TITLE - len(plot.what) - 2)}: {plot.what}"


def _cut(text: str, room: int) -> str:
    """The text, cut short where it takes more cells."""
    if cell_width(text) <= room:
        return text
    while cell_width(text) > room - 3:
        text = text[:-1]
    return text + "..."


def _notes(plot: Plot) -> list[str]:
    return [
        f'<text x="{LEFT}" y="{HEIGHT + NOTE_HEIGHT * number + 6}" font-size="11" fill="#444444">'
        f"{escaped(_cut(visible(note), LONGEST_NOTE))}</text>"
        for number, note in enumerate(plot.notes)
    ]


class _Axis:
    """Logarithms from a round number below the smallest to one above the largest value, laid over pixels."""

    def __init__(self, values: Sequence[float], start: float, stop: float) -> None:
        smallest, largest = min(values) / ROOM, max(values) * ROOM
        powers = range(floor(log10(smallest)), floor(log10(largest)) + 2)
        steps = [step * 10.0**power for power in powers for step in STEPS]
        low = max(step for step in steps if step <= smallest)
        high = min(step for step in steps if step >= largest)
        self.low, self.high = log10(low), log10(high)
        wanted = STEPS if self.high - self.low <= SHORT_AXIS else STEPS[:1]
        self.ticks = [step * 10.0**power for power in powers for step in wanted if low <= step * 10.0**power <= high]
        self.start, self.stop = start, stop

    def place(self, value: float) -> float:
        """The pixel of a value."""
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.stop - self.start), 1)


def _grid(across: _Axis, up: _Axis, plot: Plot) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" fill="none" stroke="#bbbbbb"/>',
    ]
    for tick in across.ticks:
        x = across.place(tick)
        parts.append(f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle" fill="#444444">{_tick(tick)}</text>')
    for tick in up.ticks:
        y = up.place(tick)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" fill="#444444">{_tick(tick)}</text>')
    middle = (LEFT + right) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle" fill="#222222">{escaped(plot.across)}</text>'
    )
    height = (TOP + bottom) / 2
    parts.append(
        f'<text x="20" y="{height}" text-anchor="middle" fill="#222222" '
        f'transform="rotate(-90 20 {height})">{escaped(plot.up)}</text>'
    )
    return parts


def _tick(value: float) -> str:
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def _line(line: Line, number: int, across: _Axis, up: _Axis) -> str:
    places = " ".join(f"{across.place(x)},{up.place(y)}" for x, y in line.points if x > 0 and y > 0)
    return f'<polyline points="{places}" fill="none" {_stroke(line, number)}/>'


def _stroke(line: Line, number: int) -> str:
    dash = ' stroke-dasharray="6 4"' if line.dashed else ""
    return f'stroke="{("#222222", "#888888")[number % 2]}" stroke-width="1.6"{dash}'


def _dots(dots: Dots, color: str, across: _Axis, up: _Axis) -> list[str]:
    return [
        f'<circle cx="{across.place(x)}" cy="{up.place(y)}" r="4" fill="{color}" fill-opacity="0.75">'
        f"<title>{escaped(tip)}</title></circle>"
        for (x, y), tip in zip(dots.points, dots.tips, strict=True)
    ]


def _legend(plot: Plot) -> list[str]:
    x, parts = WIDTH - RIGHT + 16, []
    y = TOP + 10
    for number, dots in enumerate(plot.dots):
        parts.append(f'<circle cx="{x + 9}" cy="{y - 4}" r="4" fill="{COLORS[number % len(COLORS)]}"/>')
        parts.append(f'<text x="{x + 24}" y="{y}" fill="#222222">{escaped(dots.name)}</text>')
        y += 20
    for number, line in enumerate(plot.lines):
        parts.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}" {_stroke(line, number)}/>')
        parts.append(f'<text x="{x + 24}" y="{y}" fill="#222222">{escaped(line.name)}</text>')
        y += 20
    return parts
