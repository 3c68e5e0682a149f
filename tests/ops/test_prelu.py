"""PReLU: `prelu`, `{prelu: channels}` (He et al. 2015, "Delving deep into rectifiers", section 2.1)."""

from __future__ import annotations

from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import maps


@given(maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map):
    assert counted("prelu", x) == [loops.prelu(x)]
    assert counted("{prelu: channels}", x) == [loops.prelu(x, channelwise=True)]


def test_as_a_setting_too():
    net = rows("rows: {a: {convolution: 1x1, filters: 5, activation: {prelu: channels}}}")
    assert net.layers[1].params == 5
    assert net.layers[1].param_counts.affine == 5


def test_the_papers_14_layer_model_has_so_many_more_params():
    """Section 2.1: a channel-shared variant introduces one param into each layer."""
    text = "rows: {a: {convolution: 3x3, filters: 64, repeat: 3, activation: %s}}"
    shared, each, none = (rows(text % word).totals.params for word in ("prelu", "{prelu: channels}", "relu"))
    assert (shared - none, each - none) == (3, 3 * 64)
