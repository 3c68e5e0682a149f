"""What each tool counts for one kind of layer: a network with the layer, less the same network without it."""

import torch
from torch import nn
from torch.nn import functional

CHANNELS, SIDE = 8, 12


class Joined(nn.Module):
    """Two branches added, concatenated, or one multiplied by a gate or a constant."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The joined branches."""
        if self.how == "sum":
            return x + x
        if self.how == "product":
            return x * x[:, :, :1, :1]
        return torch.cat([x, x], 1) if self.how == "concat" else x * 0.5


class Called(nn.Module):
    """A layer called as a function: tools that hook modules do not see it, or see it once instead of twice."""

    def __init__(self, function: str, *arguments: int) -> None:
        super().__init__()
        self.function, self.arguments = function, arguments

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The function of the input."""
        return getattr(functional, self.function)(x, *self.arguments)


PROBES = {
    "convolution with bias": nn.Conv2d(CHANNELS, 6, 3, padding=1),
    "convolution without bias": nn.Conv2d(CHANNELS, 6, 3, padding=1, bias=False),
    "grouped convolution": nn.Conv2d(CHANNELS, 6, 3, padding=1, groups=2, bias=False),
    "transposed convolution": nn.ConvTranspose2d(CHANNELS, 6, 2, stride=2, bias=False),
    "transposed convolution with bias": nn.ConvTranspose2d(CHANNELS, 6, 2, stride=2),
    "upsampling": nn.Upsample(scale_factor=2),
    "bilinear upsampling": nn.Upsample(scale_factor=2, mode="bilinear"),
    "linear with bias": nn.Sequential(nn.Flatten(), nn.Linear(CHANNELS * SIDE * SIDE, 10)),
    "linear without bias": nn.Sequential(nn.Flatten(), nn.Linear(CHANNELS * SIDE * SIDE, 10, bias=False)),
    "batch norm": nn.BatchNorm2d(CHANNELS),
    "local response norm": nn.LocalResponseNorm(5),
    "relu": nn.ReLU(),
    "relu as a function": Called("relu"),
    "global average pool as a function": Called("adaptive_avg_pool2d", 1),
    "relu6": nn.ReLU6(),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
    "max pool": nn.MaxPool2d(3, 2),
    "average pool": nn.AvgPool2d(3, 3),
    "global average pool": nn.AdaptiveAvgPool2d(1),
    "global max pool": nn.AdaptiveMaxPool2d(1),
    "adaptive pool to the same size": nn.AdaptiveAvgPool2d(SIDE),
    "dropout": nn.Dropout(),
    "softmax": nn.Sequential(nn.Flatten(), nn.Softmax(1)),
    "sum": Joined("sum"),
    "concat": Joined("concat"),
    "scale": Joined("scale"),
    "product": Joined("product"),
}


def networks(name: str) -> tuple[nn.Module, nn.Module, torch.Tensor]:
    """The network with the layer, the one without it, and an image for both."""
    with_layer = nn.Sequential(nn.Conv2d(3, CHANNELS, 1, bias=False), PROBES[name])
    without = nn.Sequential(nn.Conv2d(3, CHANNELS, 1, bias=False))
    return with_layer.eval(), without.eval(), torch.zeros(1, 3, SIDE, SIDE)
