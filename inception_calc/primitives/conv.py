"""Convolutions of any rank, and transposed ones.

    weights        kernel taps * (input channels / groups) * filters
    biases         filters
    multiply-adds  weights * output positions; bias additions are not counted
                   transposed: weights * input positions, every input element meets every tap
    effective      those whose tap falls on the map, and not on padding or beyond the output

Sources: GoogLeNet, section 3, counts multiply-adds so; Dumoulin and Visin, "A guide to convolution arithmetic for deep
learning", section 4, for transposed ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from inception_calc.dims import Along, Dim, Pads, Shape, Sides, Window, exact_quotient, product, taps_on_map, total
from inception_calc.dims.window import MOST_TAPS
from inception_calc.primitives.derivation import (
    Derivation,
    batched,
    each_axis,
    effective_multiply_adds,
    positions,
    spreads,
)
from inception_calc.primitives.primitive import Params, Primitive
from inception_calc.primitives.sight import EVERYWHERE, MOST_PHASES, Sight, Sights, all_known, window_sight


@dataclass(frozen=True, slots=True)
class Conv(Primitive):
    """Every one of `positions` sees the kernel's taps of its group's channels."""

    window: Window
    sides: Sides
    """Of the map that enters."""
    positions: Sides
    """Sides of the map that leaves."""
    in_channels: Dim
    out_channels: Dim
    groups: Dim = 1
    batch: Dim = 1
    bias: bool = False
    connections: int | None = None
    """The number of kernels of one map each, where a connection table decides it."""

    @property
    def kernels(self) -> Dim:
        """The number of kernels of one map each."""
        if self.connections is not None:
            return self.connections
        return self._group_channels * self.out_channels

    @property
    def _group_channels(self) -> Dim:
        return self.in_channels if self.groups == 1 else exact_quotient(self.in_channels, self.groups)

    @property
    def params(self) -> Params:
        return Params(self.window.area * self.kernels, self.out_channels if self.bias else 0)

    @property
    def multiply_adds(self) -> Dim:
        return self.window.area * self.kernels * product(self._places) * self.batch

    @property
    def effective_multiply_adds(self) -> Dim:
        return self.kernels * product(map(total, self.taps())) * self.batch

    @property
    def _places(self) -> Sides:
        """Where the kernel is laid: at every output element."""
        return self.positions

    def taps(self) -> list[tuple[Dim, ...]]:
        """Along each axis, for each element of the kernel, the positions at which it falls on the map."""
        return self.window.taps_on_map(self.sides)

    def sight(self, x: Shape) -> Sights | None:
        return window_sight(self.window, self.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        kernels, seen = self._kernels_of()
        batch = batched(self.batch)
        taps, places = each_axis("kernel", self.window.kernel_size), each_axis(self._places_name, self._places)
        weights = "*".join((*taps, kernels))
        filters = {"filters": self.out_channels}
        derived = [
            Derivation("channels", "filters", filters),
            *self._sizes(),
            Derivation("weights", weights, {**taps, **seen}),
            Derivation("multiply_adds", "*".join((*batch, weights, *places)), {**batch, **taps, **seen, **places}),
        ]
        if all(isinstance(side, int) and side <= MOST_TAPS for side in self.window.kernel_size):
            derived += effective_multiply_adds("*".join((*batch, kernels)), {**batch, **seen}, self.taps())
        if self.bias:
            derived.append(Derivation("biases", "filters", filters))
        return tuple(derived)

    _places_name = "output"

    def _sizes(self) -> list[Derivation]:
        """How the output's sides arise."""
        return positions(self.window, self.sides)

    def _kernels_of(self) -> tuple[str, dict[str, Dim]]:
        """How the number of single-map kernels arises."""
        if self.connections is not None:
            return "connections", {"connections": self.connections}
        filters = {"filters": self.out_channels}
        if self.groups == 1:
            return "input_channels*filters", {"input_channels": self.in_channels, **filters}
        if not isinstance(self.in_channels, int):  # no remainder is left, which a floor over symbols would not say
            return "group_channels*filters", {"group_channels": self._group_channels, **filters}
        values = {"input_channels": self.in_channels, **filters, "groups": self.groups}
        return "(input_channels//groups)*filters", values


@dataclass(frozen=True, slots=True)
class TransposedConv(Conv):
    """The kernel is laid at every element of the input; `window.padding`, cut off the output, None is "same"."""

    output_padding: Sides = ()
    """Elements behind the last tap."""

    _places_name = "input"

    @property
    def _places(self) -> Sides:
        return self.sides

    @property
    def cut(self) -> Pads:
        """What is cut off the output; "same" is the padding of the convolution that it transposes."""
        return self.window.pads(self.positions)

    def taps(self) -> list[tuple[Dim, ...]]:
        """Along each axis, for each element of the kernel, how many input elements it carries to the output."""
        return [
            taps_on_map(out, axis.kernel, axis.stride, before, (extent - 1) * axis.stride, axis.dilation)
            for axis, (before, _), extent, out in zip(
                self.window.axes, self.cut, self.sides, self.positions, strict=True
            )
        ]

    def sight(self, x: Shape) -> Sights | None:
        each = zip(self.window.axes, self.cut, self.sides, self.positions, self.output_padding, strict=True)
        return all_known([_carried(*along) for along in each])

    def _sizes(self) -> list[Derivation]:
        return spreads(self.window, self.sides, self.output_padding)


def _carried(axis: Along, pads: tuple[Dim, Dim], extent: Dim, outputs: Dim, added: Dim) -> Sight | None:
    """Output element o sees input element i where a tap k falls on it: i s + k d = o + cut."""
    kernel, step, dilation, (cut, _) = axis.kernel, axis.stride, axis.dilation, pads
    if not (isinstance(kernel, int) and isinstance(step, int) and isinstance(dilation, int) and isinstance(cut, int)):
        return None
    if kernel > MOST_TAPS:
        return None
    taps = {tap * dilation - cut for tap in range(kernel)}  # on the output, of input element 0
    if extent == 1 and isinstance(outputs, int) and outputs <= kernel and taps.issuperset(range(outputs)):
        return EVERYWHERE
    if step > MOST_PHASES:
        return None
    seen: list[tuple[Dim, Dim] | None] = []
    for o in range(step):
        places = [o + cut - tap * dilation for tap in range(kernel)]
        sources = [place // step for place in places if place % step == 0]
        seen.append((min(sources), max(sources)) if sources else None)
    return Sight(tuple(seen), is_cut=cut > 0 or axis.reach > step or added != 0)
