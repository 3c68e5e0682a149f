"""Where a network can be built at all: the values of a symbol at which its closed forms hold."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims import symbol
from inception_calc.dims.polynomial import variable
from inception_calc.dims.progression import COUNT, Progression
from inception_calc.graph import Symbols
from inception_calc.problems import Stop
from inception_calc.solve.families import Family, families
from inception_calc.solve.network import Network
from inception_calc.solve.search import Search
from inception_calc.spec_file import LoadedSpec


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a symbol, first and last of each run (None: without end), `step` apart."""

    name: str
    runs: tuple[tuple[int | Fraction, int | Fraction | None], ...]
    step: int | Fraction = 1


def domain(
    spec: LoadedSpec,
    name: str,
    values: Progression | None = None,
    *,
    symbols: Symbols | None = None,
    input: tuple[int, int, int] | None = None,  # noqa: A002 - the word of the spec
    training: bool = False,
) -> Domain | None:
    """Where a network can be built while one symbol changes and all others stay; None where that is not known.

    `values` are those that an assumption leaves, `size % 32 == 0`. The closed form says where no map is empty, the
    integer path has the last word at both ends of it.
    """
    network = Network(spec, name, symbols or {}, input, training, None)
    try:
        if values is None:
            every = families(network)
        else:
            free = network.free(symbol(name) * int(values.step) + int(values.before))
            every = [Family(values, free, name, variable(COUNT))]
        if len(every) > 1:  # as many closed forms as remainders
            return None
        search = Search(network, every, ())
        (stretch,) = search.stretches
        low = search.smallest(stretch) if stretch.fitting else None
        if low is None:
            return None
        high = None if stretch.last is None else search.largest(stretch)
    except Stop:
        return None
    ends = [(stretch.values.value(start), None if end is None else stretch.values.value(end))
            for start, end in stretch.fitting]  # fmt: skip
    runs = [run for run in ends if run[1] is None or run[1] >= low.value]
    runs[0] = (low.value, runs[0][1])
    if high is not None:
        runs = [run for run in runs if run[0] <= high.value]
        runs[-1] = (runs[-1][0], high.value)
    return Domain(name, tuple(runs), stretch.values.step)
