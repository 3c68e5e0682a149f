"""Runs the five tools on torchvision's networks and on single layers, and writes what they print as JSON.

    python run.py recorded.json

Figures are counts, so they do not depend on the machine.
"""

import copy
import json
import sys
from pathlib import Path

import torch

# torchvision's classification models need none of its compiled operators, but it registers two of them on import.
OPERATORS = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    OPERATORS.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from probes import PROBES, networks  # noqa: E402
from tools import TOOLS, versions  # noqa: E402
from torchvision import models  # noqa: E402

NETWORKS = {
    "googlenet": lambda: models.googlenet(weights=None, aux_logits=False, init_weights=False),
    "alexnet": lambda: models.alexnet(weights=None),
    "vgg16": lambda: models.vgg16(weights=None),
    "resnet50": lambda: models.resnet50(weights=None),
    "mobilenet_v2": lambda: models.mobilenet_v2(weights=None),
    "vgg19": lambda: models.vgg19(weights=None),
    "inception_v3": lambda: models.inception_v3(weights=None, aux_logits=False, init_weights=False),
    "densenet121": lambda: models.densenet121(weights=None),
}
SIDES = {"inception_v3": 299}
"""Images that are not 224 wide."""


def main(path: str) -> None:
    """Counts everything and writes it down."""
    images = {name: torch.zeros(1, 3, SIDES.get(name, 224), SIDES.get(name, 224)) for name in NETWORKS}
    recorded = {
        "versions": versions(),
        "networks": {
            name: {tool: count(make().eval(), images[name]) for tool, count in TOOLS.items()}
            for name, make in NETWORKS.items()
        },
        "layers": {name: {tool: _layer(count, name) for tool, count in TOOLS.items()} for name in PROBES},
    }
    Path(path).write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


def _layer(count, name: str) -> int:
    with_layer, without, image = networks(name)
    return count(copy.deepcopy(with_layer), image) - count(copy.deepcopy(without), image)


if __name__ == "__main__":
    main(sys.argv[1])
