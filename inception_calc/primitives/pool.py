"""Pools of any rank: windows without weights, and bins that divide a map whatever its size.

    element ops  max: taps - 1 comparisons for each output element, taps on padding included
                 average: taps, the additions and one division

Source of bins: SPP-net (He et al. 2014), section 2.2: i from floor(i a / n) to ceil((i + 1) a / n).
"""

from __future__ import annotations

from dataclasses import dataclass

from inception_calc.dims import Dim, Shape, Sides, Window, bin_edges, product, sliding, total
from inception_calc.primitives.derivation import (
    Derivation,
    batched,
    each_axis,
    element_ops,
    point,
    positions,
    product_of,
)
from inception_calc.primitives.primitive import Params, Primitive, saved
from inception_calc.primitives.sight import Sight, Sights, whole_map, window_sight


@dataclass(frozen=True, slots=True)
class Pool(Primitive):
    """One value for each channel and position; `window` None is the whole map."""

    window: Window | None
    sides: Sides
    """Of the map that enters."""
    positions: Sides
    """Sides of the map that leaves."""
    channels: Dim
    saved: int = 0
    """How many operations less than taps one output element needs; below zero, more."""
    batch: Dim = 1

    @property
    def window_on(self) -> Window:
        """The window, a global one being as large as the map."""
        return self.window or sliding(self.sides)

    @property
    def element_ops(self) -> Dim:
        """Channels x positions x (taps - saved) x batch."""
        taps = product(self.sides) if self.window is None else self.window.area
        return saved(taps, self.saved) * product(self.positions) * self.channels * self.batch

    def sight(self, x: Shape) -> Sights | None:
        """From the first tap of the window to the last."""
        return window_sight(self.window_on, self.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, and element ops."""
        taps = each_axis("kernel", self.window_on.kernel_size)
        beside = f" - {self.saved}" if self.saved > 0 else f" + {-self.saved}" if self.saved else ""
        places = {**batched(self.batch), "channels": self.channels, **each_axis("output", self.positions)}
        sizes = point(y) if self.window is None else positions(self.window, self.sides)
        return *sizes, element_ops(f"({'*'.join(taps)}{beside})", taps, places)


@dataclass(frozen=True, slots=True)
class TrainedPool(Pool):
    """The sum under the window, times one trained coefficient, plus one trained bias: LeNet-5's subsampling."""

    saved: int = -1

    @property
    def params(self) -> Params:
        """A coefficient and a bias per map."""
        return Params(biases=self.channels, affine=self.channels)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, element ops, coefficients and biases."""
        trained = (product_of(role, {"channels": self.channels}) for role in ("biases", "affine"))
        return *Pool.derivations(self, y), *trained


@dataclass(frozen=True, slots=True)
class SquaredPool(Pool):
    """The root of the sum of squares under the window: a square for each tap, additions and one root."""

    @property
    def element_ops(self) -> Dim:
        """Channels x positions x 2 taps x batch."""
        return 2 * Pool.element_ops.__get__(self)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, and element ops."""
        *sizes, ops = Pool.derivations(self, y)
        return *sizes, ops._replace(formula=f"2*{ops.formula}")


@dataclass(frozen=True, slots=True)
class AdaptivePool(Primitive):
    """One value for each of so many bins along each axis; bins may share border elements."""

    sides: Sides
    channels: Dim
    bins: tuple[int, ...]
    saved: int = 0
    """Operations that the first element of a bin saves: 1 for comparisons, none for a sum that is divided."""

    @property
    def element_ops(self) -> Dim:
        """The elements in all bins, less what their first ones save."""
        return self.channels * (product(self._inside) - self.saved * product(self.bins))

    @property
    def _inside(self) -> list[Dim]:
        """Along each axis the elements in all bins."""
        return [_in_bins(extent, n) for extent, n in zip(self.sides, self.bins, strict=True)]

    def sight(self, x: Shape) -> Sights | None:
        """Each element sees its bin; not known on a map of free size."""
        if not all(isinstance(extent, int) for extent in self.sides):
            return None
        cut = (bin_edges(extent, n) for extent, n in zip(self.sides, self.bins, strict=True))
        return tuple(Sight(tuple((start, end - 1) for start, end in edges), step=0) for edges in cut)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, and element ops."""
        sizes = [Derivation(axis, str(n)) for axis, n in zip(y.axes, self.bins, strict=True)]
        inside = {f"{name}s": count for name, count in each_axis("bin", tuple(self._inside)).items()}
        formula = "*".join(inside)
        if self.saved:
            formula = f"({formula} - {'*'.join(map(str, self.bins))})"
        return *sizes, Derivation("element_ops", f"channels*{formula}", {"channels": self.channels, **inside})


@dataclass(frozen=True, slots=True)
class Bins(Primitive):
    """The largest value of each bin, for each of some grids of n bins along each axis, one after the other."""

    sides: Sides
    channels: Dim
    levels: tuple[int, ...]

    @property
    def element_ops(self) -> Dim:
        """One comparison less than there are elements in a bin; bins may share border elements."""
        rank = len(self.sides)
        each = (product(_in_bins(extent, n) for extent in self.sides) - n**rank for n in self.levels)
        return self.channels * total(each)

    def sight(self, x: Shape) -> Sights | None:
        """Each element sees its bin; on a map of free size the largest one is known where it is the whole map."""
        if not all(isinstance(extent, int) for extent in self.sides):
            return whole_map(self.sides) if 1 in self.levels else None
        return tuple(
            Sight(tuple((start, end - 1) for n in self.levels for start, end in bin_edges(extent, n)), step=0)
            for extent in self.sides
        )

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Channels, and element ops."""
        each = {n: "*".join([str(n)] * len(self.sides)) for n in self.levels}
        channels = {"channels": self.channels}
        seen: dict[str, Dim] = {**channels}
        compared = []
        for index, n in enumerate(self.levels, start=1):
            inside = each_axis("bin", tuple(_in_bins(extent, n) for extent in self.sides))
            inside = {f"{name}s_{index}": count for name, count in inside.items()}
            seen |= inside
            compared.append(f"{'*'.join(inside)} - {each[n]}")
        bins = " + ".join(each[n] for n in self.levels)
        return (
            Derivation("channels", f"channels*({bins})", channels),
            *point(y),
            Derivation("element_ops", f"channels*({' + '.join(compared)})", seen),
        )


def _in_bins(extent: Dim, n: int) -> Dim:
    """Elements in n bins along one axis, those in two of them twice."""
    return total(end - start for start, end in bin_edges(extent, n))
