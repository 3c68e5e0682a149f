"""Operators on all elements, walked."""

from __future__ import annotations

from tests.ops.loops.walk import Counts, Map, Walk, elements


def linear(x: Map, units: int, *, bias: bool = True) -> Counts:
    """Each unit has a weight for each element of the map."""
    walk = Walk()
    for unit in range(units):
        for element in elements(x):
            walk.touch("weight", unit, *element)
            walk.multiply_add()
        if bias:
            walk.touch("bias", unit)
        walk.write(unit, 0, 0)
    return walk.counts()


def linear_over_channels(x: Map, units: int, *, bias: bool = True) -> Counts:
    """One matrix for every position."""
    walk = Walk()
    for row in range(x[1]):
        for column in range(x[2]):
            for unit in range(units):
                for channel in range(x[0]):
                    walk.touch("weight", unit, channel)
                    walk.multiply_add()
                if bias:
                    walk.touch("bias", unit)
                walk.write(unit, row, column)
    return walk.counts()


def rbf(x: Map, units: int) -> Counts:
    """Each unit is the sum of squared differences to a fixed centre: nothing is trained."""
    walk = Walk()
    for unit in range(units):
        for number, _ in enumerate(elements(x)):
            walk.element_op()  # difference
            walk.element_op()  # square
            if number:
                walk.element_op()  # addition
        walk.write(unit, 0, 0)
    return walk.counts()


def elementwise(x: Map, *work: str) -> Counts:
    """Each element by itself; `work` names what is done to it."""
    walk = Walk()
    for element in elements(x):
        for _ in work:
            walk.element_op()
        walk.write(*element)
    return walk.counts()


def prelu(x: Map, *, channelwise: bool = False) -> Counts:
    """Each element times a slope where it is below zero."""
    walk = Walk()
    for c, y, z in elements(x):
        walk.touch("affine", c if channelwise else 0)
        walk.element_op()
        walk.write(c, y, z)
    return walk.counts()


def batch_norm(x: Map, *, scale: bool = True, shift: bool = True) -> Counts:
    """A product and an addition for each element; two trained numbers and two statistics for each map."""
    walk = Walk()
    for c, y, z in elements(x):
        if scale:
            walk.touch("affine", c, 0)
        if shift:
            walk.touch("affine", c, 1)
        walk.touch("buffer", c, 0)  # mean
        walk.touch("buffer", c, 1)  # variance
        walk.element_op()  # product
        walk.element_op()  # addition
        walk.write(c, y, z)
    return walk.counts()


def local_response_norm(x: Map, size: int = 5) -> Counts:
    """Divided by a power of the sum of squares over `size` channels, those missing at the ends counted too."""
    walk = Walk()
    for element in elements(x):
        for neighbour in range(size):
            walk.element_op()  # square
            if neighbour:
                walk.element_op()  # addition
        walk.element_op()  # product with alpha / size
        walk.element_op()  # addition of k
        walk.element_op()  # power
        walk.element_op()  # division
        walk.write(*element)
    return walk.counts()


def softmax(x: Map) -> Counts:
    """Across the channels at each position: exponentials, their sum, a division each."""
    walk = Walk()
    for y in range(x[1]):
        for z in range(x[2]):
            for c in range(x[0]):
                walk.element_op()  # exponential
                if c:
                    walk.element_op()  # addition
            for c in range(x[0]):
                walk.element_op()  # division
                walk.write(c, y, z)
    return walk.counts()


def flatten(x: Map) -> Counts:
    walk = Walk()
    for position, _ in enumerate(elements(x)):
        walk.write(position, 0, 0)
    return walk.counts()
