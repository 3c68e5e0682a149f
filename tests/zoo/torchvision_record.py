"""What torchvision and torch say of the networks of the zoo: `python -m tests.zoo.torchvision_record` writes it anew.

Needs torch and torchvision. Networks run on the meta device: nothing is computed, but every operator is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("torchvision.json")
IMAGE = (3, 224, 224)
NETWORKS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("alexnet", "vgg16", "vgg19", "densenet121", "mobilenet_v2", "resnet50"), IMAGE),
    **dict.fromkeys(("resnet18", "resnet34", "resnet101", "resnet152"), IMAGE),
    **dict.fromkeys(("resnext50_32x4d", "wide_resnet50_2", "squeezenet1_0", "squeezenet1_1"), IMAGE),
    **dict.fromkeys(("shufflenet_v2_x1_0", "mobilenet_v3_large", "mobilenet_v3_small", "mnasnet1_0"), IMAGE),
    **dict.fromkeys(("regnet_y_400mf", "convnext_tiny"), IMAGE),
    "efficientnet_b0": IMAGE,
    "efficientnet_b1": (3, 240, 240),
    "efficientnet_b2": (3, 288, 288),
    "efficientnet_b3": (3, 300, 300),
    "efficientnet_b4": (3, 380, 380),
    "efficientnet_b5": (3, 456, 456),
    "efficientnet_b6": (3, 528, 528),
    "efficientnet_b7": (3, 600, 600),
    "r3d_18": (3, 16, 112, 112),
}
"""Builder -> the input that its weights were evaluated at."""


REGISTERED: list[Any] = []
"""Operators stay registered as long as this holds them."""


def import_models() -> Any:
    """torchvision's models; raises `ImportError` where they are not installed."""
    import torch

    try:
        from torchvision import models
    except RuntimeError:  # built for another torch: its networks need none of the compiled operators that it registers
        REGISTERED.append(torch.library.Library("torchvision", "FRAGMENT"))
        for operator in ("nms", "qnms"):
            REGISTERED[0].define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        from torchvision import models
    return models


def told(name: str) -> dict[str, Any]:
    """Params, buffers, multiply-adds as torch's counter has them, and how many layers of each kind there are."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    models = import_models()
    build = getattr(models, name, None) or getattr(models.video, name)
    with torch.device("cpu" if "regnet" in name else "meta"):  # whose widths are worked out with tensors
        model = build(weights=None).eval().to("meta")
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        y = model(torch.empty(1, *NETWORKS[name], device="meta"))
    kinds = Counter(type(module).__name__ for module in model.modules() if not list(module.children()))
    return {
        "input": list(NETWORKS[name]),
        "output": list(y.shape[1:]),
        "params": sum(one.numel() for one in model.parameters()),
        "buffers": sum(one.numel() for one in model.buffers() if one.is_floating_point()),
        "multiply_adds": counter.get_total_flops() // 2,
        "modules": dict(sorted(kinds.items())),
    }


def record() -> dict[str, Any]:
    """All networks, with the versions that were asked."""
    import torch

    import_models()
    import torchvision

    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    return {"versions": versions, "networks": {name: told(name) for name in NETWORKS}}


if __name__ == "__main__":
    PAGE.write_text(json.dumps(record(), indent=1) + "\n", encoding="utf-8")
