"""Which filter count is worth cutting: how the totals answer to each cell of the table.

All cells are freed together, so one closed form has every partial derivative. The elasticity of a total is the
percentage by which it changes for one percent of the cell: derivative * value / total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.analyze import source_of
from inception_calc.dims.bounds import spend
from inception_calc.dims.polynomial import polynomial
from inception_calc.graph import Source, Symbols
from inception_calc.problems import Stop

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

MEASURED = ("multiply_adds", "params")
STEPS_OF_A_LAYER = 60
"""What a layer takes in an analysis, beside steps of arithmetic: cells that cannot be free must not cost one each."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one more of a cell costs, and the share of the total that follows it."""

    cell: str
    value: int
    derivatives: Mapping[str, Fraction | int]
    elasticities: Mapping[str, Fraction]


def sensitivities(
    network: Source | LoadedSpec,
    symbols: Symbols | None = None,
    input: tuple[int, ...] | Mapping[str, tuple[int, ...]] | None = None,  # noqa: A002 - the word of the spec
    training: bool = False,
) -> tuple[Sensitivity, ...]:
    """Every cell that can change freely, the most elastic in multiply-adds first; ties in the table's order.

    A cell that cannot (a repetition, a count that another branch must equal) is left out. Files of other kinds have
    no cells.
    """
    origin = source_of(network)
    if not origin.is_spec:
        return ()
    from inception_calc.analysis.spec_source import spec_of  # other files do without what reads specs
    from inception_calc.graph.cells import cell_values

    set_numbers = {name: value for name, value in (symbols or {}).items() if value is not None}

    def analyzed(cells: Iterable[str]) -> Analysis:
        symbols = {**set_numbers, **dict.fromkeys(cells)}
        return analyze(origin, input=input, symbols=symbols, training=training)

    plain = analyzed(())
    cells_now = cell_values(spec_of(origin).spec, plain.setting.symbols)
    values = {name: value for name, value in cells_now.items() if name not in set_numbers}
    totals = {metric: getattr(plain.totals, metric) for metric in MEASURED}
    found: list[Sensitivity] = []
    for cells, analysis in _freed(list(values), analyzed, len(plain.layers)):
        slopes = {metric: polynomial(getattr(analysis.totals, metric)).derivatives(cells) for metric in MEASURED}
        for cell in cells:
            numbers = {metric: slope.value(values) for metric, of in slopes.items() if (slope := of[cell]) is not None}
            if len(numbers) < len(MEASURED):
                continue
            found.append(
                Sensitivity(
                    cell,
                    values[cell],
                    numbers,
                    {
                        metric: Fraction(slope * values[cell], totals[metric]) if totals[metric] else Fraction(0)
                        for metric, slope in numbers.items()
                    },
                )
            )
    order = {cell: place for place, cell in enumerate(values)}
    return tuple(sorted(found, key=lambda one: (-one.elasticities["multiply_adds"], order[one.cell])))


def _freed(
    cells: list[str], analyzed: Callable[[Iterable[str]], Analysis], layers: int
) -> list[tuple[list[str], Analysis]]:
    """Sets of cells that can be free together; where some cannot, halves are tried."""
    if not cells:
        return []
    spend(STEPS_OF_A_LAYER * layers)
    try:
        return [(cells, analyzed(cells))]
    except Stop:
        if len(cells) == 1:
            return []
        middle = len(cells) // 2
        return _freed(cells[:middle], analyzed, layers) + _freed(cells[middle:], analyzed, layers)
