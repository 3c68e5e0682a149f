"""How much a network costs at most, where some of its nodes are not known and its numbers are too small."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from inception_calc.analysis.model import Analysis
from inception_calc.graph import Known
from inception_calc.problems import counted

Number = Fraction | int

IN_CONSTANTS = frozenset({"params", "weights", "biases", "buffers", "param_bytes"})
"""What stands in constants of the file: an unknown node holds no more than those that nothing else uses."""
EXACT = frozenset({"layers"})
"""What does not depend on what a node does."""


def is_complete(analysis: Analysis, layers: Iterable[str] | None = None) -> bool:
    """Whether the costs of some layers, or of all, are known to the last one."""
    known = analysis.graph.known
    if known is None or not known.gaps:
        return True
    return layers is not None and known.uncounted.isdisjoint(layers)


def missing(known: Known) -> str:
    """`1 of 4 nodes is not known (node 2 (Foo): the operator com.acme::Foo of opset 1 is not known)`."""
    place, why = known.gaps[0]
    are = "is" if len(known.gaps) == 1 else "are"
    return f"{len(known.gaps)} of {counted(known.nodes, 'node')} {are} not known ({place}: {why})"


def at_most(analysis: Analysis, metric: str, value: Number, layers: Iterable[str] | None = None) -> Number | None:
    """The most that a number of some layers, or of all, can be; None where nothing bounds what the unknown nodes add.

    `value` is what is known of it.
    """
    if metric in EXACT or is_complete(analysis, layers):
        return value
    known = analysis.graph.known
    assert known is not None
    sized = analysis.element_size or metric != "param_bytes"
    if metric not in IN_CONSTANTS or not sized or not isinstance(known.unplaced, int):
        return None
    return value + known.unplaced * (analysis.element_size if metric == "param_bytes" else 1)
