"""Whole networks against torch, where it is installed: gradients by its counter, and memory that is really held.

torchvision's networks run on the meta device: nothing is computed, but every operator and tensor is there.
    python -m pytest tests/analysis/test_torch_networks.py      (needs torch and torchvision)
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from inception_calc.analysis import analyze
from inception_calc.analysis.backward import backward_costs
from inception_calc.analysis.memory import peak_activation
from tests.helpers import shipped, shipped_analysis

torch = pytest.importorskip("torch", reason="torch is not installed: the comparison with it is optional")
try:
    from torchvision import models
except ImportError:
    pytest.skip("torchvision is not installed", allow_module_level=True)
except RuntimeError:  # built for another torch: its networks need none of the compiled operators that it registers
    OPERATORS = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        OPERATORS.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision import models

BUILT_ALIKE = {  # our spec: torchvision's
    "vgg_d": "vgg16",
    "vgg_e": "vgg19",
    "alexnet_owt": "alexnet",
    "resnet50": "resnet50",
    "densenet121": "densenet121",
    "mobilenet_v2": "mobilenet_v2",
    "googlenet@torchvision": "googlenet",
    "inception_v3": "inception_v3",
    "resnet18": "resnet18",
    "resnext50_32x4d": "resnext50_32x4d",
    "shufflenet_v2_x1_0": "shufflenet_v2_x1_0",
    "mobilenet_v3_large": "mobilenet_v3_large",
    "mnasnet1_0": "mnasnet1_0",
    "convnext_tiny": "convnext_tiny",
}
BATCH = 2


def network(name: str) -> Any:
    """torchvision's network, its heads included where it has some."""
    heads = {"init_weights": False, "aux_logits": True} if name in ("googlenet", "inception_v3") else {}
    with torch.device("meta"):
        return getattr(models, name)(weights=None, **heads)


def image(spec: str, batch: int = 1) -> Any:
    return torch.empty(batch, *shipped_analysis(spec).setting.input, device="meta")


# -- gradients --------------------------------------------------------------------------------------------------------


def counted(run: Callable[[], object]) -> int:
    """Multiply-adds as torch counts them, two flops each."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        run()
    flops: int = counter.get_total_flops()
    assert flops % 2 == 0
    return flops // 2


@pytest.mark.parametrize("name", BUILT_ALIKE)
def test_a_training_step_costs_what_torch_counts(name: str):
    """Forward with heads, then gradients. torch 2.13 counts the weights' gradient of g groups g times."""
    ours = analyze(shipped(name), training=True, batch=BATCH)
    model, x, outputs = network(BUILT_ALIKE[name]).train(), image(name, BATCH), []
    assert sum(parameter.numel() for parameter in model.parameters()) == ours.totals.params
    assert counted(lambda: outputs.append(model(x))) == ours.totals.multiply_adds
    (found,) = outputs
    loss = sum(y.sum() for y in ((found,) if isinstance(found, torch.Tensor) else found))
    gradients = zip(ours.layers, backward_costs(ours), strict=True)
    expected = sum(cost.inputs + cost.weights * groups(layer.layer.op) for layer, cost in gradients)
    assert counted(loss.backward) == expected


def groups(op: Any) -> int:
    found: int = getattr(op, "groups", 1)
    return found


# -- live tensors ------------------------------------------------------------------------------------------------------


class Held(torch.utils._python_dispatch.TorchDispatchMode):  # type: ignore[misc]
    """The bytes of all storages that some living tensor lies in, params left out, and the most that there ever were."""

    def __init__(self, params: Iterable[Any]) -> None:
        super().__init__()
        self.params = {param.untyped_storage()._cdata for param in params}
        self.tensors: dict[int, int] = {}
        self.bytes = self.most = 0

    def __torch_dispatch__(self, function: Any, types: Any, arguments: Any = (), named: Any = None) -> Any:
        result = function(*arguments, **(named or {}))
        for tensor in result if isinstance(result, tuple | list) else (result,):
            if isinstance(tensor, torch.Tensor):
                self.hold(tensor)
        return result

    def hold(self, tensor: Any) -> None:
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self.params:  # seen turned, where a linear layer multiplies
            return
        if key not in self.tensors:
            self.tensors[key] = 0
            self.bytes += size
            self.most = max(self.most, self.bytes)
        self.tensors[key] += 1
        weakref.finalize(tensor, self.let_go, key, size)

    def let_go(self, key: int, size: int) -> None:
        self.tensors[key] -= 1
        if not self.tensors[key]:
            del self.tensors[key]
            self.bytes -= size


def held_by(modules: list[Any], tensor: list[Any]) -> int:
    """The most bytes that a chain of modules holds, each output let go once the next is there."""
    held = Held(param for module in modules for param in module.parameters())
    held.hold(tensor[0])
    with torch.no_grad(), held:
        for module in modules:
            tensor.append(module(tensor[0]))
            del tensor[0]
    return held.most


@pytest.mark.parametrize("name", ["vgg_d", "vgg_e", "alexnet_owt"])
def test_a_chain_holds_at_most_what_the_liveness_says(name: str):
    """Convolutions, pools that write elsewhere and ReLUs that write in place: torch stores them as we say."""
    model = network(BUILT_ALIKE[name]).eval()
    chain = [*model.features, torch.nn.Flatten(), *model.classifier]
    assert held_by(chain, [image(name)]) == 4 * peak_activation(shipped_analysis(name).graph).largest
