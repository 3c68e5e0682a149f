"""The networks that one closed form says: leading axes at one value each, the others free.

Where symbols decide more than costs (branches that meet at some sizes only, widths that are rounded) there is no such
form, and more axes stand at one value; with all of them there, it is the counting core's own count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.memory import live_bytes
from inception_calc.analysis.metrics import METRICS, PEAK
from inception_calc.analysis.needs import needs
from inception_calc.analysis.spec_source import spec_behind
from inception_calc.dims import AXIS_SYMBOLS, SIZE, Dim, Growth
from inception_calc.dims.bounds import question
from inception_calc.dims.polynomial import Polynomial, never_negative, polynomial
from inception_calc.dims.printing import identifier
from inception_calc.graph.cells import Cell, cell_values, cells_of
from inception_calc.graph.chosen import SQUARE
from inception_calc.problems import Fault, InputError, Problem, Undecided
from inception_calc.solve import Limit
from inception_calc.sweep.networks import Networks
from inception_calc.sweep.program import Indivisible, Interval, Program
from inception_calc.sweep.question import RELATIONS, Question

NEVER, PERHAPS, SURELY = range(3)
"""Whether a condition holds in a box."""
MOST_COMPARED = 400
"""Sizes of live maps that are compared pairwise before they are counted everywhere."""


class Condition(NamedTuple):
    """A result of a program, and what its value must lie between."""

    name: str
    """The layer that needs it, or the limit as it is typed."""
    low: int | None
    high: int | None
    is_relation: bool = False
    """Its value is a difference of which the sign alone counts."""
    scale: int = 1
    """What a breach is measured by."""

    def holds(self, value: Any) -> Any:
        """Where it holds, of a number or an array."""
        if self.low is None:
            return True if self.high is None else value <= self.high
        return value >= self.low if self.high is None else (value >= self.low) & (value <= self.high)

    def verdict(self, low: int, high: int) -> int:
        """Whether it holds where the value lies between two numbers."""
        if (self.low is None or low >= self.low) and (self.high is None or high <= self.high):
            return SURELY
        return NEVER if (self.low is not None and high < self.low) or (self.high is not None and low > self.high) else (
            PERHAPS
        )  # fmt: skip


class Judge:
    """Conditions on closed forms, and whether they hold over boxes. `more` are forms that are only worked out."""

    def __init__(
        self,
        conditions: Sequence[tuple[Condition, Sequence[Polynomial]]],
        more: Sequence[Sequence[Polynomial]],
        axes: Sequence[str],
        lowest: Mapping[str, int],
    ) -> None:
        forms = [form for _, form in conditions]
        self.program = Program([*forms, *more], axes)
        divisors = self.program.divisors
        self.conditions = [
            one if one.is_relation else one._replace(low=_times(one.low, divisor), high=_times(one.high, divisor))
            for (one, _), divisor in zip(conditions, divisors, strict=False)
        ]
        growth = Growth(lowest)
        self.grows = [all(growth.grows(part) for part in parts) for parts in (*forms, *more)]

    @property
    def first_key(self) -> int:
        """Where the results of the other forms begin."""
        return len(self.conditions)

    @property
    def key_divisors(self) -> list[int]:
        """The divisors of the other forms."""
        return self.program.divisors[self.first_key :]

    def bounds(self, corners: Sequence[Interval]) -> list[Interval]:
        """The least and the largest value of each form over a box: exact for those that never fall."""
        lows = self.program.numbers([low for low, _ in corners])
        highs = self.program.numbers([high for _, high in corners])
        if all(self.grows):
            return list(zip(lows, highs, strict=True))
        wide = self.program.bounds(corners)
        return [
            (low, high) if grows else one for low, high, one, grows in zip(lows, highs, wide, self.grows, strict=True)
        ]

    def measure(self, corners: Sequence[Interval]) -> None:
        """Says what breaches are measured by: the limit, or the largest difference of a relation over a box."""
        spans = [max(1, abs(low), abs(high)) for low, high in self.program.bounds(corners)]
        self.conditions = [
            one._replace(scale=span if one.is_relation else max(1, abs(one.low or one.high or 0)))
            for one, span in zip(self.conditions, spans, strict=False)
        ]

    def verdicts(self, bounds: Sequence[Interval]) -> list[int]:
        """Whether each condition holds over a box with these bounds."""
        return [one.verdict(*bound) for one, bound in zip(self.conditions, bounds, strict=False)]


def _times(bound: int | None, divisor: int) -> int | None:
    return None if bound is None else bound * divisor


@dataclass(frozen=True)
class Family:
    """Networks that differ in free axes alone."""

    fixed: int
    """How many leading axes stand at one value."""
    needs: Judge
    """What must hold for a network to be there."""
    wants: Judge
    """What is asked of it, then the keys that it is compared by."""
    shown: Program
    """The metrics that are shown."""
    is_counted: bool
    """Whether this is the counting core's count of one network."""


@dataclass(frozen=True)
class Refused:
    """No network of the family can be built, and why."""

    fixed: int
    reason: str


class Families:
    """The families of a space, each made when it is met."""

    MOST_KEPT = 256

    def __init__(self, networks: Networks, asked: Question) -> None:
        self.networks = networks
        self.asked = asked
        self._kept: dict[tuple[int, ...], Family | Refused | None] = {}

    @property
    def axes(self) -> int:
        """How many axes there are."""
        return len(self.networks.axes)

    @cached_property
    def structural(self) -> int:
        """How many leading axes have no closed form, whatever stands elsewhere."""
        return sum(axis.is_structural for axis in self.networks.axes)

    def of(self, prefix: Sequence[int]) -> Family | Refused | None:
        """The family of the points that begin with these digits; None where they are told apart by more digits."""
        for fixed in range(self.structural, len(prefix) + 1):
            found = self._at(tuple(prefix[:fixed]))
            if found is not None:
                return found
        return None

    def _at(self, digits: tuple[int, ...]) -> Family | Refused | None:
        if digits not in self._kept:
            if len(self._kept) > self.MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[digits] = self._made(digits)
        return self._kept[digits]

    def _made(self, digits: tuple[int, ...]) -> Family | Refused | None:
        free = self.axes - len(digits)
        try:
            with question():
                return self._family(digits, self.networks.analysis([*digits, *[None] * free]))
        except (Undecided, Indivisible):
            if not free:
                raise
            return None
        except BadRelation:
            raise
        except InputError as error:
            if free and (self._names_axis(error) or not self._is_refused([*digits, *[0] * free], _codes(error))):
                return None  # what is free is to blame, and not what stands at one value
            return Refused(len(digits), error.problems[0].code)

    def _is_refused(self, digits: Sequence[int], codes: set[str]) -> bool:
        """Whether the network at a point cannot be built, for one of these reasons."""
        try:
            self.networks.analysis(digits)
        except InputError as error:
            return not codes.isdisjoint(_codes(error))
        return False

    def _names_axis(self, error: InputError) -> bool:
        """Whether a complaint speaks of a free axis: then it may be about some of its values alone."""
        if any(code.startswith("undecided") for code in _codes(error)):
            return True
        names = [identifier(self.networks.variable(place)) for place in range(self.axes)]
        texts = [text for problem in error.problems for text in (problem.what, *problem.notes)]
        return any(name in text for name in names for text in texts)

    def _family(self, digits: tuple[int, ...], analysis: Analysis) -> Family:
        """The family whose network with free axes is this; raises `Undecided` where a metric has no closed form."""
        axes, fixed = self.networks.axes, len(digits)
        names = [self.networks.variable(place) for place in range(self.axes)]
        corners = [(1, 1) if place < fixed else axis.extent for place, axis in enumerate(axes)]
        lowest = {names[place]: corners[place][0] for place in range(fixed, self.axes)}
        forms = {
            name: _ever_largest(measured(analysis, name), names, corners)
            for name in dict.fromkeys([*self.asked.metrics, *(limit.metric for limit in self.asked.limits)])
        }
        wanted = [(Condition(limit_text(limit), *_ends(limit)), forms[limit.metric]) for limit in self.asked.limits]
        wanted += self._related(analysis, digits)
        needed = list(_needed(analysis))
        kept = Judge(needed, [], names, lowest)
        sure = kept.verdicts(kept.bounds(corners))
        needed = [one for one, verdict in zip(needed, sure, strict=True) if verdict != SURELY]
        family = Family(
            fixed,
            Judge(needed, [], names, lowest),
            Judge(wanted, [forms[key.metric] for key in self.asked.keys], names, lowest),
            Program([forms[metric] for metric in self.asked.metrics], names),
            fixed == self.axes,
        )
        family.shown.bounds(corners)  # which says where a form divides by nothing
        family.wants.measure(corners)
        return family

    def _related(self, analysis: Analysis, digits: Sequence[int]) -> Iterator[tuple[Condition, Sequence[Polynomial]]]:
        """The conditions that relations between columns make."""
        if not self.asked.relations:
            return
        values, cells = self._values(analysis, [*digits, *[None] * (self.axes - len(digits))])
        for relation in self.asked.relations:
            try:
                differences = relation.differences(values, cells)
            except Fault as fault:
                raise BadRelation(
                    Problem(fault.code, f'--where "{relation.text}": {fault.what}', None, fault.fix)
                ) from None
            for row, difference in differences:
                name = f"{relation.text} in {row}" if row else relation.text
                yield Condition(name, *RELATIONS[relation.mark], is_relation=True), [polynomial(difference)]

    def _values(self, analysis: Analysis, digits: Sequence[int | None]) -> tuple[dict[str, Dim], Mapping[str, Cell]]:
        """What cells and symbols stand for."""
        given = self.networks.settings(digits)
        loaded = spec_behind(self.networks.source(digits))
        if loaded is None:
            return given, {}
        cells, setting = cells_of(loaded.spec), analysis.setting
        sides = {AXIS_SYMBOLS[axis]: side for axis, side in zip(setting.input.axes, setting.input.sides, strict=True)}
        if len(set(map(polynomial, (sides.get(side, 0) for side in SQUARE)))) == 1 and "height" in sides:
            sides[SIZE] = sides["height"]
        own = {name: value for name, value in setting.symbols.items() if name not in cells}
        return {"batch": setting.batch, **sides, **own, **cell_values(loaded.spec, own), **given}, cells


def _codes(error: InputError) -> set[str]:
    return {problem.code for problem in error.problems}


class BadRelation(InputError):
    """A relation names what is not there; no fault of any network."""


def _ends(limit: Limit) -> tuple[int | None, int | None]:
    return (limit.value, None) if limit.least else (None, limit.value)


def _needed(analysis: Analysis) -> Iterator[tuple[Condition, Sequence[Polynomial]]]:
    """What the layers of a network need of the free axes."""
    for need in needs(analysis):
        if need.multiple_of is None:
            yield Condition(need.layer, 1, None), [need.value]
        else:
            rest = polynomial(need.value % need.multiple_of)
            yield Condition(need.layer, 0, 0), [rest]


def measured(analysis: Analysis, metric: str) -> list[Polynomial]:
    """A metric of a network, the largest of some closed forms; raises `Undecided` where none says it."""
    if metric == PEAK:
        lives = list(dict.fromkeys(polynomial(live) for live in live_bytes(analysis.graph, analysis.element_size)))
        if len(lives) <= MOST_COMPARED:
            lives = _largest_of(lives)
        return lives
    value = METRICS[metric].of_group(Measures(analysis), analysis.whole)
    return [polynomial(value)]


def _largest_of(lives: Sequence[Polynomial]) -> list[Polynomial]:
    """Those of which one may be the largest, as far as that is easily seen."""
    kept: list[Polynomial] = []
    for live in lives:
        if any(never_negative(other - live) for other in kept):
            continue
        kept = [other for other in kept if not never_negative(live - other)]
        kept.append(live)
    return kept


def _ever_largest(
    forms: Sequence[Polynomial], names: Sequence[str], corners: Sequence[Interval]
) -> Sequence[Polynomial]:
    """Those of some forms that may be the largest somewhere in a box."""
    if len(forms) < 2:
        return forms
    program = Program([[form] for form in forms], names)
    bounds = [
        (Fraction(low, divisor), Fraction(high, divisor))
        for (low, high), divisor in zip(program.bounds(corners), program.divisors, strict=True)
    ]
    least = max(low for low, _ in bounds)
    return [form for form, (_, high) in zip(forms, bounds, strict=True) if high >= least]


def limit_text(limit: Limit) -> str:
    """`multiply_adds <= 1.5G`."""
    return f"{limit.metric} {'>=' if limit.least else '<='} {limit.text}"
