"""Signals, images and volumes: every windowed operator against walked loops over as many axes, then with free sizes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import Analysis
from inception_calc.dims import AXIS_SYMBOLS, substitute
from inception_calc.problems import Stop
from tests.helpers import analyzed, problems
from tests.ops.loops import any_rank as walked
from tests.ops.loops.any_rank import Slide, Walked

RANKS = st.integers(1, 3)


@st.composite
def layers(draw: st.DrawFn) -> tuple[tuple[int, ...], str, Walked]:
    """A map, one step on it as a spec writes it, and what walking it counts."""
    rank = draw(RANKS)
    most = {1: 9, 2: 6, 3: 4}[rank]
    x = (draw(st.sampled_from([2, 4])), *(draw(st.integers(3, most)) for _ in range(rank)))
    kind = draw(st.sampled_from(["convolution", "transposed convolution", "max pool", "average pool", "other"]))
    if kind == "other":
        units, factors = draw(st.integers(1, 3)), tuple(draw(st.integers(1, 2)) for _ in range(rank))
        mode = draw(st.sampled_from(["nearest", ("linear", "bilinear", "trilinear")[rank - 1]]))
        return draw(st.sampled_from([
            (x, f"{{linear: {units}}}", walked.linear(x, units)),
            (x, f"{{upsampling: {crossed(factors)}, mode: {mode}}}", walked.upsampling(x, factors, mode != "nearest")),
        ]))  # fmt: skip
    axes = [draw(slides(extent, kind)) for extent in x[1:]]
    text = f"{kind}: {crossed([a.kernel for a in axes])}/{crossed([a.stride for a in axes])}"
    around = [[a.before, a.after] for a in axes]
    text += f", padding: {draw(written(around))}"
    if kind.endswith("pool"):
        return x, f"{{{text}}}", walked.pool(x, axes, -1 if kind == "max pool" else 0)
    filters = draw(st.sampled_from([2, 4]))
    text += f", filters: {filters}, dilation: [{', '.join(str(a.dilation) for a in axes)}], bias: false"
    if kind == "transposed convolution":
        return x, f"{{{text}}}", walked.transposed(x, axes, filters)
    groups = draw(st.sampled_from([1, 2]))
    return x, f"{{{text}, groups: {groups}}}", walked.convolution(x, axes, filters, groups)


@st.composite
def slides(draw: st.DrawFn, extent: int, kind: str) -> Slide:
    """A window that fits the axis; a pool pads by less than its window, a transposed one cuts less than it makes."""
    kernel, stride = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    dilation = 1 if kind.endswith("pool") else draw(st.integers(1, 2))
    reach = dilation * (kernel - 1) + 1
    before, after = (draw(st.integers(0, min(2, kernel - 1))) for _ in range(2))
    if kind == "transposed convolution":
        return Slide(kernel, stride, before, after, dilation)
    return Slide(kernel, stride, before, max(after, reach - extent - before, 0) if dilation > 1 else after, dilation)


@st.composite
def written(draw: st.DrawFn, around: list[list[int]]) -> str:
    """Padding on each side, or as the language writes it shorter where sides are alike."""
    ways = [str(around)]
    if all(before == after for before, after in around):
        ways.append(str([before for before, _ in around]))
        if len({before for before, _ in around}) == 1:
            ways.append(str(around[0][0]))
    return draw(st.sampled_from(ways))


def crossed(numbers) -> str:
    return "x".join(map(str, numbers))


def net(x: tuple[int, ...], *steps: str, **setting) -> Analysis:
    rows = "".join(f"  r{index}: {step}\n" for index, step in enumerate(steps))
    return analyzed(f"name: test\ninput: {crossed(x)}\nrows:\n{rows}", **setting)


@settings(max_examples=250)
@given(layers())
def test_a_layer_of_one_two_or_three_axes_counts_what_walking_it_counts(drawn):
    x, step, expected = drawn
    (cost,) = net(x, step).layers
    found = Walked(
        tuple(cost.layer.output), cost.weights, cost.multiply_adds, cost.effective_multiply_adds, cost.element_ops
    )
    assert found == expected, step


@settings(max_examples=100)
@given(layers(), layers(), st.integers(0, 5))
def test_symbols_then_numbers_are_numbers_along_every_axis(first, second, more):
    x, step, _ = first
    steps = [step, second[1]] if len(second[0]) == len(x) and "groups: 2" not in second[1] else [step]
    free = {AXIS_SYMBOLS[axis]: None for axis in net(x, "relu").graph.input.axes}
    try:
        symbolic = net(x, *steps, symbols=free)
        numeric = net((x[0], *(side + more for side in x[1:])), *steps)
    except Stop:  # a window that fits no longer, or sizes that no formula says
        return
    sizes = dict(zip(free, (side + more for side in x[1:]), strict=True))
    for one, other in zip(symbolic.layers, numeric.layers, strict=True):
        assert tuple(substitute(side, sizes) for side in one.layer.output) == tuple(other.layer.output)
        for what in ("params", "multiply_adds", "element_ops", "effective_multiply_adds", "traffic_bytes"):
            assert substitute(getattr(one, what), sizes) == getattr(other, what), what


def test_a_vector_has_linear_layers_and_no_windows():
    mlp = net((784,), "{linear: 300, activation: relu}", "{linear: 10}", "softmax")
    assert mlp.totals.params == 784 * 300 + 300 + 300 * 10 + 10
    assert tuple(mlp.layers[-1].layer.output) == (10,)
    (problem,) = problems("name: test\ninput: 784\nrows: {a: {convolution: 3, filters: 4}}\n")
    assert problem.code == "wrong-rank"


@pytest.mark.parametrize(
    "step",
    [
        "{max pool: 2/2}",
        "{max pool: global}",
        "{average pool: global}",
        "{spatial pyramid pool: [2, 1]}",
        "{upsampling: 2}",
        "{subsampling: 2/2}",
        "{depthwise convolution: 3}",
        "{separable convolution: 3, filters: 2}",
        "{transposed convolution: 2/2, filters: 2}",
    ],
)
def test_no_window_moves_along_a_vector(step: str):
    (problem,) = problems(f"name: test\ninput: 784\nrows: {{a: {step}}}\n")
    assert problem.code == "wrong-rank"
    assert problem.location is not None
    assert problem.location.column == len("rows: {a: {") + 1


@pytest.mark.parametrize("pool", ["max pool", "average pool", "subsampling"])
@pytest.mark.parametrize("x", ["3x16", "3x4x8x8"])
def test_nobody_is_told_of_a_window_that_is_not_written(x: str, pool: str):
    (problem,) = problems(f"name: test\ninput: {x}\nrows: {{a: {{{pool}: 3}}}}\n")
    assert problem.code == "no-stride"


@pytest.mark.parametrize(
    ("x", "step", "said"),
    [
        ("3x16x16", "{convolution: 3x3x3, filters: 4}", "the window '3x3x3' has 3 sides, but the map has 2 axes"),
        ("3x16x16", "{convolution: 3/2, filters: 4}", "the window '3/2' has 1 side, but the map has 2 axes"),
        ("3x16", "{max pool: 2x2/2}", "the window '2x2/2' has 2 sides, but the map has 1 axis (length)"),
        ("3x16", "{convolution: 3, filters: 4, dilation: [1, 2]}", "dilation has 2 numbers, but the map has 1 axis"),
        ("3x4x8x8", "{convolution: 3, filters: 4, padding: [1, 1]}", "padding has 2 numbers, but the map has 3 axes"),
        ("3x8x8", "{convolution: 3x3, filters: 4, padding: causal}", "causal padding is that of a signal"),
        ("3x8x8", "{upsampling: 2, mode: linear}", "linear interpolation is not for a map of height and width"),
        ("3x8x8", "{convolution: 3x3, filters: 4, padding: [[1, 0]]}", "padding has 1 pair, but the map has 2 axes"),
    ],
)
def test_a_window_of_another_rank_names_both(x, step, said):
    (problem,) = problems(f"name: test\ninput: {x}\nrows: {{a: {step}}}\n")
    assert problem.code == "wrong-rank"
    assert problem.what.startswith(said)
    assert problem.fix
