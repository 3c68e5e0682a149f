"""Graphviz DOT: `dot -Tsvg`. Source: The DOT Language (graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from inception_calc.report.network import Box, Network
from inception_calc.report.notes import known_notes
from inception_calc.report.text import cost_lines, visible


def quoted(*lines: str) -> str:
    """A DOT string of several lines: quotes and backslashes of names are no syntax."""
    shown = [visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return '"' + "\\n".join(shown) + '"'


def draw(network: Network) -> str:
    """The network, layers of a row in a frame of their own."""
    title = network.name if network.variant == "default" else f"{network.name} @{network.variant}"
    heading = quoted(title, *known_notes(network.known))
    lines = [
        f"digraph {quoted(network.name)} {{",
        f'  graph [label={heading}, labelloc=t, labeljust=l, rankdir=TB, fontname="sans-serif", fontsize=11];',
        '  node [shape=box, fontname="sans-serif", fontsize=10];',
    ]
    group = ""
    for number, box in enumerate(network.boxes):
        if box.group != group:
            if group:
                lines.append("  }")
            if box.group:
                lines.append(f"  subgraph {quoted(f'cluster {number}')} {{ label={quoted(box.group)};")
            group = box.group
        lines.append(f"    n{number} [label={quoted(*_label(box))}];")
    if group:
        lines.append("  }")
    lines += [f"  n{source} -> n{target};" for source, target in network.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _label(box: Box) -> list[str]:
    name = [box.name] if box.name == box.kind else [box.name, box.kind]
    return [*name, *cost_lines(box.output, box.params, box.multiply_adds)]
