"""Counts as a picture needs them: by layer, in numbers, and as people read them."""

from __future__ import annotations

import re
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import InputError, Problem, listed, meant
from inception_calc.report.text import percent, short, visible

BY_LAYER = (
    "multiply_adds", "params", "flops", "element_ops", "weights", "biases", "buffers", "activation_elements",
    "param_bytes", "activation_bytes", "traffic_bytes",
)  # fmt: skip
"""Metrics whose sum over layers is the network's: what a share can be of."""
DECIMAL = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters that are written from right to left."""


def shown(name: str) -> str:
    """A name as text of a picture: control characters written out, and such that a number beside it stays whole."""
    text = visible(name)
    return f"\u2068{text}\u2069" if RIGHT_TO_LEFT.search(text) else text


def check_metric(name: str) -> None:
    """Raises `InputError` for what is no sum over layers."""
    if name not in BY_LAYER:
        fix = meant(name, BY_LAYER) or f"there are {listed(BY_LAYER)}"
        raise InputError(Problem("unknown-column", f"no picture shows the share of '{name}'", None, fix))


def counts(analysis: Analysis, metric: str) -> list[int]:
    """The metric of each layer; raises `InputError` over a free size, `Undecided` where bytes are not known."""
    METRICS[metric].of_group(Measures(analysis), analysis.whole)
    values = [getattr(cost, metric) for cost in analysis.layers]
    if not all(isinstance(value, int) for value in values):
        free = analysis.free[0] if analysis.free else "size"
        what = f"a picture needs numbers, and '{free}' is free"
        raise InputError(Problem("free-symbol", what, None, f"set it: --set {free}=1"))
    return values


def said(value: int, metric: str) -> str:
    """`128M`, `1.5 MB`."""
    return bytes_said(value) if METRICS[metric].in_bytes else short(value)


def bytes_said(value: int) -> str:
    """Bytes with three digits, in powers of 1000."""
    for size, unit in DECIMAL:
        if value >= size - size // 2000:
            scaled = Fraction(value, size)
            digits = 2 if scaled < Fraction(9995, 1000) else 1 if scaled < Fraction(9995, 100) else 0
            tens = round(scaled * 10**digits)
            whole, part = divmod(tens, 10**digits)
            return f"{whole}{f'.{part:0{digits}d}' if digits else ''} {unit}"
    return f"{value} bytes"


def share_said(part: int, whole: int) -> str:
    """`8.1%`; nothing of nothing."""
    return percent(Fraction(part, whole)) if whole else "0.0%"


def rows_of_layers(analysis: Analysis, stop: int) -> list[dict[str, object]]:
    """The runs of layers that belong to one row, for the axis below a picture."""
    runs: list[dict[str, object]] = []
    before = None
    for index, layer in enumerate(analysis.graph.layers[:stop]):
        if layer.row != before:
            runs.append({"start": index, "stop": index, "name": shown(layer.row)})
            before = layer.row
        runs[-1]["stop"] = index + 1
    return runs


def check_bytes(analysis: Analysis) -> None:
    """Raises `InputError` over a free size, `Undecided` where bytes are not known."""
    counts(analysis, "traffic_bytes")
