"""One network at different values of one symbol, counted by the integer path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.incomplete import missing
from inception_calc.dims import Dim
from inception_calc.graph import Source, Symbols
from inception_calc.problems import InputError, Problem, Undecided, listed, nearest
from inception_calc.solve.limit import LIMITABLE, Limit
from inception_calc.solve.model import Point

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

Input = tuple[int, ...] | Mapping[str, tuple[int, ...]] | None


class Network:
    """A network with everything set but one symbol."""

    def __init__(
        self,
        network: Source | LoadedSpec,
        over: str,
        symbols: Symbols,
        input: Input,  # noqa: A002 - the word of the spec
        training: bool,
        round_to: int | None,
    ) -> None:
        self.origin = source_of(network)
        self.over = over
        self.symbols = {name: value for name, value in symbols.items() if name != over}
        self.input = input
        self.training = training
        self.round_to = round_to
        self.refusal = ""
        self._known: dict[int | Fraction, Analysis | None] = {}
        self._refusals: dict[int | Fraction, str] = {}

    def free(self, value: Dim = None) -> Analysis:
        """The analysis with the symbol left free, or made of symbols; widths are not rounded."""
        rounded = None if self.over == "width_multiplier" else self.round_to
        found = self._analyzed(value, rounded)
        _check_known(found, self.over)
        return found

    def as_written(self) -> Analysis:
        """The analysis at the value that the spec itself has."""
        return analyze(
            self.origin, input=self.input, symbols=self.symbols, training=self.training, round_to=self.round_to
        )

    def at(self, value: int | Fraction) -> Analysis | None:
        """The analysis at a value; None where no such network can be built, and `refusal` says why."""
        if value not in self._known:
            try:
                self._known[value] = self._analyzed(value, self.round_to)
            except InputError as error:
                self._refusals[value] = error.problems[0].what
                self._known[value] = None
        self.refusal = self._refusals.get(value, self.refusal)
        return self._known[value]

    def point(self, value: int | Fraction) -> Point | None:
        """The counts at a value."""
        analysis = self.at(value)
        if analysis is None:
            return None
        counts = ((name, metric.of(analysis)) for name, metric in LIMITABLE.items())
        return Point(value, {name: count for name, count in counts if isinstance(count, int)})

    def fits(self, value: int | Fraction, limits: tuple[Limit, ...]) -> bool:
        """Whether the network at a value can be built and keeps to every limit."""
        point = self.point(value)
        return point is not None and all(limit.holds(point.counts[limit.metric]) for limit in limits)

    def _analyzed(self, value: Dim | Fraction | None, round_to: int | None) -> Analysis:
        symbols: dict[str, Any] = {**self.symbols, self.over: value}
        return analyze(self.origin, input=self.input, symbols=symbols, training=self.training, round_to=round_to)


def check_over(origin: Source, names: Iterable[str]) -> None:
    """Raises `InputError` for what is no free size of a file whose filters are constants; specs judge their own."""
    for name in names:
        if not origin.is_spec and name not in origin.symbols:
            what = f"'{name}' is no free size of {origin.source}: its filters and other sizes are constants of the file"
            free = f"search over {listed(origin.symbols, 'or')}" if origin.symbols else "it has no free size"
            raise InputError(Problem("unknown-symbol", what, None, nearest(name, origin.symbols) or free, about=name))


def _check_known(analysis: Analysis, over: str) -> None:
    """Raises `Undecided` where the network's costs are known only at least."""
    known = analysis.graph.known
    if known is not None and known.gaps:
        raise Undecided(Problem("incomplete", missing(known), None, f"without them no {over} can be said to fit"))
