"""A space and what is asked of it, put into the order in which it is walked through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from inception_calc.analysis.spec_source import SpecSource, spec_behind
from inception_calc.graph import Source, Symbols
from inception_calc.problems import InputError, Problem, Stop
from inception_calc.spec_file.use import Origin
from inception_calc.sweep.axes import Axis
from inception_calc.sweep.family import Families
from inception_calc.sweep.networks import Networks
from inception_calc.sweep.question import Question
from inception_calc.sweep.space import Space

PROBES = 3
"""Values of the other axes at which it is tried whether an axis has a closed form."""


@dataclass(frozen=True)
class Setup:
    """A space and what is asked of it: all that a worker needs."""

    networks: Networks
    asked: Question
    typed: tuple[Axis, ...]
    """The axes in the order in which they were typed."""
    leading: int = 0
    """How many axes stand in front because no closed form says them."""

    @cached_property
    def space(self) -> Space:
        """The index space."""
        return Space(self.networks.axes)

    def portable(self) -> Setup:
        """The setup without the ways to files, which other processes do not go."""
        sources: dict[str, Source] = {}
        for name, source in self.networks.sources.items():
            spec = spec_behind(source)
            sources[name] = source if spec is None else SpecSource(spec._replace(origin=_nowhere(spec.origin)))
        return replace(self, networks=replace(self.networks, sources=sources))

    def families(self) -> Families:
        """The families, none of them made yet."""
        return Families(self.networks, self.asked)


def _nowhere(origin: Origin) -> Origin:
    """A text without neighbours: all that it takes from them is in the nodes by now."""
    return origin._replace(text="", neighbour=_no_neighbour)


def _no_neighbour(name: str) -> Origin:
    raise InputError(Problem("unreadable", f"'{name}' is not here"))


def set_up(
    sources: Mapping[str, Source],
    axes: tuple[Axis, ...],
    asked: Question,
    *,
    symbols: Symbols | None = None,
    input: tuple[int, ...] | Mapping[str, tuple[int, ...]] | None = None,  # noqa: A002 - the word of the spec
    training: bool = False,
    round_to: int | None = None,
    dtype: str = "fp32",
) -> Setup:
    """The setup of a question; axes without a closed form are put in front, after variants and repetitions."""
    rigid = tuple(axis for axis in axes if axis.is_structural)
    other = tuple(axis for axis in axes if not axis.is_structural)

    def made(order: tuple[Axis, ...]) -> Networks:
        return Networks(sources, order, symbols or {}, input, training, round_to, dtype)

    free = _free(made((*rigid, *other)), len(rigid))
    hard = tuple(axis for place, axis in enumerate(other) if place not in free)
    soft = tuple(axis for place, axis in enumerate(other) if place in free)
    return Setup(made((*rigid, *hard, *soft)), asked, axes, len(rigid) + len(hard))


def _free(networks: Networks, rigid: int) -> set[int]:
    """The axes, counted behind the rigid ones, that can be free together; the longest are tried first."""
    others = networks.axes[rigid:]
    every = set(range(len(others)))
    if _allows(networks, rigid, every):
        return every
    free: set[int] = set()
    for place in sorted(every, key=lambda place: (-len(others[place]), place)):
        if _allows(networks, rigid, {*free, place}):
            free.add(place)
    return free


def _allows(networks: Networks, rigid: int, free: set[int]) -> bool:
    """Whether networks have a shape with these axes free, wherever the others stand."""
    for probe in range(PROBES):
        digits: list[int | None] = []
        for place, axis in enumerate(networks.axes):
            is_free = place - rigid in free
            digits.append(None if is_free else (len(axis) - 1) * probe // (PROBES - 1))
        try:
            networks.analysis(digits)
        except Stop:
            continue
        return True
    return False
