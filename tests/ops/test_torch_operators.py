"""Activations, norms, moves and pools against torch, where it is installed: params, shapes and values of what runs.

python -m pytest tests/ops/test_torch_operators.py      (needs torch, numpy and ONNX Runtime)
"""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the comparison with it is optional")
np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.helpers import rows  # noqa: E402 - behind the question whether they are there
from tests.onnx_export.test_values import run  # noqa: E402

nn, F = torch.nn, torch.nn.functional
MODULES = {
    "relu": nn.ReLU(),
    "relu6": nn.ReLU6(),
    "leaky relu": nn.LeakyReLU(),
    "{leaky relu: 0.2}": nn.LeakyReLU(0.2),
    "rrelu": nn.RReLU(),
    "elu": nn.ELU(),
    "{elu: 0.5}": nn.ELU(0.5),
    "celu": nn.CELU(),
    "selu": nn.SELU(),
    "sigmoid": nn.Sigmoid(),
    "hard sigmoid": nn.Hardsigmoid(),
    "log sigmoid": nn.LogSigmoid(),
    "tanh": nn.Tanh(),
    "hard tanh": nn.Hardtanh(),
    "softsign": nn.Softsign(),
    "softplus": nn.Softplus(),
    "silu": nn.SiLU(),
    "hard swish": nn.Hardswish(),
    "mish": nn.Mish(),
    "gelu": nn.GELU(),
    "gelu tanh": nn.GELU("tanh"),
    "hard shrink": nn.Hardshrink(),
    "soft shrink": nn.Softshrink(),
    "tanh shrink": nn.Tanhshrink(),
    "{threshold: 0.3}": nn.Threshold(0.3, 0),
    "prelu": nn.PReLU(),
    "{prelu: channels}": nn.PReLU(8),
    "glu": nn.GLU(0),
    "batch norm": nn.BatchNorm2d(8),
    "{layer norm: , over: map}": nn.LayerNorm([8, 6, 9]),
    "{layer norm: {shift: false}, over: map}": nn.LayerNorm([8, 6, 9], bias=False),
    "{group norm: 4}": nn.GroupNorm(4, 8),
    "{group norm: 2, affine: false}": nn.GroupNorm(2, 8, affine=False),
    "instance norm": nn.InstanceNorm2d(8),
    "{instance norm: {scale: true, shift: true}}": nn.InstanceNorm2d(8, affine=True),
    "{channel shuffle: 4}": nn.ChannelShuffle(4),
    "{pixel shuffle: 2}": nn.PixelShuffle(2),
    "{space to depth: 3}": nn.PixelUnshuffle(3),
    "{pad: [[2, 3], [1, 0]], mode: reflect}": nn.ReflectionPad2d((1, 0, 2, 3)),
    "{pad: 2, mode: edge}": nn.ReplicationPad2d(2),
    "{pad: 2}": nn.ZeroPad2d(2),
    "{l2 pool: 3x3/2}": nn.LPPool2d(2, 3, 2),
    "{adaptive average pool: 4x5}": nn.AdaptiveAvgPool2d((4, 5)),
    "{adaptive max pool: 5x2}": nn.AdaptiveMaxPool2d((5, 2)),
    "{resize: 4x13}": nn.Upsample((4, 13)),
    "{resize: 7x5, mode: bilinear}": nn.Upsample((7, 5), mode="bilinear"),
}
FUNCTIONS = {
    "layer norm": lambda x: F.layer_norm(x.permute(0, 2, 3, 1), (8,)).permute(0, 3, 1, 2),
    "{rms norm: {scale: false}}": lambda x: F.rms_norm(x.permute(0, 2, 3, 1), (8,), eps=1e-5).permute(0, 3, 1, 2),
    "l2 norm": lambda x: F.normalize(x, dim=1),
    "{split: 4, part: 3}": lambda x: x.chunk(4, 1)[2],
    "{roll: [2, -3]}": lambda x: x.roll((2, -3), (2, 3)),
    "{permute: [width, channels, height]}": lambda x: x.permute(0, 3, 1, 2),
    "{crop: [[1, 2], [0, 3]]}": lambda x: x[:, :, 1:-2, :-3],
}
NAMES = {"weight": ("scale", "slope"), "bias": ("shift",), "running_mean": ("mean",), "running_var": ("variance",)}


@pytest.mark.parametrize("step", MODULES)
def test_params_shape_and_values_are_torchs(step: str):
    module = MODULES[step].eval()
    (cost,) = rows(f"rows: {{r: {step}}}", 8, 6, 9).layers
    assert cost.params == sum(one.numel() for one in module.parameters())
    assert cost.buffers == sum(one.numel() for one in module.buffers() if one.is_floating_point())
    x, y, arrays = run(step, 8, 6, 9)
    with torch.no_grad():
        for name, held in [*module.named_parameters(), *module.named_buffers()]:
            found = next((arrays[ours] for ours in NAMES.get(name, ()) if ours in arrays), None)
            if found is not None:
                held.copy_(torch.from_numpy(found.reshape(held.shape)))
        single = isinstance(module, nn.GLU)  # whose axis is counted without the batch
        expected = module(torch.from_numpy(x) if single else torch.from_numpy(x)[None])
    expected = expected.numpy() if single else expected.numpy()[0]
    assert y.shape == expected.shape == tuple(cost.layer.output)
    assert np.allclose(y, expected, atol=1e-4)


@pytest.mark.parametrize("step", FUNCTIONS)
def test_functions_give_the_same(step: str):
    x, y, arrays = run(step, 8, 6, 9)
    if "scale" in arrays:  # `run` fills scales with 1.25 and shifts with 0.25, so that they are seen to be used
        y = (y - 0.25) / 1.25
    assert np.allclose(y, FUNCTIONS[step](torch.from_numpy(x)[None]).numpy()[0], atol=1e-4)
