"""The judge of sweeps: every point of a small space analyzed by itself, and what was asked decided in plain Python."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from inception_calc.analysis import analyze
from inception_calc.analysis.metrics import METRICS
from inception_calc.analysis.spec_source import SpecSource
from inception_calc.problems import InputError
from inception_calc.sweep.axes import Axis
from inception_calc.sweep.networks import with_repeats
from inception_calc.sweep.question import Question


class Network(NamedTuple):
    values: tuple
    costs: dict[str, int]


def networks(sources: dict[str, SpecSource], axes: tuple[Axis, ...], **setting) -> tuple[list[Network], int]:
    """Every network of a space, in order, and how many points are none."""
    found, refused = [], 0
    for values in itertools.product(*(list(axis.values) for axis in axes)):
        spec = next(iter(sources.values()))
        symbols, repeats = dict(setting.get("symbols", {})), {}
        for axis, value in zip(axes, values, strict=True):
            if axis.kind == "variant":
                spec = sources[value]
            elif axis.kind == "repeat":
                repeats |= dict.fromkeys(axis.targets, value)
            else:
                symbols |= dict.fromkeys(axis.targets, value)
        if repeats:
            spec = SpecSource(spec.loaded._replace(spec=with_repeats(spec.loaded.spec, repeats)))
        try:
            analysis = analyze(spec, **{**setting, "symbols": symbols})
        except InputError:
            refused += 1
            continue
        costs = {name: METRICS[name].of(analysis) for name in METRICS if name != "arithmetic_intensity"}
        found.append(Network(values, costs))
    return found, refused


def answer(every: list[Network], asked: Question, holds=lambda network: True) -> list[Network]:
    """The networks that a question asks for, in order."""
    fitting = [
        one for one in every if holds(one) and all(limit.holds(one.costs[limit.metric]) for limit in asked.limits)
    ]

    def keys(network: Network, of) -> tuple[int, ...]:
        return tuple(network.costs[key.metric] * (-1 if key.falling else 1) for key in of)

    if asked.pareto:
        rated = [(keys(one, asked.pareto), one) for one in fitting]
        fitting = [
            one
            for own, one in rated
            if not any(all(a <= b for a, b in zip(other, own, strict=True)) and other != own for other, _ in rated)
        ]
    if asked.sort:
        fitting.sort(key=lambda one: keys(one, asked.sort))
    return fitting[: asked.top]
