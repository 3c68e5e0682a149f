"""Which single change of a filter, or of the depth that enters, would give a row's printed counts.

An unexplained row was perhaps computed for another choice of filters. Where several changes fit equally, none is
evidence. Tried are steps of 4 (filters are hardly ever odd) up to 140 away.

A count is a polynomial of degree two or less in one filter count, so three counts of the row alone give all others;
what fits is counted once more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inception_calc.analysis import analyze
from inception_calc.audit.contradictions import PrintedTable
from inception_calc.audit.counts import SUMS, Counted
from inception_calc.audit.numbers import read_number
from inception_calc.dims import Shape
from inception_calc.ops.step import BlockCall
from inception_calc.problems import Stop
from inception_calc.spec_file import LoadedSpec

STEP, REACH = 4, 140
INPUT = "input depth"


@dataclass(frozen=True, slots=True)
class Change:
    """Other values of a column, or of the input's depth, each of which alone gives the row's printed counts."""

    what: str
    now: int
    values: tuple[int, ...]


def single_changes(loaded: LoadedSpec, table: PrintedTable, row: str) -> tuple[Change, ...]:
    """The single changes that give every printed count of a row; none for a row that calls no block."""
    group = table.groups[row].row
    step = loaded.spec.rows[row].step
    if group is None or not isinstance(step.operator, BlockCall) or step.repeat is not None:
        return ()
    counts = [what for what in table.cells[row] if what in ("params", "weights", "ops", "multiply adds")]
    entering = table.analysis.graph.map_of(group.source)
    columns = {name: value for name, value in group.cells.items() if isinstance(value, int)}

    def counted(column: str, value: int) -> Mapping[str, int]:
        x = entering.deep(value) if column == INPUT else entering
        changed = {**{name: str(count) for name, count in group.cells.items()}, column: str(value)}
        changed.pop(INPUT, None)
        return _alone(loaded, row, x, changed)

    def fits(quantities: Mapping[str, int]) -> bool:
        for what in counts:
            number = read_number(table.cells[row][what])
            names = ("params", "weights") if what == "params" else (what.replace(" ", "_"),)
            units = table.units(what)
            if number is None or not any(number.roundings(quantities[name], units) for name in names):
                return False
        return bool(counts)

    found = []
    for column, now in {INPUT: entering.channels, **columns}.items():
        try:
            values = _search(now, lambda value, column=column: counted(column, value), fits)  # type: ignore[misc]
        except Stop:  # the changed row cannot be built, as where groups divide a depth
            continue
        if values:
            found.append(Change(column, now, values))
    return tuple(found)


def _search(
    now: int, counted: Callable[[int], Mapping[str, int]], fits: Callable[[Mapping[str, int]], bool]
) -> tuple[int, ...]:
    """The values around `now` that fit."""
    first, second, third = (counted(now + STEP * index) for index in range(3))

    def predicted(steps: int) -> Mapping[str, int]:
        return {
            name: first[name]
            + steps * (second[name] - first[name])
            + steps * (steps - 1) // 2 * (third[name] - 2 * second[name] + first[name])
            for name in first
        }

    near = [steps for steps in range(-(REACH // STEP), REACH // STEP + 1) if steps and now + STEP * steps > 0]
    likely = [now + STEP * steps for steps in near if fits(predicted(steps))]
    return tuple(value for value in likely if fits(counted(value)))


def _alone(loaded: LoadedSpec, row: str, x: Shape, columns: dict[str, str]) -> Mapping[str, int]:
    """The counts of a row by itself, with other columns."""
    written = loaded.spec.rows[row]
    call = written.step.operator
    assert isinstance(call, BlockCall)
    changed = written._replace(step=written.step._replace(operator=call._replace(arguments=columns)))
    entering = {**loaded.spec.entering, next(iter(loaded.spec.entering)): x}
    spec = loaded.spec.model_copy(update={"rows": {row: changed}, "heads": {}, "entering": entering})
    only = Counted.of(analyze(loaded._replace(spec=spec)))
    return {name: only.count(name, row) for name in SUMS if name in ("params", "weights", "ops", "multiply_adds")}
