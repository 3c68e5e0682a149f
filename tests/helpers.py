"""A spec given as text, analyzed through the public path; short enough to use in every test."""

from __future__ import annotations

import textwrap
from fractions import Fraction
from functools import cache

import pytest

from inception_calc.analysis import Analysis, LayerCost, analyze
from inception_calc.problems import InputError, Problem
from inception_calc.spec_file import LoadedSpec, load
from inception_calc.spec_file.load import DEFAULT, Origin, load_text
from tests.ops.loops import Counts, Map


def loaded(text: str, variant: str = DEFAULT, neighbours: dict[str, str] | None = None) -> LoadedSpec:
    """The spec in `text`; `neighbours` are the other files of its folder, by name."""

    def neighbour(name: str) -> Origin:
        if name not in (neighbours or {}):
            raise InputError(Problem("unreadable", f"'{name}.yaml' does not exist"))
        return Origin(f"{name}.yaml", textwrap.dedent(neighbours[name]), neighbour)

    return load_text(Origin("test.yaml", textwrap.dedent(text), neighbour), variant)


def analyzed(text: str, variant: str = DEFAULT, neighbours: dict[str, str] | None = None, **setting) -> Analysis:
    return analyze(loaded(text, variant, neighbours), **setting)


def rows(body: str, channels: int = 3, height: int = 16, width: int = 16, **setting) -> Analysis:
    """A spec of nothing but rows (and whatever other sections `body` has)."""
    return analyzed(f"name: test\ninput: {channels}x{height}x{width}\n{textwrap.dedent(body)}", **setting)


def names(analysis: Analysis) -> list[str]:
    return [cost.layer.name for cost in analysis.layers]


def layer(analysis: Analysis, name: str) -> LayerCost:
    (found,) = [cost for cost in analysis.layers if cost.layer.name == name]
    return found


def problems(text: str, variant: str = DEFAULT, **setting) -> list[Problem]:
    """What the program complains about."""
    with pytest.raises(InputError) as caught:
        analyzed(text, variant, **setting)
    return list(caught.value.problems)


def row_problem(body: str, channels: int = 3, height: int = 16, width: int = 16, **setting) -> Problem:
    """The one complaint about a spec of nothing but rows."""
    with pytest.raises(InputError) as caught:
        rows(body, channels, height, width, **setting)
    (problem,) = caught.value.problems
    return problem


def meant(problem: Problem) -> str:
    """The text that the complaint points at."""
    place = problem.location
    return place.text[place.column - 1 : place.column - 1 + place.width]


def counts_of(cost: LayerCost) -> Counts:
    """A layer's numbers in the form of the walked loops."""
    params = cost.param_counts
    return Counts(
        tuple(cost.layer.output), params.weights, params.biases, params.affine, params.buffers,
        cost.multiply_adds, cost.element_ops, cost.effective_multiply_adds,
    )  # fmt: skip


def counted(step: str, x: Map, extra: str = "") -> list[Counts]:
    """What the program counts for the layers of one step on a map of C x H x W."""
    return [counts_of(cost) for cost in rows(f"{extra}\nrows:\n  row: {step}\n", *x).layers]


@cache
def shipped(name: str) -> LoadedSpec:
    """A shipped spec, `googlenet@naive`, read once."""
    return load(name)


@cache
def shipped_analysis(name: str, training: bool = False) -> Analysis:
    return analyze(shipped(name), training=training)


def rounds_to(count: int, unit: int, text: str) -> bool:
    """Whether `text` is the count in this unit, rounded to the digits that are printed."""
    last_digit = Fraction(unit, 10 ** len(text.partition(".")[2]))
    return abs(count - Fraction(text) * unit) * 2 <= last_digit
