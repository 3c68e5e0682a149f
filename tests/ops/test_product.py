"""Product: `{product: {map: identity, gate: branch}}` (Squeeze-and-excitation networks, equation 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, layer, meant, row_problem, rows, shipped_analysis
from tests.ops import loops
from tests.ops.layers import maps


@given(maps(), st.integers(1, 4), st.integers(1, 4))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, branches: int, depth: int):
    text = ", ".join(f"b{i}: {{convolution: 1x1, filters: {depth}}}" for i in range(branches))
    *convs, join = counted(f"{{product: {{{text}}}}}", x)
    assert join == loops.product_of([conv.output for conv in convs])


@given(maps(), st.permutations(["map", "gate", "mask"]))
def test_a_gate_is_spread_over_the_map_and_a_mask_over_the_channels_whatever_comes_first(
    x: loops.Map, order: list[str]
):
    steps = {"map": "identity", "gate": "{average pool: global}", "mask": "{convolution: 1x1, filters: 1}"}
    shapes = {"map": x, "gate": (x[0], 1, 1), "mask": (1, *x[1:])}
    branches = ", ".join(f"{name}: {steps[name]}" for name in order)
    *_, join = counted(f"{{product: {{{branches}}}}}", x)
    assert join == loops.product_of([shapes[name] for name in order])


@given(maps())
def test_its_activation_follows(x: loops.Map):
    join, sigmoid = counted("{product: {a: identity, b: identity}, activation: sigmoid}", x)
    assert (join, sigmoid) == (loops.product_of([x, x]), loops.elementwise(x, "sigmoid"))


def test_branches_that_differ_and_are_not_1_are_refused_at_product():
    problem = row_problem("rows: {p: {product: {a: identity, b: {convolution: 1x1, filters: 2}}}}", 3)
    assert (problem.code, meant(problem)) == ("branches-differ", "product")


def test_a_squeeze_and_excitation_gate_adds_2_c_squared_over_r_weights():
    """Hu, Shen and Sun, section 3.3 and equation 5: 2 / r * sum over stages of blocks * channels squared."""
    plain, gated = (shipped_analysis(name).totals.weights for name in ("resnet50", "se_resnet50"))
    blocks = {256: 3, 512: 4, 1024: 6, 2048: 3}
    assert gated - plain == 2 * sum(times * channels**2 for channels, times in blocks.items()) // 16


def test_the_gate_of_a_small_net_layer_by_layer():
    net = rows(
        """
        rows:
          se:
            product:
              map: identity
              gate: [{average pool: global}, {linear: 2, activation: relu}, {linear: 8, activation: sigmoid}]
        """,
        8, 5, 5,
    )  # fmt: skip
    assert layer(net, "se/product").element_ops == 8 * 5 * 5
    assert net.totals.multiply_adds == 8 * 2 + 2 * 8
