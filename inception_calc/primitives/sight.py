"""What output elements of an operation see of its input, along each spatial axis: for receptive fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inception_calc.dims import Along, Dim, Sides, Window


class Sight(NamedTuple):
    """What output elements see of the input along one axis.

    `seen` holds, for output elements 0 to P - 1, the first and the last input element seen (None: none is seen). P
    elements later the same is seen `step` input elements further on; with a step of 0 all see the same. P is 1 but for
    layers that enlarge the map.
    """

    seen: tuple[tuple[Dim, Dim] | None, ...] = ((0, 0),)
    step: Dim = 1
    padding: tuple[Dim, Dim] = (0, 0)
    """Elements of padding before and after the input, which count as seen."""
    is_cut: bool = False
    """At the edges `seen` reaches further than input and padding: there is nothing to see."""


POINT = Sight()
"""One output element sees the input element at its own place."""

EVERYWHERE = Sight(step=0)
"""A map of one element spread out: every output element sees that one."""

MOST_PHASES = 64
"""Neighbours that see differently; after more enlargement than that no receptive field is given."""

Sights = tuple[Sight, ...]
"""Along each axis."""


def all_known(sights: Sequence[Sight | None]) -> Sights | None:
    """The sights along all axes; None where one of them is not known."""
    known = tuple([sight for sight in sights if sight is not None])
    return known if len(known) == len(sights) else None


def points(sides: Sides) -> Sights:
    """Every output element sees the input element at its own place."""
    return (POINT,) * len(sides)


def whole_map(sides: Sides) -> Sights:
    """The one output element sees everything."""
    return tuple([Sight(((0, extent - 1),)) for extent in sides])


def spread(sides: Sides) -> Sights:
    """Every output element sees everything."""
    return tuple([Sight(((0, extent - 1),), step=0) for extent in sides])


def window_sight(window: Window, sides: Sides) -> Sights:
    """What one position of a window sees, from its first tap to its last; rounded up, the last may hang over."""
    return tuple([_along(axis, axis.pads(extent)) for axis, extent in zip(window.axes, sides, strict=True)])


def _along(axis: Along, pads: tuple[Dim, Dim]) -> Sight:
    before, _ = pads
    return Sight(((-before, axis.reach - 1 - before),), axis.stride, pads, axis.ceil and axis.stride != 1)
