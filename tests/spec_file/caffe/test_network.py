"""Networks in Caffe's words: what they count, how their rows look, where their mistakes stand."""

from __future__ import annotations

from contextlib import suppress

import pytest

from inception_calc.analysis import Analysis, analyze
from inception_calc.problems import InputError
from inception_calc.spec_file.load import Origin, load_text
from tests.helpers import names, shipped
from tests.spec_file.caffe.files import convolution, googlenet, layer, pool

DATA = 'input: "data" input_shape { dim: 1 dim: 3 dim: 32 dim: 32 }\n'


def analyzed(text: str) -> Analysis:
    def none(name: str) -> Origin:
        raise AssertionError(name)

    return analyze(load_text(Origin("net.prototxt", text, none)))


def affine_of(analysis: Analysis) -> int:
    """Scales and shifts."""
    return sum(cost.params - cost.weights - cost.biases for cost in analysis.layers)


def problem(text: str) -> tuple[str, int, str]:
    with pytest.raises(InputError) as caught:
        analyzed(text)
    first = caught.value.problems[0]
    assert first.location is not None
    assert first.fix
    return first.code, first.location.line, first.what


def test_googlenet_is_that_of_the_shipped_spec():
    found, expected = analyzed(googlenet()).totals, analyze(shipped("googlenet")).totals
    assert found == expected
    assert found.params == 6_998_552  # the paper's model, without its auxiliary heads (BVLC's caffemodel)


def test_modules_are_rows_with_branches():
    analysis = analyzed(googlenet())
    assert [row.name for row in analysis.rows][7:10] == ["inception_3a", "inception_3b", "pool3"]
    assert "inception_3a/3x3/3x3_reduce" in names(analysis)


def test_pools_round_up_and_clip_as_caffe_does():
    """32 -> ceil(29 / 2) + 1 = 16; with padding 1, ceil(16 / 2) + 1 = 9."""
    analysis = analyzed(DATA + pool("a", "data", 3, 2) + pool("b", "a", 2, 2, 1))
    assert [cost.layer.output[1:] for cost in analysis.layers] == [(16, 16), (9, 9)]


BLOCK = (
    DATA
    + layer("Convolution", "c", "data", "convolution_param { num_output: 3 kernel_size: 3 pad: 1 bias_term: false }")
    + layer("BatchNorm", "n", "c", "batch_norm_param { use_global_stats: true }", top="c")
    + layer("Scale", "s", "c", "scale_param { bias_term: true }", top="c")
    + layer("Eltwise", "sum", ("data", "c"))
    + layer("ReLU", "relu", "sum", top="sum")
)


def test_a_batch_norm_and_its_scale_are_one_and_belong_to_the_convolution():
    analysis = analyzed(BLOCK)
    assert names(analysis) == ["sum/c", "sum/c/batch norm", "sum/sum", "sum/sum/relu"]
    assert (analysis.totals.params, affine_of(analysis), analysis.totals.buffers) == (87, 6, 6)


SCALE, BIAS = layer("Scale", "s", "c", top="c"), layer("Scale", "s", "c", "scale_param { bias_term: true }")


@pytest.mark.parametrize(("scale", "affine"), [("", 0), (SCALE, 3), (BIAS, 6)])
def test_a_batch_norm_is_trained_as_far_as_it_is_scaled(scale: str, affine: int):
    text = DATA + convolution("c", "data", 3, 1).partition("\n")[0] + layer("BatchNorm", "n", "c", top="c") + scale
    assert affine_of(analyzed(text)) == affine


def test_what_is_read_between_is_a_layer_of_its_own():
    """The sum reads the convolution's output before its ReLU."""
    text = DATA + layer("Convolution", "c", "data", "convolution_param { num_output: 3 kernel_size: 1 }")
    text += layer("ReLU", "r", "c") + layer("Eltwise", "s", ("c", "r"))
    assert [cost.layer.op.op for cost in analyzed(text).layers] == ["convolution", "relu", "sum"]


@pytest.mark.parametrize(("scale", "affine"), [("", 3), ("scale_param { bias_term: true }", 6)])
def test_a_scale_alone_is_a_layer_scale(scale: str, affine: int):
    """On three channels, with a shift where it says so."""
    analysis = analyzed(DATA + layer("Scale", "s", "data", scale))
    assert [cost.layer.op.op for cost in analysis.layers] == ["layer scale"]
    assert affine_of(analysis) == affine


def test_layers_of_training_are_left_out():
    text = DATA.replace("data", "pixels") + 'layer { name: "d" type: "Data" top: "x" include { phase: TRAIN } }\n'
    text += convolution("c", "pixels", 4, 3) + layer("SoftmaxWithLoss", "loss", ("c", "label"))
    text += layer("Dropout", "gone", "c", "exclude { phase: TEST }", top="c")
    assert names(analyzed(text)) == ["c", "c/relu"]


TWICE = ("data", "data")
OLD = """
name: "old"
input: "data" input_dim: 1 input_dim: 1 input_dim: 28 input_dim: 28
layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" blobs_lr: 1 convolution_param {
  num_output: 20 kernel_h: 5 kernel_w: 3 stride: 1 group: 1 } }
layers < name: 'p' type: POOLING bottom: "c" top: "p" pooling_param: { pool: MAX kernel_size: 2, stride: 2; } >
layers { name: "f" type: INNER_PRODUCT bottom: "p" top: "f" inner_product_param { num_output: 10 } }  # ten digits
"""


def test_files_of_before_2014():
    """5x3 on 28x28: 24x26; 12x13 after the pool; 20 * (15 + 1) + 10 * (20 * 156 + 1)."""
    assert analyzed(OLD).totals.params == 320 + 10 * (20 * 12 * 13 + 1)


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        (DATA + layer("Python", "p", "data"), "unknown-operator", 2, "Python"),
        (DATA + layer("Convolutoin", "p", "data"), "unknown-operator", 2, "Convolutoin"),
        (DATA + layer("Convolution", "c", "data"), "missing-key", 2, "num_output"),
        (DATA + layer("ReLU", "r", "dota"), "unknown-name", 2, "dota"),
        (DATA + layer("ReLU", "r", ("data", "data")), "wrong-value", 2, "2 blobs"),
        (DATA + layer("Scale", "s", "data", "scale_param { axis: 2 }"), "unknown-operator", 2, "axis 1"),
        (DATA + layer("Concat", "c", ("data", "data"), "concat_param { axis: 2 }"), "unknown-operator", 2, "axis 2"),
        (DATA + layer("Eltwise", "e", TWICE, "eltwise_param { coeff: 1 coeff: -1 }"), "unknown-operator", 2, "scaled"),
        (DATA + layer("Eltwise", "e", TWICE, "eltwise_param { operation: MAX }"), "unknown-operator", 2, "MAX"),
        (DATA + convolution("c", "data", 0, 3), "too-small", 2, "0"),
        (DATA + convolution("c", "data", 4, 99), "window-too-large", 2, "99"),
        (DATA + layer("ReLU", "r", "data", 'param { name: "w" }'), "unknown-key", 2, "'w'"),
        ('input: "data"\n' + layer("ReLU", "r", "data"), "missing-key", 1, "how large"),
        (layer("ReLU", "r", "data"), "unknown-name", 1, "data"),
        (DATA, "no-rows", 1, "no layers"),
        ("", "no-rows", 1, "no layers"),
        ("layer: 3", "wrong-type", 1, "message"),
        ("name { a: 1 }\n" + DATA + layer("ReLU", "r", "data"), "wrong-type", 1, "one value"),
        ("input: ", "syntax", 1, "ends"),
        ('name: "a\n', "syntax", 1, "closed"),
        ("layer {\n name: 'x'", "syntax", 1, "missing"),
        ("a: 1 }", "syntax", 1, "expected"),
        ("a { b: 1 ? }", "syntax", 1, "?"),
        ("a {" * 60, "too-deep", 1, "50"),
    ],
)  # fmt: skip
def test_mistakes_stand_where_they_are_made(text: str, code: str, line: int, words: str):
    found = problem(text)
    assert found[:2] == (code, line)
    assert words in found[2]


def test_all_layers_are_looked_at_in_one_run():
    with pytest.raises(InputError) as caught:
        analyzed(DATA + layer("Python", "p", "data") + layer("Slice", "s", "p") + layer("ReLU", "r", "nothing"))
    assert [one.code for one in caught.value.problems] == ["unknown-operator", "unknown-operator", "unknown-name"]


def test_cut_off_anywhere_it_is_a_network_or_a_complaint():
    networks = 0
    for end in range(len(BLOCK)):
        with suppress(InputError):
            networks += analyzed(BLOCK[:end]).totals.params >= 0
    assert 0 < networks < len(BLOCK)
