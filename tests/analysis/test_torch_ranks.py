"""Layers and networks of one and three axes against torch, where it is installed: shapes, params, multiply-adds.

python -m pytest tests/analysis/test_torch_ranks.py      (needs torch)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inception_calc.analysis import Analysis
from tests.helpers import analyzed, shipped_analysis

torch = pytest.importorskip("torch", reason="torch is not installed: the comparison with it is optional")
nn: Any = torch.nn

SIGNAL, VOLUME = (4, 33), (4, 6, 9, 8)
LAYERS: dict[tuple[tuple[int, ...], str], Callable[[], Any]] = {
    (SIGNAL, "{convolution: 5/2, filters: 6, padding: 2}"): lambda: nn.Conv1d(4, 6, 5, 2, 2),
    (SIGNAL, "{convolution: 3, filters: 8, dilation: 4, groups: 2, bias: false}"): lambda: nn.Conv1d(
        4, 8, 3, dilation=4, groups=2, bias=False
    ),
    (SIGNAL, "{convolution: 7, filters: 3, padding: causal}"): lambda: nn.Sequential(
        nn.ConstantPad1d((6, 0), 0.0), nn.Conv1d(4, 3, 7)
    ),
    (SIGNAL, "{transposed convolution: 4/2, filters: 3, padding: 1}"): lambda: nn.ConvTranspose1d(4, 3, 4, 2, 1),
    (SIGNAL, "{transposed convolution: 3/3, filters: 2, output padding: 1}"): lambda: nn.ConvTranspose1d(
        4, 2, 3, 3, output_padding=1
    ),
    (SIGNAL, "{max pool: 3/2, padding: 1}"): lambda: nn.MaxPool1d(3, 2, 1),
    (SIGNAL, "{average pool: 4/4}"): lambda: nn.AvgPool1d(4, 4),
    (SIGNAL, "{upsampling: 3, mode: linear}"): lambda: nn.Upsample(scale_factor=3, mode="linear"),
    (SIGNAL, "batch norm"): lambda: nn.BatchNorm1d(4),
    (SIGNAL, "{linear: 10}"): lambda: nn.Sequential(nn.Flatten(), nn.Linear(4 * 33, 10)),
    (VOLUME, "{convolution: 3x3x3/1x2x2, filters: 6, padding: [1, 0, 1]}"): lambda: nn.Conv3d(
        4, 6, 3, (1, 2, 2), (1, 0, 1)
    ),
    (VOLUME, "{convolution: 3x1x2, filters: 4, dilation: [2, 1, 3], groups: 4}"): lambda: nn.Conv3d(
        4, 4, (3, 1, 2), dilation=(2, 1, 3), groups=4
    ),
    (VOLUME, "{transposed convolution: 2x3x4/2, filters: 3, padding: [0, 1, 1]}"): lambda: nn.ConvTranspose3d(
        4, 3, (2, 3, 4), 2, (0, 1, 1)
    ),
    (VOLUME, "{max pool: 1x2x2/1x2x2}"): lambda: nn.MaxPool3d((1, 2, 2), (1, 2, 2)),
    (VOLUME, "{average pool: global}"): lambda: nn.AdaptiveAvgPool3d(1),
    (VOLUME, "{upsampling: 1x2x2, mode: trilinear}"): lambda: nn.Upsample(scale_factor=(1, 2, 2), mode="trilinear"),
    (VOLUME, "batch norm"): lambda: nn.BatchNorm3d(4),
    (VOLUME, "{linear: 5}"): lambda: nn.Sequential(nn.Flatten(), nn.Linear(4 * 6 * 9 * 8, 5)),
}


def assert_alike(ours: Analysis, network: Any) -> None:
    """The same output, params, buffers and multiply-adds (two flops of torch's counter)."""
    from torch.utils.flop_counter import FlopCounterMode

    network = network.to("meta")
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        y = network(torch.empty(1, *ours.setting.input, device="meta"))
    found = ours.graph.layers[-1].output
    assert tuple(y.shape[1:]) == tuple(found)[: y.dim() - 1]  # torch's Linear leaves no axes of one element behind
    assert all(side == 1 for side in tuple(found)[y.dim() - 1 :])
    assert ours.totals.params == sum(array.numel() for array in network.parameters())
    buffers = sum(array.numel() for name, array in network.named_buffers() if not name.endswith("num_batches_tracked"))
    assert ours.totals.buffers == buffers
    assert ours.totals.multiply_adds == counter.get_total_flops() // 2


@pytest.mark.parametrize(("x", "step"), LAYERS)
def test_a_layer_is_torchs(x: tuple[int, ...], step: str):
    size = "x".join(map(str, x))
    assert_alike(analyzed(f"name: one\ninput: {size}\nrows: {{a: {step}}}\n"), LAYERS[x, step]())


def test_c3d_is_torchs():
    def conv(before: int, after: int) -> list[Any]:
        return [nn.Conv3d(before, after, 3, padding=1), nn.ReLU()]

    halved = nn.MaxPool3d(2, 2)
    network = nn.Sequential(
        *conv(3, 64), nn.MaxPool3d((1, 2, 2), (1, 2, 2)), *conv(64, 128), halved, *conv(128, 256), *conv(256, 256),
        halved, *conv(256, 512), *conv(512, 512), halved, *conv(512, 512), *conv(512, 512),
        nn.MaxPool3d(2, 2, ceil_mode=True), nn.Flatten(), nn.Linear(8192, 4096), nn.ReLU(), nn.Linear(4096, 4096),
        nn.ReLU(), nn.Linear(4096, 487),
    )  # fmt: skip
    assert_alike(shipped_analysis("c3d"), network)


def test_the_tcn_is_torchs():
    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self, before: int, dilation: int) -> None:
            super().__init__()
            pad = nn.ConstantPad1d((6 * dilation, 0), 0.0)
            self.body = nn.Sequential(
                pad, nn.Conv1d(before, 25, 7, dilation=dilation), nn.ReLU(),
                pad, nn.Conv1d(25, 25, 7, dilation=dilation), nn.ReLU(),
            )  # fmt: skip
            self.shortcut = nn.Identity() if before == 25 else nn.Conv1d(before, 25, 1)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.shortcut(x) + self.body(x))

    levels = [Block(1 if level == 0 else 25, 2**level) for level in range(8)]
    assert_alike(shipped_analysis("tcn"), nn.Sequential(*levels, nn.Conv1d(25, 10, 1)))
