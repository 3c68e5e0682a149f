"""Pools of any rank: windows without weights, and bins that divide a map whatever its size.

    element ops  max: taps - 1 comparisons for each output element, taps on padding included
                 average: taps, the additions and one division; of squares, one operation more a tap

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
    each: int = 1
    """Operations for a tap: 2 where it is squared and added."""

    @property
    def window_on(self) -> Window:
        """The window, a global one being as large as the map."""
        return self.window or sliding(self.sides)

    @property
    def element_ops(self) -> Dim:
        taps = product(self.sides) if self.window is None else self.window.area
        return self.each * saved(taps, self.saved) * product(self.positions) * self.channels * self.batch

    def sight(self, x: Shape) -> Sights | None:
        return window_sight(self.window_on, self.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        taps = each_axis("kernel", self.window_on.kernel_size)
        beside = f" - {self.saved}" if self.saved > 0 else f" + {-self.saved}" if self.saved else ""
        places = {**batched(self.batch), "channels": self.channels, **each_axis("output", self.positions)}
        sizes = point(y) if self.window is None else positions(self.window, self.sides)
        times = "" if self.each == 1 else f"{self.each}*"
        return *sizes, element_ops(f"{times}({'*'.join(taps)}{beside})", taps, places)


@dataclass(frozen=True, slots=True)
class TrainedPool(Pool):
    """The sum under the window, times one trained coefficient, plus one trained bias: LeNet-5's subsampling."""

    saved: int = -1

    @property
    def params(self) -> Params:
        return Params(biases=self.channels, affine=self.channels)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        trained = (product_of(role, {"channels": self.channels}) for role in ("biases", "affine"))
        return *Pool.derivations(self, y), *trained


@dataclass(frozen=True, slots=True)
class Bins(Primitive):
    """One value for each bin of a grid that divides the map; with `flat`, of several grids, in one vector."""

    sides: Sides
    channels: Dim
    grids: tuple[tuple[int, ...], ...]
    """Of each grid the number of bins along each axis; bins may share border elements."""
    saved: int = 0
    """Operations that the first element of a bin saves: 1 for comparisons, none for a sum that is divided."""
    flat: bool = False

    @property
    def element_ops(self) -> Dim:
        each = (product(self._inside(grid)) - self.saved * product(grid) for grid in self.grids)
        return self.channels * total(each)

    def _inside(self, grid: tuple[int, ...]) -> Sides:
        """Along each axis the elements in all bins, those in two of them twice."""
        along = zip(self.sides, grid, strict=True)
        return tuple([total(end - start for start, end in bin_edges(extent, n)) for extent, n in along])

    def sight(self, x: Shape) -> Sights | None:
        if not all(
            isinstance(extent, int) for extent in self.sides
        ):  # a bin that is the whole map is known all the same
            return whole_map(self.sides) if self.flat and (1,) * len(self.sides) in self.grids else None
        each = zip(self.sides, zip(*self.grids, strict=True), strict=True)
        edges = [[bin_edges(extent, n) for n in along] for extent, along in each]
        return tuple(Sight(tuple((a, b - 1) for one in axis for a, b in one), step=0) for axis in edges)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        grids = ["*".join(map(str, grid)) for grid in self.grids]
        values: dict[str, Dim] = {"channels": self.channels}
        sizes = [Derivation(axis, str(extent)) for axis, extent in zip(y.axes, y.sides, strict=True)]
        if self.flat:
            sizes.append(Derivation("channels", f"channels*({' + '.join(grids)})", values))
        terms = []
        for number, (grid, bins) in enumerate(zip(self.grids, grids, strict=True), start=1):
            last = f"s_{number}" if self.flat else "s"
            inside = {f"{name}{last}": count for name, count in each_axis("bin", self._inside(grid)).items()}
            terms.append("*".join(inside) + (f" - {bins}" if self.saved else ""))
            values = {**values, **inside}
        formula = " + ".join(terms)
        return *sizes, Derivation("element_ops", f"channels*{f'({formula})' if ' ' in formula else formula}", values)
