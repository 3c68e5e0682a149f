"""Receptive fields: one image element is perturbed and the outputs that change are looked at; known networks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.receptive_field import ReceptiveField
from inception_calc.dims import free_symbols, substitute
from tests.analysis import nets as made
from tests.analysis.nets import Line, Step, nets
from tests.analysis.whole_map_nets import Layer, State, whole_map_nets
from tests.helpers import analyzed, rows, shipped, shipped_analysis

PERTURBED = 97
"""Elements of the image in the perturbed nets; enough that most fields lie inside it."""


def field_of(analysis: Analysis, row: str) -> ReceptiveField:
    (group,) = [group for group in analysis.rows if group.name == row]
    field = Measures(analysis).receptive_field(group)
    assert field is not None
    return field


def side(analysis: Analysis, row: str) -> tuple[object, object]:
    """Size and stride along the rows, which are those along the columns."""
    field = field_of(analysis, row)
    assert field.axes[0] == field.axes[1]
    return field.axes[0].size, field.axes[0].stride


# -- perturbed --------------------------------------------------------------------------------------------------------


def dependencies(steps: list[Step]) -> list[list[int]]:
    """For each output element the image elements on which it depends."""
    outputs: list[Line] = []
    for element in range(PERTURBED):
        line = [float(element == i) for i in range(PERTURBED)]
        for step in steps:
            assume(step.least <= len(line) < 400)
            line = step.run(line)
        outputs.append(line)
    assume(outputs[0])
    return [[i for i, line in enumerate(outputs) if line[o] > 0] for o in range(len(outputs[0]))]


def looks_outside(steps: list[Step]) -> list[bool]:
    """For each output element whether it sees what lies outside any map on the way: its field is cut off there."""
    line: Line = [0.0] * PERTURBED
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made, "EDGE", 1.0)
        for step in steps:
            line = step.run(line)
    return [value > 0 for value in line]


@settings(max_examples=60)
@given(nets())
def test_sizes_strides_and_offsets_are_those_of_a_perturbed_net(steps: list[Step]):
    seen = dependencies(steps)
    text = "rows:\n" + "".join(f"  r{i}: {step.text}\n" for i, step in enumerate(steps))
    net = rows(text, 1, PERTURBED, PERTURBED)
    assert net.rows[-1].output.height == len(seen)
    field = field_of(net, net.rows[-1].name)
    whole = [o for o, cut in enumerate(looks_outside(steps)) if not cut]
    for o in whole:
        assert field.axes[0].at(o) == (seen[o][0], seen[o][-1]), o
    phases = len(field.axes[0].seen)
    if len(whole) >= phases:
        assert field.size[0] == max(seen[o][-1] - seen[o][0] + 1 for o in whole)
    if len(whole) > phases:
        assert field.stride[0] == Fraction(seen[whole[phases]][0] - seen[whole[0]][0], phases)
    if 0 in whole:
        assert field.offset[0] == seen[0][0]
    if not whole:  # what is seen may only be cut off at the edges
        for o, elements in enumerate(seen):
            first, last = field.axes[0].at(o)
            assert not elements or (first <= elements[0] and elements[-1] <= last)


def perturbed(image: int, layers: list[Layer]) -> list[tuple[list[list[int]], bool]]:
    """Behind each layer: for each output element the image elements on which it depends; whether it is a vector."""
    states = [State([float(element == i) for i in range(image)]) for element in range(image)]
    behind = []
    for layer in layers:
        states = [layer.run(state) for state in states]
        outputs = range(len(states[0].line))
        seen = [[element for element in range(image) if states[element].line[o] > 0] for o in outputs]
        behind.append((seen, states[0].is_vector))
    return behind


@settings(max_examples=60)
@given(whole_map_nets())
def test_no_element_sees_more_or_less_than_it_depends_on_where_nothing_is_padded(net: tuple[int, list[Layer]]):
    image, layers = net
    text = "rows:\n" + "".join(f"  r{number}: {layer.text}\n" for number, layer in enumerate(layers))
    analysis = rows(text, 1, image, image)
    fields = [Measures(analysis).receptive_field(row) for row in analysis.rows]
    for field, (seen, is_vector) in zip(fields, perturbed(image, layers), strict=True):
        assert field is not None, text
        assert field.size == (max(elements[-1] - elements[0] + 1 for elements in seen),) * 2, text
        if not is_vector:
            assert [field.axes[0].at(o) for o in range(len(seen))] == [(each[0], each[-1]) for each in seen], text


def test_elements_between_the_taps_of_a_sparse_transposed_convolution_see_nothing():
    net = rows("rows: {t: {transposed convolution: 1x1/2, filters: 1}, c: {convolution: 3x3, filters: 1}}", 1, 9, 9)
    assert field_of(net, "t").axes[0].seen == ((0, 0), None)
    assert field_of(net, "c").axes[0].seen == ((0, 1), (1, 1))


def test_branches_of_one_element_see_their_union():
    """27 elements a step, then 2x2/3 sees 28 of them, 81 a step; a 3x3 sees one more step on both sides."""
    pools = "".join(f"  p{number}: {{max pool: 1x1/3}}\n" for number in range(3))
    join = "{concat: {itself: identity, wide: {convolution: 3x3, filters: 1, padding: half}}}"
    net = rows(f"rows:\n{pools}  p: {{max pool: 2x2/3}}\n  join: {join}\n", 1, PERTURBED, PERTURBED)
    field = field_of(net, "join")
    assert net.rows[-1].output.height == 1
    assert field.axes[0].at(0) == (-81, 27 + 81)
    assert field.size == (28 + 2 * 81,) * 2


# -- known networks ---------------------------------------------------------------------------------------------------


def test_vgg_16_sees_196_pixels_at_its_last_convolution_and_212_after_the_last_pool():
    """Araujo et al. 2019, table of networks: vgg_16 has 212 with stride 32, at its last pool."""
    assert side(shipped_analysis("vgg_d"), "conv5_3") == (196, 16)
    assert side(shipped_analysis("vgg_d"), "pool5") == (212, 32)


ARAUJO = {  # Araujo et al. 2019, table of networks: receptive field at the last feature map, all with stride 32
    ("alexnet_owt", "pool5"): 195,  # alexnet_v2, which is the network of "One weird trick"
    ("resnet50@paper", "conv5_x"): 483,  # resnet_v1_50
    ("bn_inception", "5b"): 699,  # inception_v2, which is the network of "Batch normalization"
    ("inception_v3", "Mixed_7c"): 1311,
    ("inception_v4", "C"): 2071,
    ("inception_resnet_v2", "Conv2d_7b_1x1"): 3039,
}


@pytest.mark.parametrize(("name", "row"), ARAUJO)
def test_published_fields(name: str, row: str):
    assert side(shipped_analysis(name), row) == (ARAUJO[name, row], 32)


def test_resnet_50_with_its_stride_on_the_3x3_has_427():
    """By hand: 91 after the second stage, 91 + 16 + 5 * 32 = 267 after the third, 267 + 32 + 2 * 64 = 427."""
    net = shipped_analysis("resnet50")
    assert [side(net, row)[0] for row in ("conv3_x", "conv4_x", "conv5_x")] == [91, 267, 427]


def test_three_3x3_see_what_a_7x7_sees():
    """VGG, section 2.3."""
    net = rows("rows: {stack: {repeat: 3, convolution: 3x3, filters: 1, padding: 1}}")
    assert side(net, "stack") == (7, 1)
    assert field_of(net, "stack").offset == (-3, -3)


def test_dilated_3x3_of_1_2_4_see_15():
    """Yu and Koltun, "Multi-scale context aggregation" (2016), Figure 1: 3x3, 7x7, 15x15."""
    net = rows(
        """
        rows:
          a: {convolution: 3x3, filters: 1, padding: half}
          b: {convolution: 3x3, filters: 1, padding: half, dilation: 2}
          c: {convolution: 3x3, filters: 1, padding: half, dilation: 4}
        """
    )
    assert [side(net, row)[0] for row in "abc"] == [3, 7, 15]


# -- behind enlarged maps ---------------------------------------------------------------------------------------------

TWICE = "{sequence: [{upsampling: 2}, {upsampling: 2}]}"
WHOLE_MAP = ["{average pool: global}", "{linear: 3}", "{rbf: 3}", "{spatial pyramid pool: [2, 1]}"]
ENLARGED = {
    TWICE: 32,
    "{upsampling: 3, mode: bilinear}": 24,
    "{transposed convolution: 2x2/2, filters: 1}": 16,
    "{transposed convolution: 4x4/2, filters: 1, padding: 1}": 16,
    "{max pool: 3x3/2, rounding: ceil}": 4,
}


@pytest.mark.parametrize("enlarging", ENLARGED)
@pytest.mark.parametrize("end", [*WHOLE_MAP, "{average pool: SxS/1}", "{convolution: SxS, filters: 1}"])
def test_what_sees_a_whole_enlarged_map_sees_the_image_and_no_more(enlarging: str, end: str):
    end = end.replace("S", str(ENLARGED[enlarging]))
    assert field_of(rows(f"rows: {{u: {enlarging}, z: {end}}}", 1, 8, 8), "z").size == (8, 8)


@pytest.mark.parametrize("enlarging", ENLARGED)
def test_a_free_size_gives_what_the_number_gives(enlarging: str):
    text = f"rows: {{u: {enlarging}, z: {{linear: 3}}}}"
    free, number = (Measures(rows(text, 1, symbols={"size": size})).receptive_fields for size in (None, 20))
    assert number[-1] is not None
    for formula, field in zip(free, number, strict=True):
        if formula is not None and field is not None:
            assert tuple(substitute(side, {"size": 20}) for side in formula.size) == field.size


def test_flatten_renames_elements_and_each_keeps_its_own():
    net = rows("rows: {c: {convolution: 5x5, filters: 2}, f: flatten, r: relu, l: {linear: 3}}", 1, 68, 68)
    assert [side(net, row) for row in "cfr"] == [(5, 1)] * 3
    assert field_of(net, "l").size == (68, 68)


def test_softmax_and_convolutions_mix_the_channels_of_a_vector():
    for mixing in ("softmax", "{convolution: 1x1, filters: 3}", "local response norm"):
        net = rows(f"rows: {{c: {{convolution: 5x5, filters: 2}}, f: flatten, m: {mixing}}}", 1, 9, 9)
        assert field_of(net, "m").size == (9, 9)


def test_boxes_of_several_levels_keep_their_own_fields():
    """SSD: the concat of flattened levels tells the largest, 3 + 2 + 2 * 2 = 9; a linear layer sees the union."""
    net = rows(
        """
        rows:
          a: {convolution: 3x3, filters: 1}
          b: {convolution: 3x3/2, filters: 1}
          c: {convolution: 3x3, filters: 1}
          boxes: {concat: {a: [{output of: a}, flatten], c: flatten}}
          l: {linear: 3}
        """,
        1,
        20,
        20,
    )
    assert [field_of(net, row).size[0] for row in ("a", "c", "boxes", "l")] == [3, 9, 9, 20]
    assert field_of(net, "boxes").stride is None


def test_a_pyramid_tells_its_largest_bin():
    net = rows("rows: {c: {convolution: 3x3, filters: 1}, p: {spatial pyramid pool: [4, 3]}}", 1, 14, 14)
    assert field_of(net, "p").size == (3 + 3,) * 2  # 12 elements in bins of 3 and 4


def test_behind_a_branch_that_sees_the_whole_map_the_union_is_known():
    """ASPP and PSP: pooled and enlarged again, also by more than the phases that are followed apart."""
    for enlarged in ("{upsampling: 96}", "{upsampling: 96, mode: bilinear}"):
        image = f"[{{average pool: global}}, {{convolution: 1x1, filters: 4}}, {enlarged}]"
        rate = "{convolution: 3x3, filters: 4, padding: half, dilation: 6}"
        net = rows(
            f"rows: {{a: {{concat: {{r: {rate}, i: {image}}}}}, c: {{convolution: 3x3, filters: 1}}}}", 3, 96, 96
        )
        assert [field_of(net, row).stride for row in "ac"] == [(1, 1)] * 2
        assert field_of(net, "a").axes[0].at(50) == (0, 95)
        assert field_of(net, "c").axes[0].at(50) == (0, 95)


def test_a_map_of_one_element_spread_far_costs_nothing_to_say():
    """As many outputs as this are never listed; elements between the taps see nothing."""
    net = rows("rows: {t: {transposed convolution: 3x3, dilation: 100000000, filters: 1}}", 1, 1, 1)
    assert field_of(net, "t").size == (1, 1)


def test_a_bilinear_map_starts_with_the_image():
    """Beyond the edge there is no padding: element 0 is a copy of the image's first."""
    assert field_of(rows("rows: {u: {upsampling: 2, mode: bilinear}}", 1, 9, 9), "u").offset == (0, 0)


# -- edges of the definition ------------------------------------------------------------------------------------------


def test_a_linear_layer_sees_what_all_elements_together_see():
    net = rows("rows: {c: {convolution: 3x3/2, filters: 1}, f: {linear: 1}}", 1, 9, 9)
    assert field_of(net, "f").size == (9, 9)


def test_height_comes_first():
    assert field_of(rows("rows: {c: {convolution: 1x7/2x3, filters: 1}}"), "c").size == (1, 7)
    assert field_of(rows("rows: {c: {convolution: 1x7/2x3, filters: 1}}"), "c").stride == (2, 3)


def test_a_gate_lets_every_element_see_the_whole_image():
    net = rows(
        "rows: {se: {product: {map: identity, gate: {average pool: global}}}, c: {convolution: 3x3, filters: 1}}"
    )
    assert field_of(net, "se").size == (16, 16)
    assert (field_of(net, "c").size, field_of(net, "c").stride) == ((16, 16), (1, 1))


def test_branches_of_one_size_that_step_differently_have_no_one_field():
    slow, quick = "{convolution: 8x8, filters: 1}", "{convolution: 1x1/2, filters: 1}"
    net = rows(f"rows: {{j: {{concat: {{a: {slow}, b: {quick}}}}}}}", 1, 15, 15)
    assert Measures(net).receptive_fields[-1] is None


def test_a_free_size_that_decides_which_branch_sees_furthest_leaves_no_field():
    """Padding 'same' at stride 2 is 1 before an odd row of elements, and 0 before an even one; the other has none."""
    strided = "{max pool: 3x3/2, padding: same}", "{convolution: 1x1/2, filters: 3, padding: same}"
    text = f"rows: {{j: {{concat: {{a: {strided[0]}, b: {strided[1]}}}}}, c: {{convolution: 1x1, filters: 1}}}}"
    assert [field_of(rows(text, 1, side, side), "c").offset[0] for side in (9, 8)] == [-1, 0]
    fields = Measures(rows(text, 1, symbols={"size": None})).receptive_fields
    assert [field is None for field in fields] == [False, False, True, True]


def test_a_row_without_layers_behind_the_image_a_kind_and_the_whole_have_none():
    net = rows("rows: {a: identity, b: relu}")
    measures = Measures(net)
    assert [measures.receptive_field(group) for group in (net.rows[0], *net.kinds, net.whole)] == [None] * 3


@pytest.mark.parametrize("free", ["size", "height"])
def test_fields_do_not_depend_on_the_image_until_a_layer_sees_all_of_it(free: str):
    net = rows("rows: {c: {convolution: 5x5/2, filters: 1}, g: {average pool: global}}", symbols={free: None})
    assert field_of(net, "c").size == (5, 5)
    assert free_symbols(field_of(net, "g").size[0]) == {free}


@pytest.mark.parametrize("name", ["xception", "se_resnet50"])
def test_where_a_free_size_decides_which_branch_sees_further_there_is_no_field(name: str):
    """Padding `same` lies before or after the map, as the size is odd or even."""
    free, number = (Measures(analyze(shipped(name), symbols={"size": value})) for value in (None, 320))
    assert free.receptive_fields[-1] is None
    assert number.receptive_fields[-1] is not None
    for formula, field in zip(free.receptive_fields, number.receptive_fields, strict=True):
        if formula is not None and field is not None:
            assert tuple(substitute(side, {"size": 320}) for side in formula.size) == field.size


# -- several inputs ---------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(nets(), nets())
def test_what_another_input_brings_hides_nothing_of_the_first_and_adds_nothing(before: list[Step], behind: list[Step]):
    """The first input is perturbed alone: the fields are those of the same net without the other one."""
    dependencies([*before, *behind])
    alone = rows("rows:\n" + rows_of([*before, *behind]), 1, PERTURBED, PERTURBED)
    met = alone.rows[len(before) - 1].output
    text = f"name: t\ninput: {{image: 1x{PERTURBED}x{PERTURBED}, mask: 1x{met.height}x{met.width}}}\nrows:\n"
    text += f"{rows_of(before)}  met: {{concat: {{a: identity, b: {{input: mask}}}}}}\n{rows_of(behind, len(before))}"
    both = analyzed(text)
    names = [row.name for row in alone.rows]
    assert [field_of(both, name) for name in names] == [field_of(alone, name) for name in names]


def rows_of(steps: list[Step], first: int = 0) -> str:
    return "".join(f"  r{number}: {step.text}\n" for number, step in enumerate(steps, first))


def test_what_sees_nothing_of_the_first_input_has_no_field():
    net = analyzed(
        "name: t\ninput: {image: 3x9x9, mask: 1x9x9}\nrows:\n  a: {convolution: 3x3, filters: 1}\n"
        "  b: {input: mask, then: {convolution: 3x3, filters: 1}}\n  c: {convolution: 3x3, filters: 1}\n"
        "  d: {concat: {a: [{output of: a}, {convolution: 3x3, filters: 1}], b: identity}}"
    )
    fields = [Measures(net).receptive_field(row) for row in net.rows]
    assert [field and field.size for field in fields] == [(3, 3), None, None, (5, 5)]


def test_a_vector_as_the_first_input_has_no_places():
    lines = "{a: {product: {a: {linear: 3}, b: {input: image}}}, b: relu}"
    net = analyzed(f"name: t\ninput: {{text: 77, image: 3x9x9}}\nrows: {lines}")
    assert [Measures(net).receptive_field(row) for row in net.rows] == [None, None]
