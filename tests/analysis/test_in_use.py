"""Test time with many crops and models (GoogLeNet, Table 3), and one fully convolutional pass against sliding."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.analysis.in_use import dense_cost, test_time
from tests.helpers import layer, loaded, rows, shipped, shipped_analysis
from tests.ops import loops

TABLE_3 = [(1, 1, 1), (1, 10, 10), (1, 144, 144), (7, 1, 7), (7, 10, 70), (7, 144, 1008)]
"""Number of models, number of crops, cost, as GoogLeNet's Table 3 prints them."""


@pytest.mark.parametrize(("models", "crops", "cost"), TABLE_3)
def test_the_cost_column_of_table_3(models: int, crops: int, cost: int):
    time = test_time(shipped_analysis("googlenet"), models, crops)
    assert time.passes == cost
    assert time.multiply_adds == cost * 1_582_671_872


def test_a_test_image_is_one_image_and_meets_no_head():
    training = analyze(shipped("googlenet"), training=True, batch=8)
    assert test_time(training, 7, 144) == test_time(shipped_analysis("googlenet"), 7, 144)


SPEC = """
name: sliding
input: 2x9x9
rows:
  conv1: {convolution: 3x3/2, filters: 3, activation: relu}
  pool1: {max pool: 2x2/2}
  fc1:   {linear: 5, activation: relu}
  fc2:   {linear: 4}
"""
STEP = 4
"""Image elements between neighbouring outputs: 2 of conv1 times 2 of pool1."""


def walked(side: int) -> tuple[int, int]:
    """Multiply-adds of one dense pass of SPEC over a larger square image, and its output's side: the loops run."""
    conv1 = loops.convolution((2, side, side), loops.Axis(3, 2), loops.Axis(3, 2), 3)
    pool1 = loops.max_pool(conv1.output, loops.Axis(2, 2), loops.Axis(2, 2))
    fc1 = loops.convolution(pool1.output, loops.Axis(2), loops.Axis(2), 5)
    fc2 = loops.convolution(fc1.output, loops.Axis(1), loops.Axis(1), 4)
    return conv1.multiply_adds + fc1.multiply_adds + fc2.multiply_adds, fc2.output[1]


@settings(max_examples=20)
@given(st.integers(9, 30))
def test_a_dense_pass_costs_what_its_walked_loops_do_and_slides_over_every_crop(side: int):
    spec = loaded(SPEC)
    crop, dense = analyze(spec), analyze(spec, input=(2, side, side), fully_convolutional=True)
    cost = dense_cost(dense, crop)
    multiply_adds, positions = walked(side)
    assert (cost.positions, cost.multiply_adds) == ((positions, positions), multiply_adds)
    slid = sum(walked(9)[0] for y in range(0, side - 8, STEP) for x in range(0, side - 8, STEP))
    assert cost.sliding_multiply_adds == slid
    assert dense.totals.params == crop.totals.params


@pytest.mark.parametrize("name", ["vgg_d", "googlenet", "alexnet", "overfeat_fast", "resnet50"])
def test_params_stay_what_they_are(name: str):
    spec = shipped(name)
    larger = (3, spec.spec.input.height + 64, spec.spec.input.width + 64)
    dense = analyze(spec, input=larger, fully_convolutional=True)
    assert dense.totals.params == shipped_analysis(name).totals.params
    assert dense.rows[-1].output.channels == shipped_analysis(name).rows[-1].output.channels


@pytest.mark.parametrize("name", ["vgg_d", "googlenet", "resnet50", "lenet5"])
def test_at_its_own_size_a_network_costs_the_same_either_way(name: str):
    own, dense = shipped_analysis(name), analyze(shipped(name), fully_convolutional=True)
    assert (dense.totals.multiply_adds, dense.totals.params) == (own.totals.multiply_adds, own.totals.params)
    assert dense_cost(dense, own).ratio == 1


def test_vgg_d_at_448_leaves_a_map_of_8_by_8():
    """(448 - 224) / 32 + 1 = 8 places; its first linear layer is a 7x7 convolution (VGG, section 3.2)."""
    dense = analyze(shipped("vgg_d"), input=(3, 448, 448), fully_convolutional=True)
    cost = dense_cost(dense, shipped_analysis("vgg_d"))
    assert cost.positions == (8, 8)
    assert cost.sliding_multiply_adds == 64 * 15_470_264_320
    assert layer(dense, "fc6").layer.op.patch(dense.graph.map_of(0)) == "7x7/1"


@pytest.mark.parametrize(("name", "size"), [("spp_zf5", (3, 448, 448)), ("unet", (1, 256, 512))])
def test_crops_that_see_less_are_not_compared(name: str, size: tuple[int, int, int]):
    """SPP-net sees the whole image at any size; U-Net's crop is larger than 256."""
    dense = analyze(shipped(name), input=size, fully_convolutional=True)
    cost = dense_cost(dense, shipped_analysis(name))
    assert (cost.crops, cost.sliding_multiply_adds, cost.ratio) == (None, None, None)
    assert cost.multiply_adds == dense.totals.multiply_adds


def test_a_network_that_leaves_a_map_of_a_crop_slides_over_parts_of_its_output():
    """U-Net makes 512x512 of 512x512: 2 x 2 crops make 1024x1024, 3 x 3 cover 1040x1040."""
    spec = shipped("unet")
    for side, crops in ((512, 1), (1024, 4), (1040, 9)):
        dense = analyze(spec, input=(1, side, side), fully_convolutional=True)
        cost = dense_cost(dense, shipped_analysis("unet"))
        assert (cost.positions, cost.crops) == ((side, side), crops)
        assert cost.sliding_multiply_adds == crops * shipped_analysis("unet").totals.multiply_adds


def test_a_global_pool_keeps_the_window_of_its_own_size():
    """GoogLeNet's 7x7 average over a map of 14x14 leaves 8x8 places."""
    net = rows("rows: {g: {average pool: global}}", 1, 7, 7)
    dense = analyze(loaded("name: t\ninput: 1x7x7\nrows: {g: {average pool: global}}"), input=(1, 14, 14),
                    fully_convolutional=True)  # fmt: skip
    assert (net.rows[-1].output[1:], dense.rows[-1].output[1:]) == ((1, 1), (8, 8))
