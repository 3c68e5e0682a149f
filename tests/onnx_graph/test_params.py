"""Params by origin: published totals, and shares through every way that leads from a constant to where it is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper, parser

from inception_calc.onnx_file import read_bytes, read_file
from inception_calc.onnx_graph import walk

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
PUBLISHED = {
    "light_vgg19": 143_667_240,  # torchvision
    "light_inception_v1": 6_998_552,  # Caffe's GoogLeNet
    "light_squeezenet": 1_235_496,  # torchvision, squeezenet1_1 and 1_0 differ; this is 1_1 of Caffe
    "light_resnet50": 25_557_032,  # torchvision
    "light_densenet121": 7_978_856 + 83_648,  # torchvision, and Caffe scales and shifts twice
    "light_bvlc_alexnet": 60_965_224,  # Caffe
}


@pytest.mark.parametrize(("name", "count"), PUBLISHED.items())
def test_published_totals(name, count):
    found = walk(read_file(LIGHT / f"{name}.onnx"), name).params()
    assert found["weights"] + found["biases"] + found.get("affine", 0) == count


def params(text: str, **weights: tuple[int, ...]) -> dict[str, int]:
    """Params of a model in onnx's text, with float weights of the given shapes."""
    model = parser.parse_model(text)
    for name, shape in weights.items():
        model.graph.initializer.append(numpy_helper.from_array(np.zeros(shape, np.float32), name))
    return walk(read_bytes(model.SerializeToString(), "m"), "m").params()


HEAD = '<ir_version: 10, opset_import: ["" : 21, "com.microsoft": 1]>\n'


def test_a_weight_that_is_used_twice_counts_once_through_copies_of_its_own():
    found = params(
        HEAD
        + """g (float[2, 8] x) => (float[2, 8] y) {
            t1 = Transpose (w)
            a = MatMul (x, t1)
            c = Cast <to = 10> (w)
            back = Cast <to = 1> (c)
            t2 = Transpose (back)
            flat = Flatten (t2)
            y = MatMul (a, flat)
        }""",
        w=(8, 8),
    )
    assert found == {"weights": 64}


def test_parts_that_are_joined_or_cut_count_where_they_come_from():
    found = params(
        HEAD + """g (float[2, 8] x) => (float[2, 24] y, float[2, 4] z) {
            w = Concat <axis = 1> (q, k, v)
            y = MatMul (x, w)
            parts = Constant <value_ints = [4, 4]> ()
            first, second = Split <axis = 1> (o, parts)
            z = MatMul (x, first)
        }""",
        q=(8, 8), k=(8, 8), v=(8, 8), o=(8, 8),
    )  # fmt: skip
    assert found == {"weights": 4 * 64, "other": 2}


def test_weights_in_both_branches_count_and_the_cost_is_of_one():
    text = (
        HEAD
        + """g (float[2, 8] x, bool c) => (float[2, 8] y) {
        y = If (c) <then_branch = t () => (float[2, 8] r) { r = MatMul (x, small) },
                    else_branch = e () => (float[2, 8] r) { h = MatMul (x, large)  r = MatMul (h, back) }>
    }"""
    )
    assert params(text, small=(8, 8), large=(8, 16), back=(16, 8)) == {"weights": 64 + 256}


def test_roles():
    found = params(
        HEAD + """g (float[1, 3, 8, 8] x, int64[4] ids) => (float[1, 4, 6, 6] y, float[4, 5] e) {
            a = Conv (x, w, b)
            n = BatchNormalization (a, gamma, beta, mean, var)
            y = PRelu (n, slope)
            e = Gather (table, ids)
        }""",
        w=(4, 3, 3, 3), b=(4,), gamma=(4,), beta=(4,), mean=(4,), var=(4,), slope=(4, 1, 1), table=(100, 5),
    )  # fmt: skip
    assert found == {"weights": 108, "biases": 4, "affine": 12, "buffers": 8, "embeddings": 500}


def test_a_vector_added_behind_a_product_is_a_bias_and_one_that_scales_is_affine():
    found = params(
        HEAD + """g (float[2, 8] x) => (float[2, 4] y) {
            a = MatMul (x, w)
            s = Add (b, a)
            m = Mul (s, gamma)
            y = Add (m, beta)
        }""",
        w=(8, 4), b=(4,), gamma=(4,), beta=(4,),
    )  # fmt: skip
    assert found == {"weights": 32, "biases": 4, "affine": 8}


def test_quantized_weights_count_and_their_scales_are_other_constants():
    model = parser.parse_model(
        HEAD
        + """g (float[2, 8] x) => (float[2, 4] y) {
        w = DequantizeLinear (wq, scale, zero)
        y = MatMul (x, w)
    }"""
    )
    for name, array in (("wq", np.zeros((8, 4), np.int8)), ("scale", np.float32(1)), ("zero", np.int8(0))):
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
    assert walk(read_bytes(model.SerializeToString(), "m"), "m").params() == {"weights": 32, "other": 2}


def test_packed_weights_count_as_the_numbers_that_they_stand_for():
    nodes = [
        helper.make_node(
            "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft", K=64, N=16, bits=4, block_size=32
        )
    ]
    constants = [
        numpy_helper.from_array(np.zeros((16, 2, 16), np.uint8), "w"),
        numpy_helper.from_array(np.zeros(32, np.float32), "s"),
    ]
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, size]) for name, size in (("x", 64), ("y", 16))
    ]
    model = helper.make_model(
        helper.make_graph(nodes, "g", values[:1], values[1:], constants),
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)],
    )
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert found.params() == {"weights": 1024, "other": 32}
    assert found.multiply_adds == 2 * 64 * 16


def test_constants_of_a_shape_count_where_they_are_weights():
    found = params(
        HEAD
        + """g (float[2, 8] x) => (float[2, 4] y) {
            shape = Constant <value_ints = [8, 4]> ()
            w = ConstantOfShape (shape)
            a = MatMul (x, w)
            s = Shape (a)
            zeros = ConstantOfShape (s)
            y = Add (a, zeros)
        }""",
    )
    assert found == {"weights": 32, "other": 2}
