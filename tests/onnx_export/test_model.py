"""ONNX models, judged by onnx itself: its full checker, its own shape inference."""

from __future__ import annotations

import pytest

onnx = pytest.importorskip("onnx")

from inception_calc.analysis import analyze  # noqa: E402 - behind the question whether onnx is there
from inception_calc.onnx_export import model as export  # noqa: E402
from inception_calc.onnx_export.arrays import random_array  # noqa: E402
from inception_calc.onnx_export.model import build_model, check_model, write_model  # noqa: E402
from inception_calc.onnx_export.plan import plan  # noqa: E402
from inception_calc.problems import InputError  # noqa: E402
from tests.helpers import rows, shipped_analysis  # noqa: E402
from tests.shipped_specs import ALL  # noqa: E402


def inferred_shapes(model) -> dict[str, list[int | str]]:
    values = [*model.graph.value_info, *model.graph.output, *model.graph.input]
    return {
        value.name: [side.dim_param or side.dim_value for side in value.type.tensor_type.shape.dim] for value in values
    }


@pytest.mark.parametrize("reference", ALL)
def test_onnx_infers_our_shapes_for_every_shipped_spec_with_its_heads(reference: str):
    analysis = shipped_analysis(reference, training=True)
    model = build_model(plan(analysis))
    del model.graph.value_info[:]  # what we say of values in between must not help
    shapes = inferred_shapes(check_model(model))
    for cost in analysis.layers:
        y = cost.layer.output
        assert shapes[cost.layer.name] in ([1, *y], [1, y.elements]), cost.layer.name


def test_the_model_says_its_opset_and_where_its_numbers_come_from():
    model = build_model(plan(shipped_analysis("googlenet")))
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 21)]
    facts = {entry.key: entry.value for entry in model.metadata_props}
    assert facts["inception_calc.multiply_adds"] == "1582671872"
    assert facts["inception_calc.params"] == "6998552"


def test_nodes_carry_their_costs():
    """GoogLeNet's 3a/5x5 reduce: 192 x 16 kernels and 16 biases on a map of 28x28."""
    model = build_model(plan(shipped_analysis("googlenet")))
    (node,) = [node for node in model.graph.node if node.name == "3a/5x5 reduce"]
    facts = {entry.key.partition(".")[2]: entry.value for entry in node.metadata_props}
    assert facts["params"] == str(192 * 16 + 16)
    assert facts["multiply_adds"] == str(192 * 16 * 28 * 28)
    assert (facts["row"], facts["layer"]) == ("3a", "convolution")


def test_heads_are_outputs_of_the_training_graph_alone():
    body = build_model(plan(shipped_analysis("googlenet")))
    training = build_model(plan(shipped_analysis("googlenet", training=True)))
    assert len(body.graph.output) == 1
    assert [value.name for value in training.graph.output] == ["softmax", "loss1/softmax", "loss2/softmax"]


def test_a_free_symbol_is_a_named_dimension():
    analysis = analyze("resnet50", symbols={"batch": None, "size": None})
    shapes = inferred_shapes(check_model(build_model(plan(analysis))))
    assert shapes["input"] == ["batch", 3, "size", "size"]
    assert shapes["softmax"] == ["batch", 1000]


def test_constant_weights_make_a_small_file_of_a_large_network(tmp_path):
    (path,) = write_model(plan(shipped_analysis("vgg_d")), tmp_path / "vgg.onnx", "constant", 0)
    assert path.stat().st_size < 100_000
    onnx.checker.check_model(str(path), full_check=True)


def test_random_weights_are_the_same_for_the_same_seed_only():
    planned = plan(rows("rows: {conv: {convolution: 3x3, filters: 4}}"))
    first, again, other = (build_model(planned, "random", seed).SerializeToString() for seed in (1, 1, 2))
    assert first == again != other


def test_he_scaling():
    """He et al. 2015: a standard deviation of sqrt(2 / fan_in); here over 64 * 9 inputs."""
    planned = plan(rows("rows: {conv: {convolution: 3x3, filters: 64}}", channels=64))
    model = build_model(planned, "random")
    weight = onnx.numpy_helper.to_array(next(t for t in model.graph.initializer if t.name == "conv/weight"))
    assert weight.std() == pytest.approx((2 / 576) ** 0.5, rel=0.02)
    assert weight.mean() == pytest.approx(0, abs=0.001)


def test_large_random_weights_lie_beside_the_model(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "LARGEST_INSIDE", 100)
    planned = plan(rows("rows: {conv: {convolution: 3x3, filters: 4}, fc: {linear: 2}}"))
    inside = build_model(planned, "random", 3)
    path, data = write_model(planned, tmp_path / "m.onnx", "random", 3)
    assert data.name == "m.onnx.data"
    assert data.stat().st_size == planned.array_bytes
    onnx.checker.check_model(str(path), full_check=True)
    loaded = onnx.load(str(path))
    for ours, theirs in zip(inside.graph.initializer, loaded.graph.initializer, strict=True):
        assert (onnx.numpy_helper.to_array(ours) == onnx.numpy_helper.to_array(theirs)).all()


def test_ctrl_c_leaves_no_half_file(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "LARGEST_INSIDE", 100)
    planned = plan(rows("rows: {conv: {convolution: 3x3, filters: 4}, fc: {linear: 2}}"))
    (tmp_path / "m.onnx").write_text("old")

    def impatient(array, seed):
        if array.name == "fc/weight":
            raise KeyboardInterrupt
        return random_array(array, seed)

    monkeypatch.setattr(export, "random_array", impatient)
    with pytest.raises(KeyboardInterrupt):
        write_model(planned, tmp_path / "m.onnx", "random", 0)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("m.onnx", "old")]


def test_a_hollow_model_has_names_and_shapes_and_no_numbers(tmp_path):
    (path,) = write_model(plan(shipped_analysis("googlenet")), tmp_path / "h.onnx", "hollow", 0)
    model = onnx.load(str(path), load_external_data=False)
    arrays = {t.name: t for t in model.graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL}
    assert list(arrays["conv1/weight"].dims) == [64, 3, 7, 7]
    assert sum(t.data_type == onnx.TensorProto.FLOAT and bool(t.raw_data) for t in arrays.values()) == 0


def test_a_folder_that_is_not_there_is_a_complaint(tmp_path):
    with pytest.raises(InputError, match="cannot write"):
        write_model(plan(rows("rows: {p: {max pool: 2x2/2}}")), tmp_path / "no" / "m.onnx", "constant", 0)


def test_a_network_of_nothing_still_is_a_graph():
    model = build_model(plan(rows("rows: {nothing: {identity: }}")))
    check_model(model)
    assert [node.op_type for node in model.graph.node] == ["Identity"]
