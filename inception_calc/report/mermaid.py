"""Mermaid flowcharts, as Markdown pages of many forges show them. Source: mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from inception_calc.problems import InputError, Problem
from inception_calc.report.network import Network
from inception_calc.report.notes import known_notes
from inception_calc.report.text import cost_lines, visible

MOST_ARROWS = 500
MOST_CHARACTERS = 50_000
"""Mermaid's own limits (`maxEdges`, `maxTextSize`); above them it draws an error instead of the chart."""

_ENTITIES = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
)


def quoted(*lines: str) -> str:
    """A label of several lines; whatever a name holds, it is text (no HTML, no Markdown)."""
    return '"' + "<br/>".join(visible(line).translate(_ENTITIES) for line in lines) + '"'


def draw(network: Network) -> str:
    """The network; raises `InputError` where Mermaid would refuse it."""
    lines = ["flowchart TD", *(f"%% {visible(note)}" for note in known_notes(network.known))]
    for number, box in enumerate(network.boxes):
        lines.append(f"  n{number}[{quoted(box.name, *cost_lines(box.output, box.params, box.multiply_adds))}]")
    lines += [f"  n{source} --> n{target}" for source, target in network.arrows]
    text = "\n".join(lines) + "\n"
    if len(network.arrows) > MOST_ARROWS or len(text) > MOST_CHARACTERS:
        raise InputError(
            Problem(
                "too-large",
                f"{len(network.arrows)} arrows and {len(text):,} characters are more than Mermaid draws "
                f"({MOST_ARROWS} and {MOST_CHARACTERS:,})",
                None,
                "draw rows instead: --by row, or use -f dot",
            )
        )
    return text
