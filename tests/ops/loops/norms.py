"""Norms that work their statistics out, walked: elements that share a mean and a variance, or a length."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from tests.ops.loops.walk import Counts, Map, Walk, elements

Element = tuple[int, int, int]


def normalized(
    x: Map,
    group_of: Callable[[Element], Hashable],
    trained_at: Callable[[Element], Element],
    each: tuple[str, ...],
    scale: bool,
    shift: bool,
    root_of_mean: bool = False,
) -> Counts:
    """`each` is the work for every element; a mean of squares is a quotient, an addition, a root, less one addition."""
    walk = Walk()
    groups = set()
    for element in elements(x):
        if scale:
            walk.touch("affine", 0, *trained_at(element))
        if shift:
            walk.touch("affine", 1, *trained_at(element))
        for _ in each:
            walk.element_op()
        groups.add(group_of(element))
        walk.write(*element)
    if root_of_mean:
        for _ in groups:
            walk.element_op()  # quotient
            walk.element_op()  # epsilon
            walk.element_op()  # root
        walk.element_ops -= len(groups)  # the first square of a sum is added to nothing
    return walk.counts()


STATISTICS = ("added up", "less the mean", "squared", "added up", "divided")
AFFINE = ("scaled", "shifted")


def layer_norm(x: Map, scale: bool = True, shift: bool = True, over_map: bool = False) -> Counts:
    if over_map:
        return normalized(x, lambda _: 0, lambda e: e, (*STATISTICS, *AFFINE), scale, shift)
    return normalized(x, lambda e: e[1:], lambda e: (e[0], 0, 0), (*STATISTICS, *AFFINE), scale, shift)


def rms_norm(x: Map, scale: bool = True) -> Counts:
    work = ("squared", "added up", "divided", *(("scaled",) if scale else ()))
    return normalized(x, lambda e: e[1:], lambda e: (e[0], 0, 0), work, scale, False, root_of_mean=True)


def l2_norm(x: Map, scale: bool = False) -> Counts:
    work = ("squared", "added up", "divided", *(("scaled",) if scale else ()))
    return normalized(x, lambda e: e[1:], lambda e: (e[0], 0, 0), work, scale, False)


def group_norm(x: Map, groups: int, affine: bool = True) -> Counts:
    work = (*STATISTICS, *AFFINE) if affine else STATISTICS
    return normalized(x, lambda e: e[0] * groups // x[0], lambda e: (e[0], 0, 0), work, affine, affine)


def instance_norm(x: Map, scale: bool = False, shift: bool = False) -> Counts:
    work = (*STATISTICS, *AFFINE) if scale or shift else STATISTICS
    return normalized(x, lambda e: e[0], lambda e: (e[0], 0, 0), work, scale, shift)
