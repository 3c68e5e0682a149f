"""Files that others wrote, and small ones: what is folded, what is refused, what hostile names become."""

from __future__ import annotations

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

from inception_calc.analysis import analyze  # noqa: E402
from inception_calc.graph.onnx import open_onnx  # noqa: E402
from inception_calc.graph.source import Choice  # noqa: E402
from inception_calc.onnx_import import Imported, import_spec  # noqa: E402
from inception_calc.problems import InputError, Undecided  # noqa: E402
from tests.graph.onnx.models import named, write  # noqa: E402

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def imported(file: str, **choice: object) -> Imported:
    return import_spec(open_onnx(file), Choice(**choice))  # type: ignore[arg-type]


def refused(file: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        imported(file)
    return [problem.what for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("bvlc_alexnet", 60_965_224),  # Caffe's
        ("inception_v1", 6_998_552),  # Caffe's
        ("resnet50", 25_557_032),  # torchvision's
        ("shufflenet", None),
        ("squeezenet", 1_235_496),  # Table 2 of the paper says 1.25M; torchvision's squeezenet1_1 has this
        ("vgg19", 143_667_240),  # torchvision's
        ("zfnet512", None),
    ],
)
def test_light_models_count_the_same(name: str, params: int | None):
    file = str(LIGHT / f"light_{name}.onnx")
    found = imported(file)
    assert not found.differences
    assert found.spec.totals.multiply_adds == analyze(file).totals.multiply_adds
    assert params is None or found.spec.totals.params == params


def test_what_belongs_to_a_convolution_stands_beside_it(tmp_path: Path):
    text = """g (float[1, 3, 8, 8] x) => (float[1, 4, 3, 3] z) {
      p = Pad (x, pads) c = Conv <strides = [2, 2]> (p, w) n = BatchNormalization (c, s, s1, s2, s3)
      y = Relu (n) k = Conv (y, v) b = Add (k, bias) g = Sigmoid (b) m = Mul (b, g)
      z = MaxPool <kernel_shape = [2, 2], strides = [1, 1]> (m)
    }"""
    file = write(
        tmp_path / "m.onnx", text, w=(4, 3, 3, 3), v=(4, 4, 1, 1), bias=(4, 1, 1), s=(4,), s1=(4,), s2=(4,), s3=(4,)
    )
    model = onnx.load(file)
    pads = onnx.helper.make_tensor("pads", 7, (8,), [0, 0, 1, 1, 0, 0, 1, 1])
    model.graph.initializer.append(pads)
    onnx.save(model, file)
    found = imported(file)
    assert not found.differences
    first, second, _ = found.spec.rows
    assert (first.patch, second.patch) == ("3x3/2", "1x1/1")
    assert [cost.biases for cost in found.spec.layers] == [0, 0, 0, 4, 0, 0]
    assert [cost.layer.op.op for cost in found.spec.layers] == [
        "convolution", "batch norm", "relu", "convolution", "silu", "max pool",
    ]  # fmt: skip


def test_what_two_layers_read_stands_alone(tmp_path: Path):
    text = """g (float[1, 4, 8, 8] x) => (float[1, 4, 8, 8] z) {
      c = Conv (x, w) y = Relu (c) z = Add (c, y)
    }"""
    found = imported(write(tmp_path / "m.onnx", text, w=(4, 4, 1, 1)))
    assert [cost.layer.op.op for cost in found.spec.layers] == ["convolution", "relu", "sum"]


def test_channels_last_inputs_and_batches(tmp_path: Path):
    text = """g (float[N, 8, 6, 3] x) => (float[N, 4, 8, 6] z) {
      t = Transpose <perm = [0, 3, 1, 2]> (x) z = Conv (t, w)
    }"""
    file = write(tmp_path / "m.onnx", text, w=(4, 3, 1, 1))
    found = imported(file, batch=5)
    assert not found.differences
    assert found.spec.totals.multiply_adds == 5 * 4 * 3 * 8 * 6
    assert "input: 3x8x6" in found.text
    assert "channels last" in found.notes[0]


def test_every_node_that_cannot_be_said_is_named(tmp_path: Path):
    text = """g (float[1, 4, 8, 8] x) => (float[1, 4, 8, 8] z) {
      a = Sin (x) b = Conv (x, w) c = Cos (b) z = Add (a, c)
    }"""
    assert refused(write(tmp_path / "m.onnx", text, w=(4, 4, 1, 1))) == [
        f"{tmp_path / 'm.onnx'}: node 0 (Sin): no word of specs does what 'Sin' does",
        f"{tmp_path / 'm.onnx'}: node 2 (Cos): no word of specs does what 'Cos' does",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("z = MatMul (x, x)", "no weights"),
        ("z = Concat <axis = 2> (x, x)", "axis 2"),
        ("z = com.acme.Foo (x)", "Foo"),
        ("z = Softmax <axis = 3> (x)", "axis 3"),
        ("z, i = MaxPool <kernel_shape = [1, 1]> (x) y = Cast <to = 1> (i)", "outputs"),
        ("z = Transpose <perm = [1, 0, 3, 2]> (x)", "batch"),
        ("z = Conv (x, w) y = Conv (z, w)", "shares"),
    ],
)
def test_reasons(line: str, words: str, tmp_path: Path):
    file = write(tmp_path / "m.onnx", f"g (float[1, 4, 8, 8] x) => (z) {{ {line} }}", w=(4, 4, 1, 1))
    assert any(words in what for what in refused(file)), refused(file)


def test_parts_of_a_split_are_steps_of_their_own(tmp_path: Path):
    """As in YOLO's blocks: one half goes on, both are joined behind."""
    text = """g (float[1, 4, 8, 8] x) => (float[1, 6, 8, 8] z) {
      a, b = Split <axis = 1, num_outputs = 2> (x) c = Conv <pads = [1, 1, 1, 1]> (b, w) z = Concat <axis = 1> (a, b, c)
    }"""
    found = imported(write(tmp_path / "m.onnx", text, w=(2, 2, 3, 3)))
    assert not found.differences


def test_free_sizes_must_be_given(tmp_path: Path):
    text = "g (float[1, 4, H, 8] x) => (z) { z = Relu (x) }"
    file = write(tmp_path / "m.onnx", text)
    with pytest.raises(Undecided, match="are free"):
        imported(file)
    assert "input: 4x6x8" in imported(file, symbols={"H": "6"}).text


HOSTILE = (
    "total",
    "width",
    "a: {b",
    "# no",
    "'\"",
    "x\ny",
    "[1]",
    "\x1b[31m",
    "- ",
    "&a",
    "*a",
    "!!python/object:os.system",
    "\u2028",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(name: str, tmp_path: Path):
    """They stand in rows, in inputs and in the comment; what comes out is read again and counts the same."""
    text = """g (float[1, 4, 8, 8] x, float[1, 4, 8, 8] u) => (z) {
      a = Conv (x, w) b = Conv (u, v) z = Add (a, b)
    }"""
    file = named(write(tmp_path / "m.onnx", text, w=(4, 4, 1, 1), v=(4, 4, 1, 1)), name, f"{name}/{name}", "sum")
    model = onnx.load(file)
    model.graph.input[0].name = model.graph.node[0].input[0] = name
    path = tmp_path / f"{name.replace('/', '')}.onnx"
    onnx.save(model, str(path))
    found = imported(str(path))
    assert not found.differences
    assert len(found.spec.graph.inputs) == 2
    assert found.spec.name == path.stem
    assert not [line for line in found.text.splitlines() if line.startswith("\x1b")]
