"""Two symbols at once: the pairs of values of which neither can grow without the other giving way.

The front is walked like a staircase. At the smallest second value the first one is made as large as fits, then the
second one as large as fits beside it: nothing beats this pair. The next step begins where the second value grows on.
No pair is missed, because no limited count falls when either value grows, which is proven or refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.metrics import METRICS, PEAK
from inception_calc.dims import Growth
from inception_calc.graph import Source, Symbols
from inception_calc.problems import InputError, Problem, Undecided
from inception_calc.solve.limit import Limit
from inception_calc.solve.model import FOUND, UNBOUNDED, Front, Pair, Solution
from inception_calc.solve.network import Input, check_over
from inception_calc.solve.search import solve

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

MOST_PAIRS = 256
"""A longer front is no answer that anybody reads."""


def front(
    network: Source | LoadedSpec | str,
    over: tuple[str, str],
    limits: Iterable[Limit],
    *,
    symbols: Symbols | None = None,
    input: Input = None,  # noqa: A002 - the word of the spec
    training: bool = False,
    round_to: int | None = None,
) -> Front:
    """The largest pairs of values of two symbols or cells within limits from above.

    Raises `InputError` for other limits, `Undecided` where a limited count may fall, or where a value has no end.
    """
    limits, origin = tuple(limits), source_of(network)
    check_over(origin, over)
    if not limits or any(limit.least for limit in limits):
        what = "two symbols at once are searched under limits from above"
        raise InputError(Problem("bad-usage", what, None, "write --max multiply_adds=1G, or search over one symbol"))
    first, second = over
    if first == second:
        raise InputError(Problem("bad-usage", f"'{first}' is given twice", None, "--over size,width_multiplier"))

    def searched(name: str, within: tuple[Limit, ...], values: Symbols) -> Solution:
        return solve(origin, name, within, symbols=values, input=input, training=training, round_to=round_to)

    def largest(name: str, other: str, value: int | Fraction) -> Solution:
        try:
            return searched(name, limits, {**(symbols or {}), other: value})
        except Undecided as stop:
            if not pairs or stop.problems[0].code != "too-complex":
                raise
            # each search before was within its bounds: all together are not
            raise _too_long(f"it is too much work beyond {len(pairs)} pairs", first) from None

    pairs: list[Pair] = []
    starts = [searched(name, (), symbols or {}) for name in over]
    lowest = {
        name: start.low.value.__floor__() for name, start in zip(over, starts, strict=True) if start.low is not None
    }
    _check_grows(origin, lowest, limits, symbols or {}, input, training)
    start = starts[1]
    value = None if start.low is None else start.low.value
    reason = start.reason
    while value is not None:
        across = largest(first, second, value)
        if across.status != FOUND or across.at is None:
            _check_bounded(across, first)
            reason = across.reason
            break
        along = largest(second, first, across.at.value)
        _check_bounded(along, second)
        if along.at is None:  # the closed form and the count disagree where a network can be built
            raise Undecided(Problem("no-exact-answer", "the front cannot be followed", None, "search over one symbol"))
        pairs.append(Pair((across.at.value, along.at.value), along.at.counts))
        value = None if along.next is None else along.next.value
        if len(pairs) > MOST_PAIRS:
            raise _too_long(f"it has more than {MOST_PAIRS} pairs", first)
    rounded, why = round_to is not None, "" if pairs else reason
    return Front(start.name, start.variant, over, limits, tuple(pairs), rounded, why, start.assumptions)


def _too_long(why: str, name: str) -> Undecided:
    fix = f"lower the limit, or search over one symbol: --over {name}"
    return Undecided(Problem("too-many", f"the front is too long: {why}", None, fix))


def _check_bounded(solution: Solution, name: str) -> None:
    if solution.status == UNBOUNDED:
        what = f"there is no largest {name}: {solution.reason}"
        raise Undecided(Problem("unbounded", what, None, "add a limit that it changes"))
    if solution.gaps:
        raise Undecided(_may_fall(solution.limits[0].metric, name))


def _check_grows(
    origin: Source,
    lowest: Mapping[str, int],
    limits: tuple[Limit, ...],
    symbols: Symbols,
    input: Input,  # noqa: A002 - the word of the spec
    training: bool,
) -> None:
    """Raises `Undecided` where a limited count is not proven to grow with both symbols, from their `lowest` values on.

    Where branches meet at some values only there is no one form; every search along the front tells what it sees.
    """
    try:
        free: Analysis = analyze(origin, input=input, symbols={**symbols, **dict.fromkeys(lowest)}, training=training)
    except Undecided as stop:
        if stop.problems[0].code != "undecided-join":
            raise
        return
    growth = Growth(lowest)
    for limit in limits:
        if limit.metric != PEAK and not growth.grows(getattr(free.totals, limit.metric)):
            raise Undecided(_may_fall(limit.metric, " or ".join(lowest)))


def _may_fall(metric: str, name: str) -> Problem:
    what = f"{METRICS[metric].label} may fall while {name} grows"
    return Problem("not-monotone", what, None, "search over one symbol")
