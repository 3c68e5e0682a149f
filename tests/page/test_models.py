"""A page of an ONNX file: what has an answer is shown, sizes that the file leaves free have sliders."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from tests.page.browser import needs_browser
from tests.page.test_sliders import MOVE

pytestmark = needs_browser


@pytest.fixture(scope="session")
def free_sizes(tmp_path_factory) -> str:
    """A convolution whose batch, height and width are free."""
    onnx = pytest.importorskip("onnx")
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    kernel = make.make_tensor("w", kind, [8, 3, 3, 3], [0.0] * 216)
    nodes = [make.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4), make.make_node("Relu", ["y"], ["z"])]
    ends = [make.make_tensor_value_info(name, kind, ["N", depth, "H", "W"]) for name, depth in (("x", 3), ("z", 8))]
    path = tmp_path_factory.mktemp("models") / "free.onnx"
    graph = make.make_graph(nodes, "net", ends[:1], ends[1:], [kernel])
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 18)]), path)
    return str(path)


def test_free_sizes_have_sliders(opened, free_sizes: str):
    found = opened(free_sizes)
    assert "the file leaves sizes free; here N = 1, H = 224, W = 224" in found.page.inner_text("#notes").replace(
        "H = 224, N = 1", "N = 1, H = 224"
    )
    moved = found.page.evaluate(MOVE, {"N": "3", "H": "50", "W": "70"})
    wanted = analyze(free_sizes, symbols={"N": "3", "H": "50", "W": "70"}).totals
    assert moved["went"]
    assert int(moved["totals"]["multiply_adds"]) == wanted.multiply_adds == 3 * 50 * 70 * 216
    assert int(moved["totals"]["activation_bytes"]) == wanted.activation_bytes
    assert found.faults == []


def test_a_model_from_elsewhere_has_every_section_that_makes_sense(opened):
    folder = Path(pytest.importorskip("onnx").__file__).parent / "backend" / "test" / "data" / "light"
    found = opened(str(folder / "light_inception_v1.onnx"))
    assert found.page.inner_text("#cost-here").startswith("1.43G (100.0%)")
    assert found.page.is_visible("#network-section")
    assert "the file has no free sizes" in found.page.inner_text("#fixed")
    assert found.faults == []


def test_tensors_of_several_types_have_bytes_of_their_own(opened, tmp_path_factory):
    onnx = pytest.importorskip("onnx")
    make, kinds = onnx.helper, onnx.TensorProto
    nodes = [
        make.make_node("Cast", ["x"], ["h"], to=kinds.FLOAT16),
        make.make_node("Relu", ["h"], ["r"]),
        make.make_node("Cast", ["r"], ["y"], to=kinds.DOUBLE),
    ]
    ends = [
        make.make_tensor_value_info(name, kind, [2, 100]) for name, kind in (("x", kinds.FLOAT), ("y", kinds.DOUBLE))
    ]
    path = tmp_path_factory.mktemp("models") / "mixed.onnx"
    graph = make.make_graph(nodes, "net", ends[:1], ends[1:])
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 18)]), path)
    found = opened(str(path)).page
    analysis = analyze(str(path))
    totals = found.evaluate(MOVE, {})["totals"]
    assert int(totals["peak_activation_bytes"]) == 200 * (2 + 8)  # float16 and double
    assert int(totals["activation_bytes"]) == analysis.totals.activation_bytes
    assert int(totals["traffic_bytes"]) == sum(cost.traffic_bytes for cost in analysis.layers)
