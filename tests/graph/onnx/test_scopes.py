"""What names, metadata and weights say of modules: as PyTorch, tf2onnx, spox, JAX and Keras write them."""

from __future__ import annotations

import pytest

from inception_calc.graph.onnx.scopes import by_metadata, by_name, by_weights, dotted, has_own_name, without_repeats
from inception_calc.onnx_graph.model import Step
from inception_calc.ops.nodes import Array


def step(name: str, op_type: str = "Conv", **metadata: str) -> Step:
    return Step((), 0, name, op_type, "", (), (), (), (), metadata=tuple(metadata.items()))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("/layer1/layer1.0/conv1/Conv", ("layer1", "layer1.0", "conv1", "Conv")),
        ("model_1/conv1d;model_1/reshape/Reshape", ("model_1", "conv1d")),
        ("F0::If_0_then_branch__Inline_0__/stft/Pow_1", ("If_0_then_branch__Inline_0__", "stft", "Pow_1")),
        ("jax2tf_get_logits_/pjit_f_/MagikaV2/Conv_0", ("jax2tf_get_logits_", "pjit_f_", "MagikaV2", "Conv_0")),
    ],
)
def test_names(name: str, parts: tuple[str, ...]):
    assert by_name((name,)) == parts


def test_a_module_is_named_once():
    assert without_repeats(("layer1", "layer1.0", "conv1")) == ("layer1.0", "conv1")
    assert without_repeats(("layer1", "layer10", "conv1")) == ("layer1", "layer10", "conv1")
    assert dotted("encoder.layers.0.self_attn") == ("encoder", "layers.0", "self_attn")


@pytest.mark.parametrize(
    ("name", "op_type", "is_own"),
    [
        ("Relu_5", "Relu", False),
        ("/layer1/Relu_5", "Relu", False),
        ("node_Conv_3", "Conv", False),
        ("p2o.Conv.12", "Conv", False),
        ("Conv@0", "Conv", False),
        ("n77", "Conv", False),
        ("Identity:0", "Identity", False),
        ("", "Conv", False),
        ("softmax", "Softmax", True),
        ("conv_stage0_block0", "Conv", True),
    ],
)
def test_names_that_are_made_of_the_operator_say_nothing(name: str, op_type: str, is_own: bool):
    assert has_own_name(step(name, op_type)) is is_own


def test_metadata_of_pytorch():
    scopes = {"pkg.torch.onnx.name_scopes": "['', 'encoder', 'encoder.layers.0', 'linear_1']"}
    assert by_metadata(step("node_linear_1", **scopes)) == ("encoder", "layers.0")
    namespace = {"namespace": ": torch.nn.Module/encoder: Encoder/encoder.layers.0: Layer/linear_1: aten.linear"}
    assert by_metadata(step("node_linear_1", **namespace)) == ("encoder", "layers.0")
    hostile = {"pkg.torch.onnx.name_scopes": "__import__('os')", "namespace": "/"}
    assert by_metadata(step("node", **hostile)) == ()
    assert by_metadata(step("node")) == ()


def test_weights():
    weight = Array("layer1.0.conv1.weight", (4, 4, 1, 1), "weights")
    bias = Array("layer1.0.conv1.bias", (4,), "biases")
    assert by_weights([weight, bias]) == ("layer1.0", "conv1")
    assert by_weights([Array("inception_3a/1x1_w_0", (4,), "weights")]) == ("inception_3a",)
    assert by_weights([weight, Array("other.weight", (4,), "weights")]) == ()
    assert by_weights([Array("onnx::Conv_391", (4,), "weights")]) == ()
    assert by_weights([Array("val_1", (), "constants")]) == ()
