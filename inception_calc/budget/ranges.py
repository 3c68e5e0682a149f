"""The largest cost over a range of input sizes: by trying them all, or by a proof that the largest size costs most.

Few sizes are tried. For many, height and width become symbols: where every layer's size and the cost itself are
proven to grow with both (`dims.growth`; the peak of live maps grows where every map does), the network fits at
every size if it fits at the smallest, and the largest size costs most. The proof is checked against a plain count
at the largest size. Where there is no proof and there are too many sizes to try, nothing is known, and the budget
is undecided.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from math import prod
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.metrics import PEAK
from inception_calc.analysis.spec_source import spec_behind
from inception_calc.budget.library import analyzed
from inception_calc.budget.models import Range
from inception_calc.dims import AXIS_SYMBOLS, Dim, Growth, sides_text, substitute
from inception_calc.graph import Source
from inception_calc.problems import InputError, Problem, Stop, Undecided, listed
from inception_calc.spec_file import LoadedSpec

FEW = 64
"""Sizes that are tried before a proof is looked for."""
MOST = 2048
"""Sizes that are tried where there is no proof."""

Values = Mapping[tuple[str, str], Dim | None]
"""(part of the network, metric) -> its number."""


class Largest(NamedTuple):
    """The largest numbers over a range, how that is known, and the analysis at the largest size."""

    values: dict[tuple[str, str], int]
    how: str
    analysis: Analysis
    unproven: tuple[tuple[str, str], ...] = ()
    """Numbers of which no largest one is known, for the reason of `no_proof`."""


def largest(
    network: Source | LoadedSpec, sizes: Range, setting: Mapping[str, Any], measure: Callable[[Analysis], Values]
) -> Largest:
    """The largest of each number that `measure` finds, over every size of the range.

    Raises `InputError` where the network does not fit at some size, `Undecided` where nothing at all is proven.
    """
    count, origin = _count(sizes), source_of(network)
    if count <= FEW:
        return _tried(origin, sizes, setting, measure, count)
    proven = _proven(origin, sizes, setting, measure, count)
    if count <= MOST and (proven is None or proven.unproven):
        return _tried(origin, sizes, setting, measure, count)
    if proven is None:
        raise Undecided(no_proof(sizes))
    return proven


def no_proof(sizes: Range) -> Problem:
    """Why nothing is known of a number over a range of many sizes."""
    return Problem(
        "no-proof",
        f"{sizes.text} has {_count(sizes):,} sizes, and it is not proven that the cost grows with the size",
        None,
        f"take a range of at most {MOST:,} sizes: they are tried one by one",
    )


def _count(sizes: Range) -> int:
    return prod(high - low + 1 for low, high in sizes.sides)


def _at(origin: Source, sizes: Range, setting: Mapping[str, Any], sides: Iterable[int]) -> Analysis:
    size = sizes.at(sides)
    try:
        return analyzed(origin, {**setting, "input": size})
    except InputError as error:
        named = size if isinstance(size, dict) else {"": size}
        text = ", ".join(f"{name}={sides_text(one)}".removeprefix("=") for name, one in named.items())
        first = error.problems[0]
        raise InputError(first._replace(what=f"at input {text}: {first.what}"), *error.problems[1:]) from None


def _tried(
    origin: Source, sizes: Range, setting: Mapping[str, Any], measure: Callable[[Analysis], Values], count: int
) -> Largest:
    found: dict[tuple[str, str], int] = {}
    for sides in product(*(range(low, high + 1) for low, high in sizes.sides)):
        analysis = _at(origin, sizes, setting, sides)
        for key, value in measure(analysis).items():
            if not isinstance(value, int):
                raise _free(analysis)
            found[key] = max(found.get(key, value), value)
    return Largest(found, f"all {count:,} sizes tried", analysis)


def _proven(
    origin: Source, sizes: Range, setting: Mapping[str, Any], measure: Callable[[Analysis], Values], count: int
) -> Largest | None:
    loaded = spec_behind(origin)
    if loaded is None:
        return None  # which sizes of a file of another kind may be free is the file's own
    lowest, highest = zip(*sizes.sides, strict=True)
    _at(origin, sizes, setting, lowest)  # it must fit at the smallest size
    top = _at(origin, sizes, setting, highest)
    names = [AXIS_SYMBOLS[axis] for axis in loaded.spec.input.axes]
    low, high = dict(zip(names, lowest, strict=True)), dict(zip(names, highest, strict=True))
    chosen = {name: high[name] if high[name] == low[name] else None for name in names}
    try:
        _check_channels(loaded, sizes)
        free = analyzed(origin, {**setting, "symbols": {**setting.get("symbols", {}), **chosen}})
    except Stop:
        return None  # branches whose sizes cannot be compared, for example
    growth = Growth(low)
    maps = {side for layer in free.graph.layers for side in layer.output}
    if not all(growth.grows(side) for side in maps):
        return None
    formulas, counted = measure(free), measure(top)
    values: dict[tuple[str, str], int] = {}
    unproven = []
    for key, formula in formulas.items():
        number = counted.get(key)
        if not isinstance(number, int):
            raise _free(top)
        if key[1] != PEAK and not (growth.grows(formula) and substitute(formula, dict(high)) == number):
            unproven.append(key)
        else:
            values[key] = number
    if formulas.keys() != counted.keys():
        return None
    how = f"proven for all {count:,} sizes: the cost grows with {listed(names)}"
    return Largest(values, how, top, tuple(unproven))


def _check_channels(loaded: LoadedSpec, sizes: Range) -> None:
    """Symbols stand for sides alone: other channels than the spec's cannot be set so."""
    if sizes.channels != loaded.spec.input.channels:
        raise Undecided(
            Problem(
                "no-proof",
                f"a range of sizes needs the spec's own {loaded.spec.input.channels} channels, not {sizes.channels}",
                None,
                "take a range of few sizes: they are tried one by one",
            )
        )


def _free(analysis: Analysis) -> Undecided:
    return Undecided(
        Problem(
            "free-symbol", f"{', '.join(analysis.free)} is left free, so no number is known", None, "give it a value"
        )
    )
