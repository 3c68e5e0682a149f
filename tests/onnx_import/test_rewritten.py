"""Networks in Caffe's words as specs: they count the same, and modules are blocks with columns."""

from __future__ import annotations

from inception_calc.analysis import analyze
from inception_calc.onnx_import.rewritten import rewritten
from inception_calc.spec_file.load import Origin, load_text
from tests.helpers import shipped
from tests.spec_file.caffe.files import MODULES, convolution, googlenet, layer

DATA = 'input: "data" input_shape { dim: 1 dim: 3 dim: 32 dim: 32 }\n'


def imported(text: str):
    return rewritten(load_text(Origin("net.prototxt", text, lambda name: Origin(name, "", lambda _: None))))


def test_the_papers_own_file_becomes_the_papers_own_table():
    found = imported(googlenet())
    assert found.differences == ()
    assert found.spec.totals == analyze(shipped("googlenet")).totals
    assert found.text.count("{inception: [") == len(MODULES)
    for name, cells in MODULES.items():
        (line,) = [line for line in found.text.splitlines() if f"inception_{name}:" in line]
        assert tuple(map(int, line.partition("[")[2].rstrip("]}").split(","))) == cells


def test_a_residual_block_keeps_its_norms_and_its_shortcut():
    text = DATA + layer("Convolution", "a", "data", "convolution_param { num_output: 3 kernel_size: 3 pad: 1 }")
    text += layer("BatchNorm", "n", "a", top="a") + layer("Scale", "s", "a", "scale_param { bias_term: true }", top="a")
    text += layer("Eltwise", "sum", ("data", "a")) + layer("ReLU", "relu", "sum", top="sum")
    found = imported(text)
    assert found.differences == ()
    assert "batch norm: true" in found.text
    assert "identity" in found.text


def test_names_of_the_file_are_text_and_nothing_else():
    name = "a: {b}\\n- c # d"
    found = imported(DATA + convolution(name, "data", 4, 3) + convolution("&x *y", name, 4, 3))
    assert found.differences == ()
    assert [row.name for row in found.spec.rows] == ["a: {b} - c # d", "&x *y"]
