"""The pictures by name: one file and one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import METRICS
from inception_calc.dims import SIDE_SYMBOLS
from inception_calc.formula.varied import Asked, Varied, varied
from inception_calc.pictures import cost, memory, network, receptive_field, roofline, size, waterfall
from inception_calc.pictures.roofline import Roof
from inception_calc.pictures.vega import Spec, with_data
from inception_calc.problems import InputError, Problem, listed
from inception_calc.report.cost_table import title_of
from inception_calc.report.text import visible

LONGEST_TITLE = 90
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a picture is asked for."""

    analyses: Sequence[tuple[Analysis, Mapping[str, int]]]
    """The networks, each with the values that were chosen for sizes that its file leaves free."""
    asked: Asked
    metric: str = "multiply_adds"
    over: str = ""
    """The symbol that a curve is drawn over; empty for the size."""
    roof: Roof | None = field(default=None)
    limits: Sequence[tuple[str, str, int]] = ()
    """Of a budget: how each is said, its metric and its number."""

    @property
    def analysis(self) -> Analysis:
        """The network; raises `InputError` where there are several."""
        if len(self.analyses) > 1:
            what = f"this picture is of one network, and {len(self.analyses)} were named"
            raise InputError(Problem("bad-usage", what, None, "name one SPEC; `size` and `waterfall` take several"))
        return self.analyses[0][0]

    @property
    def label(self) -> str:
        """The metric as people say it."""
        return METRICS[self.metric].label

    def title(self, what: str) -> str:
        """The network and what is drawn of it, its name cut short where both do not fit."""
        room = LONGEST_TITLE - len(what) - 2
        return f"{cut(visible(title_of(self.analysis)), room)}: {what}"


def cut(text: str, room: int) -> str:
    """The text, cut short where it is longer."""
    return text if len(text) <= room else f"{text[: room - 3]}..."


def _cost(asked: Request) -> Spec:
    return with_data(cost.spec(), cost.tables(asked.analysis, asked.metric), {"title": asked.title(asked.label)})


def _memory(asked: Request) -> Spec:
    signals = {"title": asked.title("live activations over time"), "up": f"live bytes, {asked.analysis.dtype}"}
    return with_data(memory.spec(), memory.tables(asked.analysis), signals)


def _receptive_field(asked: Request) -> Spec:
    steps = max(1, asked.analysis.graph.stop)
    signals = {"title": asked.title("what a unit sees"), "up": "elements of the input", "steps": steps}
    return with_data(receptive_field.spec(), receptive_field.tables(asked.analysis), signals)


def _roofline(asked: Request) -> Spec:
    roof = asked.roof
    across = "flops per byte (bytes moved: inputs, output, params)"
    up = "flops" if roof is None else "flops/s that the roof leaves"
    machine = f", {cut(visible(roof.said), 40)}" if roof is not None and roof.said else ""
    signals = {"title": asked.title(f"roofline{machine}"), "across": across, "up": up}
    return with_data(roofline.spec(), roofline.tables(asked.analysis, roof), signals)


def _size(asked: Request) -> Spec:
    found = [(analysis, *varied(analysis, asked.asked, one)) for analysis, one in asked.analyses]
    known = [(cut(visible(title_of(analysis)), 40), one) for analysis, one, _ in found if one is not None]
    if not known:
        raise InputError(Problem("bad-usage", f"nothing can be varied: {found[0][2]}", None, "name another spec"))
    over = asked.over or _sized(known[0][1])
    fitting = [(name, one) for name, one in known if over in one.values]
    if not fitting:
        there = listed(known[0][1].values)
        raise InputError(Problem("unknown-symbol", f"'{over}' is not free", None, f"--over one of {there}"))
    signals = {"across": over, "up": asked.label, "bytes": METRICS[asked.metric].in_bytes}
    what = f"{asked.label} over {over}"
    signals["title"] = asked.title(what) if len(fitting) == 1 else what
    limits = [(visible(said), limit) for said, metric, limit in asked.limits if metric == asked.metric]
    return with_data(size.spec(), size.tables(fitting, asked.metric, over, limits), signals)


def _sized(one: Varied) -> str:
    """The size of the image where it is free, else the first symbol that is."""
    return next((name for name in one.values if name in SIDE_SYMBOLS), next(iter(one.values)))


def _network(asked: Request) -> Spec:
    tables, drawn = network.tables(asked.analysis, asked.metric)
    more = f"; {drawn.left_out} more layers are not drawn" if drawn.left_out else ""
    signals = {"title": [cut(visible(title_of(asked.analysis)), LONGEST_TITLE), f"share of {asked.label}{more}"]}
    made = with_data(network.spec(), tables, signals)
    padding = {"top": 52, "bottom": 4, "left": 4, "right": 4}
    return {**made, "width": drawn.width, "height": drawn.height, "padding": padding}


def _waterfall(asked: Request) -> Spec:
    if len(asked.analyses) != 2:
        what = f"a waterfall leads from one network to another, and {len(asked.analyses)} were named"
        raise InputError(Problem("bad-usage", what, None, "name two SPECs"))
    (before, _), (after, _) = asked.analyses
    tables = waterfall.tables(before, after, asked.metric)
    low = waterfall.beginning(tables["bars"])
    names = [cut(visible(title_of(one)), LONGEST_TITLE // 2) for one in (before, after)]
    if names[0] == names[1]:
        names = [cut(visible(one.source), LONGEST_TITLE // 2) for one in (before, after)]
    across = asked.label + (waterfall.BROKEN if low else "")
    signals = {"title": " to ".join(names), "across": across, "bytes": METRICS[asked.metric].in_bytes, "low": low}
    height = waterfall.STEP * len(tables["bars"]) + waterfall.BESIDE
    return {**with_data(waterfall.spec(), tables, signals), "height": height}


PICTURES: dict[str, Callable[[Request], Spec]] = {
    "cost": _cost,
    "network": _network,
    "memory": _memory,
    "receptive-field": _receptive_field,
    "roofline": _roofline,
    "size": _size,
    "waterfall": _waterfall,
}
"""Name -> the picture with its data."""
SPECS: dict[str, Callable[[], Spec]] = {
    "cost": cost.spec,
    "network": network.spec,
    "memory": memory.spec,
    "receptive-field": receptive_field.spec,
    "roofline": roofline.spec,
    "size": size.spec,
    "waterfall": waterfall.spec,
}
"""Those that a page draws, without data."""
