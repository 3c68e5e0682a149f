"""The lecture's sums, and what a reader finds where."""

from __future__ import annotations

import json
import re

import pytest

from inception_calc.analysis import analyze
from inception_calc.explain import explain
from inception_calc.problems import InputError
from inception_calc.report.explain import document, markdown_text, text
from tests.helpers import analyzed, rows, shipped, shipped_analysis


def test_a_layer_is_formula_then_numbers_then_value():
    """5 x 5 x 16 x 32 weights, each used on 28 x 28 positions (GoogLeNet, Table 1, 3a)."""
    said = text(explain(shipped_analysis("googlenet"), "3a/5x5"))
    formula = "kernel_height*kernel_width*input_channels*filters*output_height*output_width"
    steps = [line.split("= ", 1)[1] for line in said.splitlines() if " = " in line]
    place = steps.index(formula)
    assert steps[place : place + 3] == [formula, "5*5*16*32*28*28", "10,035,200"]


def test_symbolic_keeps_the_names():
    said = text(explain(shipped_analysis("googlenet"), "3a/5x5"), symbolic=True)
    assert "where kernel_height = 5, kernel_width = 5, input_channels = 16, filters = 32" in said
    assert "5*5*16*32" not in said


def test_a_row_is_the_sum_of_its_layers():
    """The six terms that the slides print for the module (cs231n 2017, lecture 9), which sum to 271,351,808."""
    found = explain(shipped_analysis("inception_module"), "module")
    printed = {28 * 28 * 256 * 64, 28 * 28 * 256 * 128, 28 * 28 * 64 * 9 * 192, 28 * 28 * 64 * 25 * 96}
    (multiply_adds, *_) = found.sums
    assert {term.value for term in multiply_adds.terms} == printed
    assert multiply_adds.value == 271_351_808
    numbers = [line for line in text(found).splitlines() if re.search(r"\d\*\d", line)]
    for line in numbers[:6]:
        formula, value = re.findall(r"[\d*,]{3,}", line)[-2:]
        product = 1
        for factor in formula.split("*"):
            product *= int(factor)
        assert product == int(value.replace(",", ""))


def test_the_whole_is_the_sum_of_its_rows():
    analysis = shipped_analysis("googlenet")
    for found in explain(analysis).sums:
        counts = [getattr(cost, found.quantity) for cost in analysis.layers]
        assert found.value == sum(counts)
        assert found.value == sum(term.value for term in found.terms)


def test_a_row_of_one_layer_is_that_layer():
    assert explain(shipped_analysis("googlenet"), "conv1").kind == "layer"
    assert explain(shipped_analysis("googlenet"), "3a").kind == "row"


def test_receptive_fields_follow_the_recurrence():
    """field + (kernel - 1) * stride before it: 7 after conv1 at stride 2, 11 after a 3x3 pool, 27 at pool2's end."""
    values = {}
    for name in ("conv1", "pool1"):
        for line in explain(shipped_analysis("googlenet"), name).lines:
            if line.quantity == "receptive field, height":
                values[name] = line.value
    assert values == {"conv1": 7, "pool1": 7 + (3 - 1) * 2}


def test_a_free_size_stays_in_the_numbers():
    analysis = analyze(shipped("googlenet"), symbols={"size": None})
    said = text(explain(analysis, "conv1"))
    assert "= 7*7*3*64*((size + 1)//2)*((size + 1)//2)" in said


@pytest.mark.parametrize(
    ("wrong", "hint"), [("3a/5x5 reduc", "3a/5x5 reduce"), ("3aa", "3a"), ("pol1", "pool1"), ("5x5", "3a/5x5")]
)
def test_a_wrong_name_gets_the_nearest(wrong: str, hint: str):
    with pytest.raises(InputError) as caught:
        explain(shipped_analysis("googlenet"), wrong)
    assert hint in caught.value.problems[0].fix


def test_json_has_every_step():
    data = json.loads(document(explain(shipped_analysis("googlenet"), "3a/5x5")))
    entry = next(one for one in data["quantities"] if one["quantity"] == "multiply_adds")
    assert entry["numbers"] == "5*5*16*32*28*28"
    assert entry["value"] == 10_035_200


@pytest.mark.parametrize(
    ("name", "row", "entering"),
    [("c3d", "conv1a", "the input"), ("m11", "conv1", "the input"), ("vgg_d", "conv1_1", "the image")],
)
def test_an_image_is_what_has_height_and_width_alone(name: str, row: str, entering: str):
    analysis = shipped_analysis(name)
    for asked in (row, "total"):
        assert explain(analysis, asked).inputs[0][0] == entering


def test_a_row_of_a_volume_sees_elements_of_the_input():
    row = "{convolution: 3x3x3, filters: 2, batch norm: true, activation: relu}"
    (note,) = explain(analyzed(f"name: test\ninput: 2x6x6x6\nrows: {{a: {row}}}\n"), "a").notes
    assert note == "one output element sees 3 x 3 x 3 elements of the input"


def test_a_hostile_name_cannot_leave_the_fence():
    analysis = rows("rows:\n  '```\\u001b[31m': {convolution: 1x1, filters: 2}\n")
    name = analysis.graph.rows[0].name
    written = markdown_text(explain(analysis, name))
    assert written.count("```") == 2
    assert "\x1b" not in written


def test_a_row_may_be_asked_for_by_its_label():
    with pytest.raises(InputError) as caught:
        explain(shipped_analysis("googlenet"), "inception (3a)")
    assert caught.value.problems[0].fix == "did you mean '3a'?"


def test_groups_of_a_free_width_are_the_counts_of_the_table():
    analysis = analyze(shipped("alexnet"), symbols={"width_multiplier": None})
    lines = {line.quantity: line.value for line in explain(analysis, "conv4").lines}
    (cost,) = (one for one in analysis.layers if one.layer.name == "conv4")
    assert lines["weights"] == cost.weights
    assert lines["multiply_adds"] == cost.multiply_adds


def test_what_no_formula_says_is_said_in_words():
    """A join sees what its branches see; behind an enlargement neighbours see differently much."""
    assert "(all that the branches see)" in text(explain(shipped_analysis("googlenet"), "3a/concat"))
    enlarged = text(explain(shipped_analysis("unet"), "up4"))
    assert "(what the elements that see most see)" in enlarged


def test_formulas_go_below_their_names_where_a_screen_is_narrow():
    found = explain(shipped_analysis("googlenet"), "3a")
    narrow = text(found, width=40).splitlines()
    place = narrow.index("  3a/5x5          10,035,200")
    assert narrow[place + 1] == "    = 5*5*16*32*28*28"
    assert "  3a/5x5         5*5*16*32*28*28  =   10,035,200" in text(found, width=80).splitlines()


def test_the_whole_is_called_total_too():
    analysis = shipped_analysis("googlenet")
    assert explain(analysis, "total") == explain(analysis)


@pytest.mark.parametrize(
    ("name", "unknown", "what", "whole", "command"),
    [
        ("googlenet", "zz", "rows: ", lambda a: [row.name for row in a.graph.rows], "table googlenet --by row"),
        ("googlenet@naive", "relu", "there are ", lambda a: [n for n in layers(a) if n.endswith("/relu")],
         "table googlenet@naive --by layer"),
        ("lenet5", "zz", "rows: ", lambda a: [row.name for row in a.graph.rows], None),
    ],
)  # fmt: skip
def test_an_unknown_name_gets_all_or_is_told_how_many(name, unknown, what, whole, command):
    analysis = shipped_analysis(name)
    with pytest.raises(InputError) as stop:
        explain(analysis, unknown)
    fix = stop.value.problems[0].fix
    assert fix.startswith(what)
    names, _, said = fix.removeprefix(what).partition("; all: ")
    shown = re.split(", | and | or ", names)
    every = whole(analysis)
    if command is None:
        assert shown == every
        assert not said
    else:
        assert shown[:-1] == every[: len(shown) - 1]
        assert shown[-1] == f"{len(every) - len(shown) + 1} more"
        assert said == f"inception-calc {command}"


def layers(analysis) -> list[str]:
    return [cost.layer.name for cost in analysis.layers]


JOIN = "{concat: {a: {convolution: 8x8, filters: 1}, b: {convolution: 1x1/2, filters: 1}}}"
"""At 15 the branches have one size and different strides: there is no one field, whatever is free."""


@pytest.mark.parametrize(
    ("row", "size", "free"),
    [
        (JOIN, "1x15x15", "batch"),
        ("identity", "1x15x15", "size"),
        ("{linear: classes}", "784", "classes"),
    ],
    ids=["no size is free", "no layer looks at anything", "there is no axis"],
)
def test_a_free_symbol_is_not_blamed_for_a_field_that_it_does_not_decide(row: str, size: str, free: str):
    net = analyzed(f"name: x\ninput: {size}\nsymbols: {{classes: 4}}\nrows: {{a: {row}}}\n", symbols={free: None})
    assert not [note for note in explain(net, "a").notes if "depends" in note]


def test_a_kernel_of_hundreds_of_taps_is_explained():
    """Kernels of signals are long: runs of equal taps stand as products, and no sum is too long to be read."""
    signal = "name: test\ninput: 1x16000\nrows:\n  c: {convolution: %s, filters: 2}\n"
    found = explain(analyzed(signal % "400, padding: same"), "c")
    values = {line.quantity: line.value for line in found.lines}
    assert values["effective_multiply_adds"] == 2 * sum(16000 - abs(shift) for shift in range(-199, 201))
    strided = explain(analyzed(signal % "256/128"), "c")
    assert next(line.formula for line in strided.lines if line.quantity == "taps_along") == "256*124"
