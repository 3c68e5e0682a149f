"""The pictures by name: one file and one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import METRICS
from inception_calc.pictures import cost, memory, receptive_field, roofline, size
from inception_calc.pictures.vega import Spec, with_data
from inception_calc.report.cost_table import title_of
from inception_calc.report.text import visible

LONGEST_TITLE = 90
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a picture is asked for."""

    analyses: Sequence[Analysis]
    metric: str = "multiply_adds"

    @property
    def analysis(self) -> Analysis:
        """The network; the first of several."""
        return self.analyses[0]

    def title(self, what: str) -> str:
        """The network and what is drawn of it, its name cut short where both do not fit."""
        room = LONGEST_TITLE - len(what) - 2
        name = visible(title_of(self.analysis))
        return f"{name if len(name) <= room else f'{name[: room - 3]}...'}: {what}"


def _cost(asked: Request) -> Spec:
    tables = cost.tables(asked.analysis, asked.metric)
    return with_data(cost.spec(), tables, {"title": asked.title(METRICS[asked.metric].label)})


PICTURES: dict[str, Callable[[Request], Spec]] = {
    "cost": _cost,
}
"""Name -> the picture with its data."""
SPECS: dict[str, Callable[[], Spec]] = {
    "cost": cost.spec,
    "memory": memory.spec,
    "receptive-field": receptive_field.spec,
    "roofline": roofline.spec,
    "size": size.spec,
}
"""Those that a page draws, without data."""
