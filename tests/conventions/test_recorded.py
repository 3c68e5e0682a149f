"""`table --as` beside what the tools themselves print (benchmarks/conventions/recorded.json, made by running them)."""

import json
import subprocess
from fractions import Fraction
from importlib import import_module

import pytest

from inception_calc.conventions import TORCH_TOOLS as TOOLS
from inception_calc.conventions import counted_by
from tests.cli.program import ROOT, called
from tests.helpers import rows, shipped_analysis

RECORDED = json.loads((ROOT / "benchmarks" / "conventions" / "recorded.json").read_text(encoding="utf-8"))

SPECS = {
    "googlenet": "googlenet@torchvision",
    "alexnet": "alexnet_owt",
    "vgg16": "vgg_d",
    "resnet50": "resnet50",
    "mobilenet_v2": "mobilenet_v2",
    "vgg19": "vgg_e",
    "inception_v3": "inception_v3",
    "densenet121": "densenet121",
}

RELUS = 3_226_160  # outputs of GoogLeNet's 57 convolutions: what torchprofile counts for the batch norms before them
RELUS_V3 = 8_967_488  # the same of Inception-v3's 94 convolutions
AVERAGE_POOLS_V3 = 35**2 * (192 + 256 + 288) + 17**2 * 4 * 768 + 8**2 * (1280 + 2048)
MAX_POOLS_V3 = 35**2 * 288 + 17**2 * 768
DIFFERENCES = {
    # torchvision calls F.relu, which ptflops counts once, not nn.ReLU, which it counts twice
    ("googlenet", "ptflops"): -RELUS,
    # torchvision puts an adaptive pool in front of the classifier that keeps 6x6 (7x7) as it is; the paper has none
    ("alexnet", "fvcore"): 256 * 6 * 6,
    ("alexnet", "thop"): 2 * 256 * 6 * 6,
    ("alexnet", "ptflops"): 2 * 256 * 6 * 6,
    ("alexnet", "torchprofile"): 256 * 6 * 6,
    ("vgg16", "fvcore"): 512 * 7 * 7,
    ("vgg16", "thop"): 2 * 512 * 7 * 7,
    ("vgg16", "ptflops"): 2 * 512 * 7 * 7,
    ("vgg16", "torchprofile"): 512 * 7 * 7,
    ("vgg19", "fvcore"): 512 * 7 * 7,
    ("vgg19", "thop"): 2 * 512 * 7 * 7,
    ("vgg19", "ptflops"): 2 * 512 * 7 * 7,
    ("vgg19", "torchprofile"): 512 * 7 * 7,
    # torchvision pools by a function: no module for thop, and once instead of twice for ptflops
    ("mobilenet_v2", "thop"): -(7 * 7 + 1) * 1280,
    ("mobilenet_v2", "ptflops"): -7 * 7 * 1280,
    ("densenet121", "thop"): -(7 * 7 + 1) * 1024,
    ("densenet121", "ptflops"): -2 * 7 * 7 * 1024,  # and its last ReLU
    # the pools inside its modules are functions, and so are all its ReLUs
    ("inception_v3", "thop"): -AVERAGE_POOLS_V3,
    ("inception_v3", "ptflops"): -(RELUS_V3 + AVERAGE_POOLS_V3 + MAX_POOLS_V3),
}
"""What a tool prints more than we say, each with its cause."""


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("network", SPECS)
def test_a_network_counts_to_the_unit(network, tool):
    ours = counted_by(tool, shipped_analysis(SPECS[network])).multiply_adds
    assert RECORDED["networks"][network][tool] == ours + DIFFERENCES.get((network, tool), 0)


STEPS = {
    "convolution with bias": "{convolution: 3x3, filters: 6, padding: 1}",
    "convolution without bias": "{convolution: 3x3, filters: 6, padding: 1, bias: false}",
    "grouped convolution": "{convolution: 3x3, filters: 6, padding: 1, groups: 2, bias: false}",
    "transposed convolution": "{transposed convolution: 2x2/2, filters: 6, bias: false}",
    "transposed convolution with bias": "{transposed convolution: 2x2/2, filters: 6}",
    "upsampling": "{upsampling: 2x2}",
    "bilinear upsampling": "{upsampling: 2x2, mode: bilinear}",
    "linear with bias": "{linear: 10}",
    "linear without bias": "{linear: 10, bias: false}",
    "batch norm": "batch norm",
    "local response norm": "local response norm",
    "relu": "relu",
    "relu6": "relu6",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "max pool": "{max pool: 3x3/2}",
    "average pool": "{average pool: 3x3/3}",
    "global average pool": "{average pool: global}",
    "global max pool": "{max pool: global}",
    "dropout": "dropout",
    "softmax": "softmax",
    "sum": "{sum: {a: identity, b: identity}}",
    "concat": "{concat: {a: identity, b: identity}}",
    "scale": "{scale: 0.5}",
    "product": "{product: {a: identity, b: {max pool: global}}}",
}
UNWRITTEN = {"adaptive pool to the same size", "relu as a function", "global average pool as a function"}
"""What no spec would say; the causes of the differences above."""


def test_every_recorded_layer_is_compared():
    assert set(STEPS) | UNWRITTEN == set(RECORDED["layers"])


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("layer", STEPS)
def test_a_single_layer_counts_to_the_unit(layer, tool):
    """The layer stands between others, so that a softmax is not the network's last."""
    step = STEPS[layer].replace("dropout", "{dropout: 0.5}")
    base = "rows: {{a: {{convolution: 1x1, filters: 8, bias: false}}{}, z: {{local response norm: 3, then: tanh}}}}"
    ours = counted_by(tool, rows(base.format(f", b: {step}"), 3, 12, 12))
    counted = sum(
        cost.multiply_adds + sum(extra.values())
        for cost, extra in zip(ours.analysis.layers, ours.extras, strict=True)
        if cost.layer.row == "b"
    )
    if layer == "product" and tool == "ptflops":
        counted -= 2 * 8 * 12 * 12  # the gate of the recorded layer is a slice, not a pool
    assert counted == RECORDED["layers"][layer][tool]


def test_the_named_differences_are_what_the_tools_do():
    layers, elements = RECORDED["layers"], 8 * 12 * 12
    assert layers["relu"]["ptflops"] - layers["relu as a function"]["ptflops"] == elements
    pool, called = layers["global average pool"], layers["global average pool as a function"]
    assert pool["thop"] - called["thop"] == elements + 8
    assert pool["ptflops"] - called["ptflops"] == elements
    same = layers["adaptive pool to the same size"]
    assert [same[tool] // elements for tool in TOOLS] == [1, 2, 2, 0, 1]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_rules_are_for_the_version_that_ran(tool):
    version = import_module(f"inception_calc.conventions.{tool}").CONVENTION.version
    assert version.replace(".post", "-") == RECORDED["versions"][tool].replace(".post", "-")


@pytest.mark.parametrize("tool", TOOLS)
def test_the_causes_are_the_whole_gap(tool):
    ours = counted_by(tool, shipped_analysis("unet"))
    assert ours.multiply_adds == ours.analysis.totals.multiply_adds + sum(ours.causes.values())
    by_layer = sum(
        cost.multiply_adds + sum(extra.values()) for cost, extra in zip(ours.analysis.layers, ours.extras, strict=True)
    )
    assert ours.multiply_adds == by_layer


def test_a_batch_counts_as_often():
    one, eight = (rows("rows: {a: {convolution: 3x3, filters: 2, activation: relu}}", batch=n) for n in (1, 8))
    assert counted_by("ptflops", eight).multiply_adds == 8 * counted_by("ptflops", one).multiply_adds


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return called("table", *arguments)


def test_the_table_explains_the_gap_in_one_line():
    shown = run("mobilenet_v2", "--as", "fvcore").stdout
    share = Fraction(13_356_224, 300_774_272) * 100
    assert f"batch norm +13,356,224 (+{float(share):.2f} %)" in shown
    assert "prints 314,193,216" in shown
    assert "bias +494,184 (+0.07 %)" in run("alexnet_owt", "--as", "torchinfo").stdout


def test_json_has_the_tools_number():
    found = json.loads(run("resnet50", "--as", "thop", "-f", "json").stdout)["tables"][0]
    assert found["as"]["multiply_adds"] == RECORDED["networks"]["resnet50"]["thop"]
    assert found["totals"]["multiply_adds"] == 4_089_184_256
    assert sum(found["as"]["gap"].values()) == found["as"]["multiply_adds"] - 4_089_184_256


def test_an_unknown_tool():
    done = run("googlenet", "--as", "fvcroe")
    assert done.returncode == 2
    assert "did you mean 'fvcore'?" in done.stderr
    assert run("googlenet", "--as", "").returncode == 2  # as when a script's variable is empty


@pytest.mark.parametrize("option", [["--models", "7"], ["--crops", "144"], ["--columns", "flops"], ["--printed"]])
def test_what_a_tools_table_cannot_say_is_refused(option):
    done = run("googlenet", "--as", "thop", *option)
    assert (done.returncode, done.stdout) == (2, "")
    assert option[0] in done.stderr.split("leave ")[1]


def test_the_figures_in_docs_are_the_recorded_ones():
    page = (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")
    for figures in RECORDED["networks"].values():
        for count in figures.values():
            assert f"{count:,}" in page
    shown = run("googlenet@torchvision", "--as", "fvcore").stdout
    block = next(block for block in page.split("```")[1::2] if "as fvcore" in block)
    lines = [line for line in block.splitlines()[1:] if line.strip() and not line.startswith("$")]
    assert lines
    for line in lines:
        assert line in shown.splitlines()
