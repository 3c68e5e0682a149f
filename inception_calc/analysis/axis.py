"""What the elements of a map see of the image along one axis, and what those behind a layer or a join see.

An axis is periodic: element e + P sees what e sees, `step` image elements further on. P is 1 until a layer enlarges the
map. Elements outside the map, which stand for padding, see what the same rule says; where an element of the map looks
at neither map nor padding (bilinear enlargement at the edge, a window that hangs over), `limits` cut what it sees.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, Optional, TypeAlias

from inception_calc.dims import Dim, at_most, maximum, minimum, same
from inception_calc.primitives.sight import MOST_PHASES, POINT, Sight
from inception_calc.problems import Problem, Undecided

Span: TypeAlias = tuple[Dim, Dim] | None
"""The first and the last image element seen; None where none is."""
Reach: TypeAlias = tuple[Dim, Dim | None] | None
"""How far is seen to one side: at most, and exactly, None where a free size decides."""

FIRST, LAST = 0, 1
"""The two sides, as places in a span or in limits."""


class Limits(NamedTuple):
    """The first and the last image element that any element of a map sees; None where a free size decides."""

    first: Dim | None
    last: Dim | None


class Axis(NamedTuple):
    """What the `extent` elements of a map see of the image along one axis, as `Sight` says it of one layer."""

    extent: Dim
    seen: tuple[Span, ...] = ((0, 0),)
    step: Dim = 1
    fixed: Span = None
    """What every element sees besides: a gate that is spread over the map, a branch that saw the whole map."""
    limits: Limits | None = None
    """How far anything is seen; None where no element of the map looks beyond map and padding."""
    each: Optional["Axis"] = None
    """Of a vector what its elements see one by one, where these come from different places; `seen` is all of that."""

    @property
    def size(self) -> Dim:
        """Image elements from the first to the last one seen, where most are seen."""
        span = self.widest
        return 0 if span is None else span[1] - span[0] + 1

    @property
    def widest(self) -> Span:
        """What the element sees that sees most; a map of a free size counts as large enough to have one inside."""
        if self.each is not None:
            return self.each.widest
        return _longest(_hull((span, self.fixed)) for span in self._candidates())

    @property
    def stride(self) -> Dim | Fraction | None:
        """Image elements from one element to the next, on average; None of a vector that is put together."""
        if self.each is not None:
            return self.each.stride if self.each.step != 0 else None
        if len(self.seen) == 1:
            return self.step
        stride = Fraction(self.step, len(self.seen))
        return int(stride) if stride.denominator == 1 else stride

    @property
    def first(self) -> Span:
        """What element 0 sees."""
        return self.at(0) if self.each is None else self.each.first

    @property
    def offset(self) -> Dim:
        """The first image element seen by element 0, or by the first element that sees any."""
        if self.each is not None:
            return self.each.offset
        lowest = None if self.limits is None else _known(self.limits.first)
        for span in self._phases:
            own = [] if span is None else [span[0] if lowest is None else _extreme((span[0], lowest), largest=True)]
            if firsts := own if self.fixed is None else [*own, self.fixed[0]]:
                return _extreme(firsts, largest=False)
        return 0

    @property
    def is_even(self) -> bool:
        """Whether neighbours see alike, so that size and stride say what layers behind see inside the map."""
        return len(self.seen) == 1 and self.fixed is None and self.each is None

    @property
    def everything(self) -> Span:
        """What all elements see together."""
        return _hull((self._cut(under(self, (0, self.extent - 1))), self.fixed))

    @property
    def _phases(self) -> tuple[Span, ...]:
        """What the elements of one period see, as far as the map has them."""
        return self.seen[: self.extent] if isinstance(self.extent, int) else self.seen

    def beyond(self, element: Dim) -> Span:
        """What one element sees by the rule alone, in the map or outside; without what every element sees."""
        if len(self.seen) == 1:
            (span,) = self.seen
            return span and (span[0] + element * self.step, span[1] + element * self.step)
        if not isinstance(element, int):
            raise _undecided("which elements see most")
        period, phase = divmod(element, len(self.seen))
        span = self.seen[phase]
        return span and (span[0] + period * self.step, span[1] + period * self.step)

    def at(self, element: Dim) -> Span:
        """The first and the last image element that one element of the map sees."""
        return _hull((self._cut(self.beyond(element)), self.fixed))

    def _cut(self, span: Span) -> Span:
        """What is within the limits."""
        if span is None or self.limits is None:
            return span
        first = _nearer(span[0], _known(self.limits.first), FIRST)
        last = _nearer(span[1], _known(self.limits.last), LAST)
        return None if at_most(first, last) is False else (first, last)

    def _candidates(self) -> Iterable[Span]:
        """What those elements see among which the one is that sees most: any of a phase, if nothing else decides."""
        if self.limits is None and self.fixed is None:
            return self._phases
        if isinstance(self.extent, int):
            return [self._cut(self.beyond(element)) for element in self._least_cut()]
        return self.seen if self.fixed is None or len(self.seen) > 1 else [self.seen[0], self.beyond(self.extent - 1)]

    def _least_cut(self) -> set[int]:
        """Of each phase the outermost elements, and those around where nothing is cut off any more."""
        elements, phases = set(), len(self.seen)
        for phase, span in enumerate(self._phases):
            latest = (self.extent - 1 - phase) // phases
            turns = {0, latest}
            if span is not None and self.limits is not None and latest and self.step != 0:
                start = -((span[0] - _known(self.limits.first)) // self.step)
                stop = (_known(self.limits.last) - span[1]) // self.step
                if not (isinstance(start, int) and isinstance(stop, int)):
                    raise _undecided("which elements see most")
                turns |= {min(max(turn, 0), latest) for turn in (start - 1, start, stop, stop + 1)}
            elements |= {turn * phases + phase for turn in turns}
        return elements


def after(axis: Axis, sight: Sight, extent: Dim) -> Axis | None:
    """What the `extent` output elements of a layer see; None where neighbours see too differently."""
    if sight is POINT:
        return axis if axis.each is None else axis._replace(each=None)  # the channels of a vector are mixed
    phases, spans, step = len(axis.seen), sight.seen, sight.step * axis.step
    if phases > 1:
        if not isinstance(sight.step, int) or not all(span is None or isinstance(span[1], int) for span in spans):
            return None
        rounds = phases // gcd(phases, sight.step)
        turns = [turn * sight.step for turn in range(rounds)]
        spans = tuple([span and (span[0] + turn, span[1] + turn) for turn in turns for span in spans])
        step = step * rounds // phases
    if len(spans) > MOST_PHASES and sight.step:
        return None
    seen = tuple([span and under(axis, span) for span in spans])
    return _limited(Axis(extent, seen, step, axis.fixed), _limits(axis, sight, extent))


def under(axis: Axis, span: tuple[Dim, Dim]) -> Span:
    """What the elements from the first to the last of `span` see together, by the rule alone."""
    first, last = span
    if len(axis.seen) == 1:
        seen = axis.seen[0]
        return seen and (seen[0] + first * axis.step, seen[1] + last * axis.step)
    if not isinstance(first, int) or not isinstance(last, int):
        raise _undecided("which elements see most")
    phases = len(axis.seen)
    front, back = range(first, min(last + 1, first + phases)), range(max(first, last + 1 - phases), last + 1)
    return _hull([*map(axis.beyond, front), *map(axis.beyond, back)])


def _limited(axis: Axis, limits: Limits | None) -> Axis:
    """The axis within its limits, where any of its elements would see further."""
    if limits is None or all(_keeps_within(axis, limits[side], side) for side in (FIRST, LAST)):
        return axis
    return axis._replace(limits=limits)


def _keeps_within(axis: Axis, limit: Dim | None, side: int) -> bool:
    try:
        reach = _own_reach(axis, side)
    except Undecided:
        return False
    return reach is None or (limit is not None and _is_within(reach, limit, side))


def _limits(axis: Axis, sight: Sight, extent: Dim) -> Limits | None:
    """How far the output elements of a layer see: as far as the map does, and the padding that they look at."""
    if axis.limits is None and not sight.is_cut:
        return None
    before, behind = sight.padding

    def first() -> Iterator[Reach]:
        yield _own_reach(axis, FIRST)
        if before != 0 and (seen := under(axis, (-before, -1))) is not None:
            yield seen[0], seen[0]

    def last() -> Iterator[Reach]:
        yield _own_reach(axis, LAST)
        if behind != 0 and (window := sight.seen[0]) is not None:
            end, reached = axis.extent - 1, window[1] + (extent - 1) * sight.step  # the last position may miss padding
            is_met = at_most(end + behind, reached)
            met = maximum(reached, end) if is_met is False else end + behind
            if (seen := under(axis, (end, met))) is not None:
                yield seen[1], None if is_met is None else seen[1]

    return Limits(_furthest(first(), FIRST), _furthest(last(), LAST))


def _own_reach(axis: Axis, side: int) -> Reach:
    """How far the elements of a map see to one side."""
    end, period = axis.extent - 1, len(axis.seen) - 1
    period = min(period, end) if isinstance(end, int) else period
    seen = under(axis, (end - period, end) if side == LAST else (0, period))
    if seen is None or axis.limits is None:
        return seen and (seen[side], seen[side])
    limit = axis.limits[side]
    return seen[side], None if limit is None else _nearer(seen[side], limit, side)


def _nearer(first: Dim, second: Dim, side: int) -> Dim:
    """The nearer of two reaches to one side; a formula where a free size decides."""
    return minimum(first, second) if side == LAST else maximum(first, second)


def _furthest(reaches: Iterable[Reach], side: int) -> Dim | None:
    """The furthest of some; None where a free size decides, or nothing is seen."""
    try:
        seen = [reach for reach in reaches if reach is not None]
    except Undecided:
        return None
    for _, exact in seen:
        if exact is not None and all(_is_within(reach, exact, side) for reach in seen):
            return exact
    return None


def _is_within(reach: tuple[Dim, Dim | None], limit: Dim, side: int) -> bool:
    """Whether it is known that a reach goes no further than a limit."""
    pairs = [(reached, limit) if side == LAST else (limit, reached) for reached in reach if reached is not None]
    return any(at_most(*pair) for pair in pairs)


def union(branches: Sequence[Axis], extent: Dim) -> Axis | None:
    """What the elements of a join see: the union of its branches, of which those of one element are spread.

    What a spread branch sees, every element sees from then on. None where branches step differently.
    """
    moving = [axis for axis in branches if same(axis.extent, extent) and not _is_constant(axis)]
    spread = [axis for axis in branches if not any(axis is one for one in moving)]
    if extent == 1 and any(axis.stride != moving[0].stride for axis in moving):
        moving, spread = moving[:1], moving[1:] + spread  # one element: how far the next one would be decides nothing
    if not moving:
        moving, spread = spread[:1], spread[1:]
    if any(axis.stride != moving[0].stride for axis in moving):
        return None
    phases = lcm(*(len(axis.seen) for axis in moving))
    if phases > MOST_PHASES:
        return None
    seen = tuple([_hull([axis.beyond(element) for axis in moving]) for element in range(phases)])
    fixed = _hull([*(axis.fixed for axis in moving), *(axis.at(0) for axis in spread)])
    joined = Axis(extent, seen, moving[0].step * (phases // len(moving[0].seen)), fixed)
    if any(axis.limits is not None for axis in moving):
        first, last = (_furthest((_own_reach(axis, side) for axis in moving), side) for side in (FIRST, LAST))
        return _limited(joined, Limits(first, last))
    return joined


def _is_constant(axis: Axis) -> bool:
    """Whether all elements of a map see the same."""
    return axis.step == 0 and len(axis.seen) == 1


def vector(axes: Sequence[Axis]) -> Axis:
    """Maps or vectors one after the other in one vector: together they see all, an element what it saw before."""
    everything = _hull(axis.everything for axis in axes)
    if len(axes) > 1:
        each = Axis(2, (axes[0].first, _longest(axis.widest for axis in axes)), 0)
        return Axis(1, (everything,), 0, each=each)
    return Axis(1, (everything,) * len(axes[0].seen), axes[0].step, each=axes[0])


def spread_out(axis: Axis, extent: Dim) -> Axis:
    """A vector, copied to every place of a map of this side."""
    return axis if extent == 1 else Axis(extent, axis.seen[:1], 0, each=axis.each)


def _hull(spans: Iterable[Span]) -> Span:
    """From the first element to the last of all spans."""
    seen = [span for span in spans if span is not None]
    if len(seen) < 2:
        return seen[0] if seen else None
    return _extreme((span[0] for span in seen), largest=False), _extreme((span[1] for span in seen), largest=True)


def _longest(spans: Iterable[Span]) -> Span:
    """The span of most elements."""
    longest: Span = None
    for span in spans:
        if span is not None and longest is not None:
            no_longer = at_most(span[1] - span[0], longest[1] - longest[0])
            if no_longer is None:
                raise _undecided("which element sees most")
            longest = longest if no_longer else span
        longest = longest or span
    return longest


def _extreme(quantities: Iterable[Dim], *, largest: bool) -> Dim:
    """The smallest or largest; raises `Undecided` where a free symbol decides.

    A formula with min and max would hold for every size, but it grows with each join that it passes.
    """
    found, *others = quantities
    for quantity in others:
        before = at_most(found, quantity)
        if before is None:
            raise _undecided("which branch sees most")
        found = quantity if before is largest else found
    return found


def _known(limit: Dim | None) -> Dim:
    if limit is None:
        raise _undecided("what the elements at the edge see")
    return limit


def _undecided(what: str) -> Undecided:
    return Undecided(Problem("free-symbol", f"{what} depends on a free symbol", None))
