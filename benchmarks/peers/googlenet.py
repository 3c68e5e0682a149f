"""GoogLeNet as its Table 1 prints it, in torch, for the counters that need a module (torchvision's has 3x3 for 5x5)."""

import torch
from torch import nn

MODULES = {  # 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64), "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip


def conv(inputs: int, filters: int, side: int, stride: int = 1) -> nn.Sequential:
    """A convolution padded by half, and its ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, filters, side, stride, side // 2), nn.ReLU(inplace=True))


class Inception(nn.Module):
    """Figure 2(b)."""

    def __init__(self, inputs: int, one: int, reduce3: int, three: int, reduce5: int, five: int, projected: int):
        super().__init__()
        self.branch1 = conv(inputs, one, 1)
        self.branch3 = nn.Sequential(conv(inputs, reduce3, 1), conv(reduce3, three, 3))
        self.branch5 = nn.Sequential(conv(inputs, reduce5, 1), conv(reduce5, five, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(inputs, projected, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The four branches, one behind the other."""
        return torch.cat([self.branch1(x), self.branch3(x), self.branch5(x), self.pool(x)], 1)


def googlenet() -> nn.Sequential:
    """The network without heads."""
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)  # noqa: E731 - a new layer each time
    norm = lambda: nn.LocalResponseNorm(5)  # noqa: E731
    layers: dict[str, nn.Module] = {
        "conv1": conv(3, 64, 7, 2), "pool1": pool(), "norm1": norm(), "reduce": conv(64, 64, 1),
        "conv2": conv(64, 192, 3), "norm2": norm(), "pool2": pool(),
    }  # fmt: skip
    inputs = 192
    for name, counts in MODULES.items():
        if name in ("4a", "5a"):
            layers[f"pool before {name}"] = pool()
        layers[name] = Inception(inputs, *counts)
        inputs = counts[0] + counts[2] + counts[4] + counts[5]
    layers |= {"pool5": nn.AvgPool2d(7), "flat": nn.Flatten(), "dropout": nn.Dropout(0.4)}
    layers["linear"] = nn.Linear(1024, 1000)
    return nn.Sequential(*layers.values()).eval()
