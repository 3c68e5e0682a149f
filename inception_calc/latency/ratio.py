"""Two networks that ran in turns: the ratio of their times beside that of their multiply-adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from inception_calc.latency.measured import Round, noise_of
from inception_calc.latency.statistics import median, median_interval


@dataclass(frozen=True, slots=True)
class Ratio:
    """First over second. The verdict is on the relation alone: which of the two takes longer."""

    first: str
    second: str
    multiply_adds: Fraction
    rounds: tuple[tuple[Round, Round], ...]

    @property
    def ratios(self) -> list[float]:
        """Of the rounds in which neither run was disturbed."""
        return [first.cpu / second.cpu for first, second in self.rounds if first.kept and second.kept]

    @property
    def time(self) -> float:
        """The median of the paired ratios; of all where no round was undisturbed."""
        return median(self.ratios or [first.cpu / second.cpu for first, second in self.rounds])

    @property
    def interval(self) -> tuple[float, float]:
        """95 % for the median."""
        return median_interval(self.ratios or [first.cpu / second.cpu for first, second in self.rounds])

    @property
    def noise(self) -> str:
        """Why the ratio cannot be believed; empty where it can."""
        return noise_of(self.ratios, len(self.rounds))

    @property
    def verdict(self) -> str:
        """`confirmed`, `contradicted`, or `undecided` whether the one with more multiply-adds takes longer."""
        low, high = self.interval
        if self.noise or low <= 1 <= high or self.multiply_adds == 1:
            return "undecided"
        return "confirmed" if (low > 1) == (self.multiply_adds > 1) else "contradicted"


def ratio_of(first: tuple[str, int], second: tuple[str, int], rounds: Sequence[tuple[Round, Round]]) -> Ratio:
    """The ratio of two networks, each a name and its multiply-adds."""
    return Ratio(first[0], second[0], Fraction(first[1], max(second[1], 1)), tuple(rounds))
