"""Which image sizes fit a network, where the one that was asked for does not.

U-Net halves its image four times and joins what it enlarges again: only sides that are multiples of 16 come out
even. Each size that is offered was built; a change of the network is never offered for a size that it was not made for.
"""

from __future__ import annotations

from inception_calc.analysis.receptive_field import total_stride
from inception_calc.dims import Dim, Scope, Shape, sides_text
from inception_calc.graph import Graph, Setting
from inception_calc.graph.bound import Counter
from inception_calc.graph.build import build
from inception_calc.graph.joins import DISAGREE
from inception_calc.problems import Fault, Faults
from inception_calc.spec import Spec

MOST_STEPS = 5_000
"""Larger networks are not built again only to word a message."""
WIDEST = 64
"""The multiple that is tried first, where the network's own is not known."""


def advise(faults: tuple[Fault, ...], spec: Spec, setting: Setting) -> None:
    """Gives faults of sizes a fix that names sizes that fit, where the size is to blame."""
    joins = [fault for fault in faults if fault.code in DISAGREE]
    windows = [fault for fault in faults if fault.code == "window-too-large"]
    if not (joins or windows) or not _is_small(spec, setting):
        return
    own = _built(spec, setting, spec.input)
    shown = "x".join(map(str, spec.input))
    for fault in windows:
        fault.fix = f"take a larger input; the spec's own is {shown}" if own else fault.fix
    if joins:
        fix = _fitting(spec, setting, total_stride(own) if own else WIDEST, known=own is not None)
        fix = fix or (f"take another input; the spec's own is {shown}" if own else "")
        for fault in joins:
            fault.fix = fix or fault.fix


def _fitting(spec: Spec, setting: Setting, stride: int, known: bool) -> str:
    """The smallest multiple, by halves of the stride, at which the sizes below and above fit, and these sizes."""
    sides = setting.input.sides
    if not all(isinstance(side, int) for side in sides):
        symbol = next(reversed(setting.input.symbols))
        return f"give the symbol a value, or a remainder: formula --assume '{symbol} % {stride} == 0'" if known else ""
    found = ""
    while stride > 1:
        below = [side // stride * stride for side in sides]
        above = [-(-side // stride) * stride for side in sides]
        sizes = [setting.input.over(nearest) for nearest in (below, above) if all(nearest)]
        if not sizes or not all(_built(spec, setting, size) for size in sizes):
            break
        shown = " or ".join(sides_text(size) for size in sizes)
        found = f"sides that are multiples of {stride} fit: {shown}"
        stride = stride // 2 if stride % 2 == 0 else 1
    return found


def _built(spec: Spec, setting: Setting, size: Shape) -> Graph | None:
    """The network at this size; None where it does not come out."""
    channels: Dim = setting.input.channels
    try:
        return build(spec, setting.with_inputs({next(iter(setting.entering)): size.deep(channels)}))
    except (Fault, Faults):
        return None


def _is_small(spec: Spec, setting: Setting) -> bool:
    symbols = {**setting.symbols, "batch": setting.batch, **setting.size_symbols}
    try:
        Counter(spec, MOST_STEPS).check(Scope(symbols, {}, setting.input.channels))
    except (Fault, Faults):
        return False
    return True
