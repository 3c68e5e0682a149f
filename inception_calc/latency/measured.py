"""What a measurement found, as plain values, and whether it can be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inception_calc.latency.statistics import median, median_interval, percentile
from inception_calc.latency.units import TimedUnit

LEAST_CPU_SHARE = 0.9
"""Of the wall time: in a round with less, others held the processor."""
LEAST_KEPT = 5
"""Rounds that must be left."""
MOST_SPREAD = 0.15
"""Of the median: so far may the middle 80 % of the rounds kept lie apart; beyond it no relation is certain."""
MOST_DRIFT = 0.1
"""Of the median: so far may the medians of blocks of rounds lie apart; beyond it the machine changed meanwhile."""
BLOCKS = 4
"""Of the rounds, in the order in which they ran; each must have a median worth the name."""
LEAST_IN_BLOCK = 2
MOST_APART = 0.15
"""Of the run: so much may the sum of units that were timed alone differ from it."""


@dataclass(frozen=True, slots=True)
class Round:
    """A whole network: milliseconds of one run in the calling thread's processor time, and by the clock."""

    cpu: float
    wall: float
    runs: int = 1
    """Over which the two are the mean."""

    @property
    def kept(self) -> bool:
        """Nobody else held the processor for long."""
        return self.cpu >= LEAST_CPU_SHARE * self.wall


@dataclass(frozen=True, slots=True)
class Roof:
    """What the machine can do at best: samples of a square matrix product and of a large copy, between rounds."""

    multiply_adds_per_millisecond: tuple[float, ...]
    bytes_per_millisecond: tuple[float, ...]

    @property
    def peak(self) -> float:
        """Multiply-adds in a millisecond."""
        return percentile(self.multiply_adds_per_millisecond, 0.9)

    @property
    def bandwidth(self) -> float:
        """Bytes in a millisecond, read and written."""
        return percentile(self.bytes_per_millisecond, 0.9)

    def at(self, intensity: float) -> float:
        """The multiply-adds in a millisecond that a layer of this intensity (multiply-adds per byte) can reach."""
        return min(self.peak, self.bandwidth * intensity)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One network, measured. Times are milliseconds."""

    network: str
    """Its name, variant and setting in one text."""
    provider: str
    environment: Mapping[str, str | int]
    units: tuple[TimedUnit, ...]
    inserted: Mapping[str, float]
    """Kernels that the runtime put in, by operator."""
    rounds: tuple[Round, ...]
    roof: Roof
    raw: Mapping[str, tuple[float, ...]]
    """Unit -> its time in each profiled round that counts."""
    profiled: tuple[Round, ...] = ()
    """The rounds in which kernels were timed."""
    interrupted: bool = False
    alone: bool = False
    """Each unit was timed as a network of its own."""

    @property
    def kept(self) -> tuple[float, ...]:
        """The processor times of the rounds that count."""
        return tuple(round_.cpu for round_ in self.rounds if round_.kept)

    @property
    def milliseconds(self) -> float:
        """The whole run: the median of the rounds kept, of all where none was."""
        return median(self.kept or [round_.cpu for round_ in self.rounds])

    @property
    def interval(self) -> tuple[float, float]:
        """95 % for the median, and no narrower than the medians of the blocks lie apart: rounds in a row are alike."""
        times = self.kept or [round_.cpu for round_ in self.rounds]
        low, high = median_interval(times)
        medians = block_medians(times)
        return min(low, *medians), max(high, *medians)

    @property
    def in_units(self) -> float:
        """The sum of the units' times."""
        return sum(timed.milliseconds for timed in self.units)

    @property
    def rest(self) -> float:
        """What is in no kernel: the runtime's own work, and the difference between medians and low percentiles."""
        return self.milliseconds - self.in_units - sum(self.inserted.values())

    @property
    def overhead(self) -> float:
        """The whole run for each millisecond in the kernels of our layers; 1 where none was timed."""
        return self.milliseconds / self.in_units if self.in_units > 0 else 1.0

    @property
    def apart(self) -> str:
        """Why units that were timed alone do not stand for the run; empty where they do."""
        if not self.alone or abs(self.in_units - self.milliseconds) <= MOST_APART * self.milliseconds:
            return ""
        return f"the layers, each timed alone, take {self.in_units / self.milliseconds:.2f} times the run"

    @property
    def noise(self) -> str:
        """Why the measurement cannot be believed; empty where it can."""
        return noise_of(self.kept, len(self.rounds)) or self._noise_of_profile

    @property
    def _noise_of_profile(self) -> str:
        kept, rounds = sum(round_.kept for round_ in self.profiled), len(self.profiled)
        if kept < min(LEAST_KEPT, rounds):
            return f"only {kept} of {rounds} profiled rounds had the processor to themselves"
        return ""


def noise_of(kept: Sequence[float], rounds: int) -> str:
    """Why these rounds say nothing certain; empty where they do."""
    if rounds < LEAST_KEPT:
        return f"only {rounds} rounds: fewer than {LEAST_KEPT} do not show how far they spread"
    if len(kept) < LEAST_KEPT:
        return f"only {len(kept)} of {rounds} rounds had the processor to themselves"
    spread = (percentile(kept, 0.9) - percentile(kept, 0.1)) / median(kept)
    if spread > MOST_SPREAD:
        return f"the middle 80 % of the rounds spread over {100 * spread:.0f} % of the median"
    medians = block_medians(kept)
    drift = (max(medians) - min(medians)) / median(kept)
    if drift > MOST_DRIFT:
        return f"the machine changed its pace meanwhile: medians of parts of the run differ by {100 * drift:.0f} %"
    return ""


def block_medians(times: Sequence[float]) -> list[float]:
    """The medians of equal parts of the rounds, in their order: as many parts as have enough rounds."""
    blocks = min(BLOCKS, len(times) // LEAST_IN_BLOCK) or 1
    ends = [len(times) * number // blocks for number in range(blocks + 1)]
    return [median(times[start:end]) for start, end in pairwise(ends)]
