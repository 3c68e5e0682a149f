"""The networks of the zoo against torchvision's: what it said when asked, and, where it is installed, what it says.

Written anew by `python -m tests.zoo.torchvision_record`; the versions that were asked stand in torchvision.json.
"""

from __future__ import annotations

import json

import pytest

from inception_calc.analysis import analyze
from tests.helpers import shipped
from tests.zoo.torchvision_record import NETWORKS, PAGE, import_models, told

RECORDED = json.loads(PAGE.read_text(encoding="utf-8"))["networks"]
OURS = {
    "alexnet": "alexnet_owt",
    "vgg16": "vgg_d",
    "vgg19": "vgg_e",
    **{f"efficientnet_b{number}": f"efficientnet_b0@b{number}" for number in range(1, 8)},
}
"""Specs that are called otherwise."""


def ours(name: str):
    return analyze(shipped(OURS.get(name, name)), input=NETWORKS[name])


@pytest.mark.parametrize("name", NETWORKS)
def test_totals_and_output_are_torchvisions(name: str):
    """Params of all kinds, running statistics, products as torch's counter has them, and the shape of what leaves."""
    recorded, found = RECORDED[name], ours(name)
    assert list(NETWORKS[name]) == recorded["input"]
    assert found.totals.params == recorded["params"]
    assert found.totals.buffers == recorded["buffers"]
    assert found.totals.multiply_adds == recorded["multiply_adds"]
    assert found.layers[-1].layer.output.elements == recorded["output"][0]


KINDS = {
    "convolution": ("Conv2d", "Conv3d", "Conv3DSimple"),
    "linear": ("Linear",),
    "batch norm": ("BatchNorm2d", "BatchNorm3d"),
    "layer norm": ("LayerNorm", "LayerNorm2d"),
    "gelu": ("GELU",),
    "layer scale": (),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_there_are_as_many_layers_of_each_kind(name: str):
    """A 1x1 convolution of one place and a linear layer are one thing: torchvision's gates have either."""
    modules, found = RECORDED[name]["modules"], [cost.layer.op.op for cost in ours(name).layers]
    matrices = sum("convolution" in op or op == "linear" for op in found)
    assert matrices == sum(modules.get(kind, 0) for kind in (*KINDS["convolution"], "Linear"))
    for op in ("batch norm", "layer norm", "gelu"):
        assert found.count(op) == sum(modules.get(kind, 0) for kind in KINDS[op]), op


@pytest.mark.parametrize("name", NETWORKS)
def test_the_record_is_what_torchvision_says(name: str):
    pytest.importorskip("torch", reason="torch is not installed: the comparison with it is optional")
    try:
        import_models()
    except ImportError:
        pytest.skip("torchvision is not installed")
    assert told(name) == RECORDED[name]
