"""Totals that were published elsewhere, and tables as they are printed.

Sources: /work/shared/zoo.md, sections 1, 2.1 and 2.5 (Caffe model files, torchvision, timm, keras, the papers), and
peers.md, section 3.1 (counted twice, by arithmetic and by hooks in torchvision's modules).
"""

from __future__ import annotations

import pytest

from inception_calc.analysis import analyze
from tests.helpers import analyzed, rounds_to, shipped, shipped_analysis

PUBLISHED = {  # spec: (params, weights, multiply-adds); None where the source does not say it
    "lenet5": (60_000, 59_730, 325_680),
    "lenet_caffe": (431_080, 430_500, 2_293_000),
    "alexnet": (60_965_224, 60_954_656, 724_406_816),
    "alexnet@ungrouped": (3_747_200 + 58_631_144, None, 1_076_634_144 + 58_621_952),
    "alexnet_owt": (61_100_840, 61_090_496, 714_188_480),
    "zfnet": (62_357_608, 62_347_040, 1_168_032_896),
    "vgg_a": (132_863_336, 132_851_392, 7_609_090_048),
    "vgg_a_lrn": (132_863_336, 132_851_392, 7_609_090_048),
    "vgg_b": (133_047_848, 133_035_712, 11_308_466_176),
    "vgg_b@shallow_5x5": (134_503_528, None, 9_356_017_664),
    "vgg_d": (138_357_544, 138_344_128, 15_470_264_320),
    "vgg_e": (143_667_240, 143_652_544, 19_632_062_464),
    "googlenet": (6_998_552, 6_990_272, 1_582_671_872),
    "googlenet@separable_conv1": (6_991_856, 6_983_576, 1_498_677_248),
    "googlenet@torchvision": (6_624_904, 6_609_344, 1_498_376_192),
    "inception_v3": (23_834_568, 23_799_136, 5_713_216_096),
    "resnet50": (25_557_032, None, 4_089_184_256),
    "resnet50@paper": (25_557_032, None, 3_857_973_248),
    "mobilenet_v2": (3_504_872, None, 300_774_272),
    "densenet121": (7_978_856, None, 2_834_161_664),
    "mobilenet_v1": (4_253_864 - 21_888, None, None),  # Keras, without running statistics
    "ghostnet": (5_182_508, None, None),  # timm
    "dcgan": (3_576_704, None, None),  # PyTorch examples
    "dcgan_discriminator": (2_765_568, None, None),
    "unet@printed": (None, None, 150_428_424_448),  # counted before there were crops, see specs/unet.yaml
    "xception": (22_855_952, None, None),  # Xception, Table 3
    "cnn_m": (102_908_520, None, None),
    "vgg_c": (9_996_096 + 123_642_856, None, None),  # convolutions, and the three linear layers of all VGG nets
    "cnn_s": (102_908_520, None, 2_637_708_320),
    "inception_module": (None, None, 271_351_808),  # the lecture's six printed terms
    "inception_module@naive": (None, None, 854_196_224),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_the_published_ones(name: str):
    totals = shipped_analysis(name).totals
    found = (totals.params, totals.weights, totals.multiply_adds)
    assert tuple(b if b is not None else a for a, b in zip(found, PUBLISHED[name], strict=True)) == found


WITH_HEADS = {
    "googlenet": (13_378_280, 1_591_044_096),  # Caffe's training file; convnet-burden's 51 MB
    "googlenet@torchvision": (13_004_888, 1_506_748_416),
    "inception_v3": (27_161_264, 5_713_216_096 + 5_683_200),  # num_params in torchvision's metadata
}


@pytest.mark.parametrize("name", WITH_HEADS)
def test_training_adds_the_heads(name: str):
    totals = shipped_analysis(name, training=True).totals
    assert (totals.params, totals.multiply_adds) == WITH_HEADS[name]


def test_bn_inception_with_a_separable_first_layer_costs_30_02_percent_more_than_googlenet_with_one():
    """zoo.md, section 3: 1,948,605,440 / 1,498,677,248; the first rows of both are GoogLeNet's."""
    full, separable = 118_013_952, 34_019_328
    assert shipped_analysis("bn_inception").totals.multiply_adds == 1_948_605_440 + full - separable


ROUNDED = {  # params in millions, multiply-adds in milliards, as zoo.md gives them; "" where it does not
    "vgg_c": ("133.64", ""),  # VGG, Table 2: 134 million
    "cnn_f": ("", "0.7240"),
    "cnn_m": ("", "1.676"),
    "overfeat_fast": ("145.92", "2.8014"),
    "overfeat_accurate": ("144.66", "5.3554"),
    "inception_v2_rethinking": ("26.4", "6.48"),
    "inception_v2_rethinking@four_b": ("24.3", "5.86"),
    "inception_v4": ("", "12.25"),
    "inception_resnet_v1": ("", "6.21"),
    "inception_resnet_v2": ("", "13.16"),
    "inception_resnet_v2@paper": ("32.4", "9.26"),
    "spp_zf5@nospp": ("62.36", ""),
    "spp_zf5@bins30": ("56.07", ""),
    "googlenet@naive": ("97.5", "12.57"),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_totals_round_to_those_of_zoo_md(name: str):
    totals = shipped_analysis(name).totals
    params, multiply_adds = ROUNDED[name]
    assert not params or rounds_to(totals.params, 10**6, params)
    assert not multiply_adds or rounds_to(totals.multiply_adds, 10**9, multiply_adds)


def test_inception_resnet_v1_is_facenets_base():
    """zoo.md, section 5: facenet's 22,564,096 are 20,963,328 and a sixth C block; the classifier has 1,793,000."""
    totals = shipped_analysis("inception_resnet_v1").totals
    assert totals.params - (1792 * 1000 + 1000) == 20_963_328


def test_inception_resnet_v2s_first_reduction_is_1152_deep_in_its_figures():
    """zoo.md, section 5: 384 + 384 + 384 = 1152 maps where the figure says 1154."""
    paper = shipped_analysis("inception_resnet_v2@paper")
    assert {row.name: row.output.channels for row in paper.rows}["Mixed_6a"] == 1152


GOOGLENET = {  # row: (weights, params, multiply-adds), zoo.md, section 2.1
    "conv1": (9_408, 9_472, 118_013_952),
    "conv2": (114_688, 114_944, 359_661_568),
    "3a": (163_328, 163_696, 128_049_152),
    "3b": (388_096, 388_736, 304_267_264),
    "4a": (375_552, 376_176, 73_608_192),
    "4b": (448_512, 449_160, 87_908_352),
    "4c": (509_440, 510_104, 99_850_240),
    "4d": (604_672, 605_376, 118_515_712),
    "4e": (867_328, 868_352, 169_996_288),
    "5a": (1_042_432, 1_043_456, 51_079_168),
    "5b": (1_442_816, 1_444_080, 70_697_984),
    "linear": (1_024_000, 1_025_000, 1_024_000),
}


def test_googlenets_rows_are_those_of_the_caffe_file():
    found = {
        row.name: (row.totals.weights, row.totals.params, row.totals.multiply_adds)
        for row in shipped_analysis("googlenet").rows
    }
    assert {name: counts for name, counts in found.items() if any(counts)} == GOOGLENET


def test_googlenets_separable_first_row():
    """zoo.md, section 2.1: 1,176 + 1,536 weights."""
    conv1 = shipped_analysis("googlenet@separable_conv1").rows[0].totals
    assert (conv1.weights, conv1.params, conv1.multiply_adds) == (2_712, 2_776, 34_019_328)


def test_googlenets_heads():
    """zoo.md, section 2.1: 4a has 512 maps, 4d 528; together 6,379,728 params."""
    heads = [row for row in shipped_analysis("googlenet", training=True).rows if row.row.is_head]
    found = [(head.totals.params, head.totals.multiply_adds) for head in heads]
    assert found == [(3_188_840, 4_169_728), (3_190_888, 4_202_496)]
    assert sum(params for params, _ in found) == 6_379_728


def test_naive_googlenet_grows_as_deep_as_figure_2a_makes_it():
    """zoo.md, section 2.1: a pool branch without projection passes its whole depth on."""
    depths = {row.name: row.output.channels for row in shipped_analysis("googlenet@naive").rows}
    modules = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
    assert [depths[name] for name in modules] == [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]


def test_lenet_5_as_its_paper_counts_it():
    """LeCun et al. 1998, section II.B: params per layer, and connections, which count each bias once per output."""
    found = {row.name: row.totals for row in shipped_analysis("lenet5").rows}
    params = {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164, "output": 0}
    assert {name: totals.params for name, totals in found.items()} == params
    assert sum(params.values()) == 60_000
    connections = {"C1": 122_304, "C3": 151_600, "C5": 48_120, "F6": 10_164}
    outputs = {"C1": 28 * 28 * 6, "C3": 10 * 10 * 16, "C5": 120, "F6": 84}
    assert {name: found[name].multiply_adds + outputs[name] for name in connections} == connections


# -- what the tables print --------------------------------------------------------------------------------------------


def printed(name: str, cell: str) -> dict[str, str]:
    """Row -> the text of one printed cell, from the spec."""
    spec = shipped(name).spec
    place = spec.source.prints.index(cell)
    return {row: step.printed[place] for row, step in spec.rows.items() if len(step.printed) > place}


def height_width_channels(shape: tuple[int, int, int]) -> str:
    channels, height, width = shape
    return f"{height}x{width}x{channels}"


@pytest.mark.parametrize("name", ["googlenet", "lenet5"])
def test_every_printed_output_size_is_the_computed_one(name: str):
    """GoogLeNet, Table 1; LeNet-5, Figure 2. Papers print height x width x channels."""
    cells = printed(name, "output")
    computed = {row.name: height_width_channels(row.output) for row in shipped_analysis(name).rows}
    assert len(cells) >= 7
    assert cells == {row: computed[row] for row in cells}


@pytest.mark.parametrize("name", ["mobilenet_v2", "inception_v2_rethinking"])
def test_every_printed_input_size_is_the_computed_one(name: str):
    """MobileNetV2, Table 2; Inception-v2, Table 1."""
    analysis = shipped_analysis(name)
    cells = printed(name, "input")
    entering = {row.name: height_width_channels(analysis.graph.map_of(row.row.source)) for row in analysis.rows}
    assert len(cells) >= 10
    assert cells == {row: entering[row] for row in cells}


def test_googlenets_depth_column():
    """GoogLeNet, Table 1: 1, 0, 2, 0, 2, 2, ...; conv2 has 2 because its 1x1 stands in the "3x3 reduce" cell."""
    cells = printed("googlenet", "depth")
    computed = {row.name: str(row.totals.depth) for row in shipped_analysis("googlenet").rows}
    assert cells == computed
    assert sum(map(int, cells.values())) == 22


DEPTHS = {
    "lenet5": 4,  # C1, C3, C5, F6; the RBF units have no trained weights
    "alexnet": 8,  # Krizhevsky et al. 2012, section 3.5: eight learned layers
    "vgg_a": 11, "vgg_b": 13, "vgg_d": 16, "vgg_e": 19,  # VGG, Table 1: "weight layers"
    "googlenet": 22,  # GoogLeNet, section 5: 22 layers when counting only layers with parameters
    "bn_inception": 34,  # 1 + 2 + 10 x 3 + 1 (zoo.md, section 3)
    "inception_v2_rethinking": 54,  # 6 + 3 x 3 + 3 + 5 x 5 + 4 + 2 x 3 + 1 (zoo.md, section 4)
    "inception_v3": 48,  # zoo.md, section 4
    "resnet50": 50, "densenet121": 121,  # their names
    "xception": 36 + 1,  # Xception, section 3: 36 convolutional layers; and the classifier
    "mobilenet_v2": 1 + 2 + 16 * 3 + 1 + 1,  # MobileNetV2, Table 2: 17 bottlenecks, the first without expansion
}  # fmt: skip


@pytest.mark.parametrize("name", DEPTHS)
def test_depth_is_the_longest_path_of_convolutions_and_linear_layers(name: str):
    assert shipped_analysis(name).totals.depth == DEPTHS[name]


def test_googlenet_is_27_deep_with_its_pools():
    """GoogLeNet, section 5: 22 layers deep, or 27 if we also count pooling; pools inside modules do not count."""
    totals = shipped_analysis("googlenet").totals
    assert (totals.depth, totals.depth_with_pools) == (22, 27)


def test_heads_add_nothing_to_the_depth():
    totals = shipped_analysis("googlenet", training=True).totals
    assert (totals.depth, totals.depth_with_pools) == (22, 27)


def test_googlenet_has_about_100_building_blocks():
    """GoogLeNet, section 5: "about 100"; 85, and 97 with the heads, ReLUs not counted (zoo.md, section 2.5)."""
    body = {kind.name: kind.totals.layers for kind in shipped_analysis("googlenet").kinds}
    assert body.pop("relu") == 57
    assert body == {
        "convolution": 57, "linear": 1, "max pool": 13, "average pool": 1, "concat": 9, "local response norm": 2,
        "dropout": 1, "softmax": 1,
    }  # fmt: skip
    assert sum(body.values()) == 85
    whole = {kind.name: kind.totals.layers for kind in shipped_analysis("googlenet", training=True).kinds}
    assert sum(whole.values()) - whole["relu"] == 97


def test_the_lectures_28x28_layer_is_a_fully_connected_one_at_every_position():
    """zoo.md, section 0, claim 16: 832 -> 384 has 319,872 params, and 49 x 319,488 multiply-adds at 7x7."""
    net = analyzed("name: t\ninput: 832x7x7\nrows: {conv: {convolution: 1x1, filters: 384}}")
    assert (net.totals.params, net.totals.multiply_adds) == (319_872, 49 * 319_488)


def test_twice_the_batch_costs_twice_as_much_and_has_the_same_params():
    one, two = (analyze(shipped("googlenet"), batch=batch).totals for batch in (1, 2))
    assert (two.multiply_adds, two.params) == (2 * 1_582_671_872, 6_998_552)
    assert (two.element_ops, two.activation_elements) == (2 * one.element_ops, 2 * one.activation_elements)
