"""Free dimensions: which names are one size, which are nobody's."""

from __future__ import annotations

import pytest
from onnx import TensorProto, helper

from inception_calc.dims import formula_text
from inception_calc.onnx_file import read_bytes
from inception_calc.onnx_graph import walk
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import Tensor
from inception_calc.problems import InputError


def walked(bound: dict[str, int] | None = None, **shapes: list[object]) -> Walked:
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    model = helper.make_model(helper.make_graph([], "g", inputs, []))
    return walk(read_bytes(model.SerializeToString(), "m"), "m", bound=bound)


def texts(found: Walked, name: str) -> list[str]:
    return [formula_text(size) for size in found.inputs[name].shape]


def test_nameless_sizes_are_all_different():
    found = walked(x=["?", 3, "?", "-1", None, ""], y=["?"])
    assert texts(found, "x") == ["x_0", "3", "x_2", "x_3", "x_4", "x_5"]
    assert texts(found, "y") == ["y_0"]


def test_a_name_is_one_size_wherever_it_stands():
    found = walked(x=["batch", "seq len"], y=["batch", "seq_len"])
    assert texts(found, "x") == ["batch", "seq_len"]
    assert texts(found, "y") == ["batch", "seq_len_2"]  # another name in the file is another size
    assert found.symbols == {"seq_len": "seq len", "seq_len_2": "seq_len"}


def test_names_are_bound_as_the_file_writes_them_or_as_they_are_shown():
    assert texts(walked({"seq len": 7}, x=["seq len"]), "x") == ["7"]
    assert texts(walked({"seq_len": 7}, x=["seq len"]), "x") == ["7"]
    assert texts(walked({"x_0": 4}, x=["?"]), "x") == ["4"]


def test_zero_is_a_size_and_a_negative_number_is_none():
    """-1 is how some exporters write a free size; no size is -5."""
    assert texts(walked(x=[0, -1, 2**62]), "x") == ["0", "x_1", str(2**62)]
    with pytest.raises(InputError, match="-5"):
        walked(x=[0, -5])


@pytest.mark.parametrize("name", ["width_multiplier", "1st", "a+b", "größe", "é", "x_0"])
def test_odd_names_become_plain_ones(name):
    found = walked(x=["?", name])
    plain = texts(found, "x")[1]
    assert plain.isascii()
    assert plain not in {"x_0", "width_multiplier"}
    assert found.symbols[plain] == name


def test_two_free_sizes_that_are_broadcast_are_an_assumption():
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("x", ["a"]), ("y", ["b"]))
    ]
    output = helper.make_tensor_value_info("z", TensorProto.FLOAT, None)
    nodes = [helper.make_node("Add", ["x", "y"], ["z"]), helper.make_node("Add", ["x", "x"], ["w"])]
    model = helper.make_model(helper.make_graph(nodes, "g", inputs, [output]))
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert [formula_text(size) for size in found.outputs["z"].shape] == ["max(a, b)"]
    assert found.assumptions == ("node 0 (Add): a and b are broadcast: they are equal, or one is 1",)


def test_a_squeeze_without_axes_keeps_free_sizes_and_says_so():
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["a", 1, 4])
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    model = helper.make_model(helper.make_graph([helper.make_node("Squeeze", ["x"], ["y"])], "g", [value], [output]))
    found = walk(read_bytes(model.SerializeToString(), "m"), "m")
    assert [formula_text(size) for size in found.outputs["y"].shape] == ["a", "4"]
    assert "every free size is more than 1" in found.assumptions[0]


def test_names_that_the_model_does_not_have_are_refused():
    with pytest.raises(InputError) as error:
        walked({"bach": 8}, x=["batch", 3])
    assert error.value.problems[0].what == "m has no free size called 'bach'"
    assert error.value.problems[0].fix == "did you mean 'batch'?"
    value = helper.make_tensor_value_info("image", TensorProto.FLOAT, [3])
    model = read_bytes(helper.make_model(helper.make_graph([], "g", [value], [])).SerializeToString(), "m")
    with pytest.raises(InputError) as error:
        walk(model, "m", {"imag": Tensor((3,))})
    assert error.value.problems[0].what == "m has no input called 'imag'"


def test_what_only_a_run_knows_may_be_bound():
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [5])
    output = helper.make_tensor_value_info("y", TensorProto.INT64, None)
    model = helper.make_model(helper.make_graph([helper.make_node("NonZero", ["x"], ["y"])], "g", [value], [output]))
    read = read_bytes(model.SerializeToString(), "m")
    assert formula_text(walk(read, "m").outputs["y"].shape[1]) == "nonzero_0"
    assert walk(read, "m", bound={"nonzero_0": 4}).outputs["y"].shape == (1, 4)
