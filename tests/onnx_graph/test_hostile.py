"""Models that make no sense end in an error with the node; models that would not end are stopped."""

# ruff: noqa: E501  (a table of mistakes, one a line)
from __future__ import annotations

import random

import pytest
from onnx import helper, parser

from inception_calc.dims.polynomial import Polynomial
from inception_calc.onnx_file import read_bytes
from inception_calc.onnx_graph import walk
from inception_calc.problems import InputError, Stop

HEAD = '<ir_version: 10, opset_import: ["" : 21, "own" : 1]>\n'


def reason(model: object) -> str:
    model = parser.parse_model(HEAD + model) if isinstance(model, str) else model
    with pytest.raises(InputError) as error:
        walk(read_bytes(model.SerializeToString(), "m"), "m.onnx")
    return error.value.problems[0].what


def graph(*nodes: object, **shapes: list[int]) -> object:
    inputs = [helper.make_tensor_value_info(name, 1, shape) for name, shape in (shapes or {"x": [2, 3]}).items()]
    outputs = [helper.make_tensor_value_info("y", 1, None)]
    return helper.make_model(
        helper.make_graph(list(nodes), "g", inputs, outputs), opset_imports=[helper.make_opsetid("", 21)]
    )


node = helper.make_node
SCAN = """g (float[T, 8] x, float[2, 8] s) => (float[2, 8] y) {{
    y = Scan <num_scan_inputs = {}, body = b (float[2, 8] a, float[8] r) => (float[2, 8] c) {{ c = Add (a, r) }}> (s, x)
}}"""


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (graph(node("Relu", ["none"], ["y"])), "node 0 (Relu): nothing makes the input 'none'"),
        (graph(), "nothing makes the output 'y'"),
        (graph(node("Relu", ["b"], ["a"]), node("Relu", ["a"], ["b"])), "node 0 'Relu' needs its own output: the graph has a circle"),
        (graph(node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"])), "nodes 0 and 1 both make 'y'"),
        (graph(node("Relu", ["x"], ["z"]), x=[2], z=[2]), "node 0 makes 'z', which is an input or a constant"),
        (graph(node("Relu", [], ["y"])), "node 0 (Relu): input 0 is missing"),
        (graph(node("Relu", [""], ["y"])), "node 0 (Relu): input 0 is missing"),
        (graph(node("Softmax", ["x"], ["y"], "/head/Softmax", axis=5)), "node 0 '/head/Softmax': axis 5 is none of 2 axes"),
        (graph(node("Softmax", ["x"], ["y"], axis="1")), "node 0 (Softmax): the attribute 'axis' must be an integer, not a text"),
        (graph(node("Transpose", ["x"], ["y"], perm=[0, 0])), "node 0 (Transpose): perm [0, 0] is no order of 2 axes"),
        (graph(node("Concat", ["x"], ["y"])), "node 0 (Concat): the attribute 'axis' is missing"),
        (graph(node("Conv", ["x", "x"], ["y"])), "node 0 (Conv): a convolution of 2 axes with weights of 2"),
        (graph(node("MatMul", ["x", "x"], ["y"])), "node 0 (MatMul): a matrix product over 3 and 2 elements"),
        (graph(node("Add", ["x", "z"], ["y"]), x=[2, 3], z=[2, 4]), "node 0 (Add): axes of 3 and 4 cannot be broadcast"),
        (graph(node("DepthToSpace", ["x"], ["y"], blocksize=0), x=[1, 4, 2, 2]), "node 0 (DepthToSpace): "),
        (graph(node("MaxPool", ["x"], ["y"], kernel_shape=[3, 3]), x=[1, 1, 2, 2]), "node 0 (MaxPool): a window of 3x3 does not fit into the padded map of 2x2"),
        (graph(node("MaxPool", ["x"], ["y"], kernel_shape=[1, 1], strides=[0, 1]), x=[1, 1, 2, 2]), "strides and dilations must be at least 1"),
        (graph(node("MaxPool", ["x"], ["y"], kernel_shape=[-3, 3]), x=[1, 1, 8, 8]), "node 0 (MaxPool): each side of a kernel must be at least 1"),
        (graph(node("Conv", ["x", "w"], ["y"], kernel_shape=[5, 5]), x=[1, 3, 8, 8], w=[4, 3, 3, 3]), "a kernel_shape of [5, 5] and weights of 3x3"),
        (graph(node("Conv", ["x", "w"], ["y"], group=0), x=[1, "c", 8, 8], w=[4, 3, 3, 3]), "weights of 4 channels cannot be shared out among 0 groups"),
        (graph(node("Conv", ["x", "w"], ["y"], group=-1), x=[1, "c", 8, 8], w=[4, 3, 3, 3]), "among -1 groups"),
        (graph(node("Conv", ["x", "w"], ["y"], group=3), x=[1, 9, 8, 8], w=[4, 3, 3, 3]), "among 3 groups"),
        (graph(node("ConvTranspose", ["x", "w"], ["y"], group=0), x=[1, "c", 8, 8], w=[4, 3, 3, 3]), "among 0 groups"),
        (graph(node("LRN", ["x"], ["y"], size=-5), x=[1, 3, 8, 8]), "node 0 (LRN): a size that its cost depends on is -7"),
        (SCAN.format(0), "node 0 (Scan): num_scan_inputs is 0, and there are 2 inputs"),
        (SCAN.format(3), "node 0 (Scan): num_scan_inputs is 3, and there are 2 inputs"),
        (graph(node("ConvTranspose", ["x", "x"], ["y"], pads=[9, 9, 9, 9]), x=[1, 1, 2, 2]), "node 0 (ConvTranspose): the output would have an axis of -"),
        (graph(node("Einsum", ["x"], ["y"], equation="ab->q")), "node 0 (Einsum): equation 'ab->q' asks for an axis that no input has"),
    ],
)  # fmt: skip
def test_nonsense_is_told_with_the_node(model, what):
    assert what in reason(model)
    assert reason(model).startswith("m.onnx: ")


def test_functions_that_double_are_stopped():
    calls = "".join(
        f'<domain: "own", opset_import: ["" : 21, "own" : 1]>\nf{i} (p) => (q) {{ a = own.f{i + 1} (p)  q = own.f{i + 1} (a) }}\n'
        for i in range(40)
    )
    last = '<domain: "own", opset_import: ["" : 21]>\nf40 (p) => (q) { q = Relu (p) }'
    assert "do functions double?" in reason(f"g (float[2] x) => (float[2] y) {{ y = own.f0 (x) }}\n{calls}{last}")


def test_a_function_that_calls_itself_is_stopped():
    own = '<domain: "own", opset_import: ["" : 21, "own" : 1]>\nf (p) => (q) { q = own.f (p) }'
    assert "does one call itself?" in reason(f"g (float[2] x) => (float[2] y) {{ y = own.f (x) }}\n{own}")


def test_numbers_do_not_grow_beyond_what_a_file_can_hold():
    squares = "".join(f"a{i + 1} = Mul (a{i}, a{i}) " for i in range(300))
    model = parser.parse_model(HEAD + f"g () => (int64 a300) {{ a0 = Constant <value_int = 3> () {squares} }}")
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert found.outputs["a300"].values is None


def test_unknown_operators_are_gaps_with_their_name():
    model = graph(node("Foo", ["x"], ["h"], "odd", domain="com.acme"), node("Relu", ["h"], ["y"]))
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert [gap[:3] for gap in found.gaps] == [
        ("node 0 'odd'", "the operator com.acme::Foo of opset 1 is not known", False),
        ("node 1 (Relu)", "the output's shape of Relu depends on what is not known", True),
    ]


def test_nodes_in_the_wrong_order_are_put_in_order():
    model = graph(node("Relu", ["a"], ["y"]), node("Transpose", ["x"], ["a"]))
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert [step.number for step in found.steps] == [1, 0]
    assert found.outputs["y"].shape == (3, 2)


def test_mutants_end_in_a_walk_or_a_typed_error():
    """Whatever a damaged file says, no exception but the program's own comes out."""
    chance = random.Random(1)  # noqa: S311
    text = (
        HEAD
        + """g (float[N, 3, 8, 8] x, int64[2] size) => (float[N, M] y) <float[4, 3, 3, 3] w, float[4] b> {
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, w, b)
        p = MaxPool <kernel_shape = [2, 2]> (c)
        s = Shape (p)
        two = Constant <value_ints = [2]> ()
        big = Constant <value_ints = [4]> ()
        rest = Slice (s, two, big)
        area = ReduceProd <keepdims = 0> (rest)
        t = Transpose <perm = [0, 2, 3, 1]> (p)
        l = LSTM <hidden_size = 3> (f, w, w)
        f = Reshape (t, size)
        e = Einsum <equation = "ab,cb->ac"> (f, f)
        q, r = Split <axis = 1> (e, two)
        y = Concat <axis = 0> (e, e)
    }"""
    )
    data = parser.parse_model(text).SerializeToString()
    walked = refused = 0
    for _ in range(1500):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 2, 3))):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        try:
            walk(read_bytes(bytes(mutant), "m"), "m")
            walked += 1
        except Stop:
            refused += 1
    assert walked + refused == 1500
    assert refused > 100


@pytest.mark.parametrize("size", [-2, -5, -(2**62)])
def test_a_size_below_nothing_is_no_free_one(size: int):
    assert reason(graph(node("Relu", ["x"], ["y"]), x=[2, size])) == f"m: axis 1 of 'x' has {size} elements"
    free = graph(node("Relu", ["x"], ["y"]), x=[2, -1])
    assert isinstance(walk(read_bytes(free.SerializeToString(), "m"), "m").outputs["y"].shape[1], Polynomial)


def test_an_axis_of_nothing_is_nothing_and_a_huge_one_is_counted():
    """2^62 elements cost nothing to count: numbers have no end here."""
    for size in (0, 2**62):
        model = graph(node("MatMul", ["x", "z"], ["y"]), x=[3, size], z=[size, 5])
        assert walk(read_bytes(model.SerializeToString(), "m"), "m").multiply_adds == 15 * size


@pytest.mark.parametrize(
    "location", ["../w.bin", "/etc/passwd", "a/../../w.bin", "..\\w.bin", "C:/w.bin", "\\\\host\\w"]
)
def test_data_outside_the_folder_of_the_model_are_refused(location: str):
    model = graph(node("MatMul", ["x", "w"], ["y"]))
    tensor = model.graph.initializer.add(name="w", dims=[3, 4], data_type=1, data_location=1)
    tensor.external_data.add(key="location", value=location)
    assert reason(model) == f"m: the data of tensor 'w' lie outside the model's folder: {location}"


def test_an_einsum_of_very_many_factors_takes_no_time_to_speak_of():
    """A sum of products of 20,000 vectors of two: they are joined one by one."""
    equation = ",".join(["a"] * 20_000) + "->"
    model = graph(node("Einsum", ["x"] * 20_000, ["y"], equation=equation), x=[2])
    assert walk(read_bytes(model.SerializeToString(), "m"), "m").multiply_adds == 19_999 * 2
