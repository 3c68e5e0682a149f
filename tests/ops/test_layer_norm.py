"""Layer normalization: `layer norm`, `{layer norm: {shift: false}, over: map}` (Ba, Kiros and Hinton 2016)."""

from __future__ import annotations

import pytest
from hypothesis import given

from inception_calc.analysis.measures import Measures
from tests.helpers import analyzed, counted, layer, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), FLAGS, FLAGS, FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, scale: bool, shift: bool, over_map: bool):
    over = "map" if over_map else "channels"
    step = f"{{layer norm: {{scale: {flag(scale)}, shift: {flag(shift)}}}, over: {over}}}"
    assert counted(step, x) == [loops.layer_norm(x, scale, shift, over_map)]


def test_a_token_of_bert_is_normalized_with_1536_params():
    """BERT-base: a hidden size of 768, one scale and one shift each; no buffers."""
    net = analyzed("name: t\ninput: 768x128\nrows: {norm: layer norm}")
    assert (net.totals.params, net.totals.buffers) == (2 * 768, 0)
    assert net.totals.element_ops == 7 * 128 * 768


def test_its_params_follow_the_size_only_over_the_map():
    free = {"symbols": {"size": None}}
    assert rows("rows: {n: layer norm}", 4, **free).totals.params == 8
    assert str(rows("rows: {n: {layer norm: , over: map}}", 4, **free).totals.params) == "8*size**2"


def test_over_channels_a_place_sees_itself_over_the_map_all_places():
    text = "rows: {c: {convolution: 3x3, filters: 4, padding: 1}, n: {layer norm: , over: %s}}"
    for over, seen in (("channels", 3), ("map", 18)):
        net = rows(text % over, 3, 16, 16)
        assert Measures(net).receptive_fields[-1].size == (seen, seen)


def test_defaults_reach_it():
    net = rows("defaults: {layer norm: {over: map}}\nrows: {n: layer norm}", 2, 3, 3)
    assert layer(net, "n").params == 2 * 18


@pytest.mark.parametrize("over", ["channels", "map"])
def test_it_runs_as_its_formula(over: str):
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, arrays = run(f"{{layer norm: , over: {over}}}", 4, 3, 5)
    axes = 0 if over == "channels" else (0, 1, 2)
    scale, shift = (
        arrays[name].reshape(-1, 1, 1) if over == "channels" else arrays[name] for name in ("scale", "shift")
    )
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-5) * scale + shift
    assert np.allclose(y, expected, atol=1e-4)
