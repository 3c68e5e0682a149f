"""One network at different values of one symbol, counted by the integer path."""

from fractions import Fraction
from typing import Any

from inception_calc.analysis import Analysis, analyze
from inception_calc.dims import Dim
from inception_calc.graph import Symbols
from inception_calc.problems import InputError
from inception_calc.solve.limit import LIMITABLE, Limit
from inception_calc.solve.model import Point
from inception_calc.spec_file import LoadedSpec


class Network:
    """A spec with everything set but one symbol."""

    def __init__(
        self,
        spec: LoadedSpec,
        over: str,
        symbols: Symbols,
        input: tuple[int, ...] | None,  # noqa: A002 - the word of the spec
        training: bool,
        round_to: int | None,
    ) -> None:
        self.spec = spec
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
        return self._analyzed(value, rounded)

    def as_written(self) -> Analysis:
        """The analysis at the value that the spec itself has."""
        return analyze(
            self.spec, input=self.input, symbols=self.symbols, training=self.training, round_to=self.round_to
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
        return analyze(self.spec, input=self.input, symbols=symbols, training=self.training, round_to=round_to)
