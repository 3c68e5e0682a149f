"""Closed forms of ONNX files: those of the spec that was exported, and those that plain counts give size by size."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.formula import ClosedForms, closed_forms, default_question, differences, sensitivities
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from inception_calc.problems import InputError
from inception_calc.report.formula import Answer, markdown_text, text
from inception_calc.report.formula_domain import python_condition
from inception_calc.report.formula_programs import document, latex, python
from tests.formula import restricted
from tests.graph.onnx.models import write

ATTENTION = """g (float[batch, seq, 16] x) => (float[batch, seq, 16] z) {
    q = MatMul (x, wq)
    k = MatMul (x, wk)
    kt = Transpose <perm = [0, 2, 1]> (k)
    s = MatMul (q, kt)
    p = Softmax (s)
    v = MatMul (x, wv)
    z = MatMul (p, v)
}"""
WINDOWS = """g (float[N, 3, H, W] x) => (float[N, 10] z) {
    a = Conv <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 0, 1, 0]> (x, w)
    p = AveragePool <kernel_shape = [2, 3], strides = [2, 1]> (a)
    t = ConvTranspose <kernel_shape = [2, 2], strides = [2, 2]> (p, u)
    g = GlobalAveragePool (t)
    f = Flatten (g)
    z = Gemm <transB = 1> (f, v)
}"""
ARITHMETIC = """g (float[N, T, 8] x) => (float[N, M, 4] z) {
    shape = Shape (x)
    one = Constant <value = int64[1] {1}> ()
    two = Constant <value = int64[1] {2}> ()
    length = Gather (shape, one)
    half = Div (length, two)
    zero = Constant <value = int64[1] {0}> ()
    cut = Slice (x, zero, half, one)
    keep = Constant <value = int64[3] {0, -1, 8}> ()
    again = Reshape (cut, keep)
    z = MatMul (again, w)
}"""
MODELS = {
    "attention": (ATTENTION, {"wq": (16, 16), "wk": (16, 16), "wv": (16, 16)}),
    "windows": (WINDOWS, {"w": (6, 3, 3, 3), "u": (6, 4, 2, 2), "v": (10, 4)}),
    "arithmetic": (ARITHMETIC, {"w": (8, 4)}),
}
FREE = {"attention": {"batch", "seq"}, "windows": {"N", "H", "W"}, "arithmetic": {"N", "T"}}
METRICS = ("params", "weights", "multiply_adds", "activation_elements")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("models")
    return {name: write(folder / f"{name}.onnx", *found[:1], **found[1]) for name, found in MODELS.items()}


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_substituted_they_are_the_plain_counts(files: dict[str, str], name: str, data: st.DataObject):
    forms = closed_forms(files[name], ())
    assert (
        set(forms.free) == {"attention": {"batch", "seq"}, "windows": {"N", "H", "W"}, "arithmetic": {"N", "T"}}[name]
    )
    sizes = {symbol: data.draw(st.integers(forms.domain.values[symbol].first or 1, 200)) for symbol in forms.free}
    counted = analyze(files[name], symbols=sizes).totals
    for metric in METRICS:
        assert forms.totals.counts[metric].value(sizes) == getattr(counted, metric), (metric, sizes)


def test_the_domain_begins_where_the_windows_fit(files: dict[str, str]):
    """The convolution pads H by 2: (H - 1)//2 + 1 >= 2 rows for the pool; W: (W - 3)//2 + 1 >= 3 columns."""
    forms = closed_forms(files["windows"], ())
    assert {name: values.first for name, values in forms.domain.values.items()} == {"N": 1, "H": 3, "W": 7}
    analyze(files["windows"], symbols={"N": 1, "H": 3, "W": 7})
    for small in ({"N": 1, "H": 2, "W": 7}, {"N": 1, "H": 3, "W": 6}):
        with pytest.raises(InputError):
            analyze(files["windows"], symbols=small)


ALONE = {
    "a pool rounded up": (
        """g (float[1, 3, H, 8] x) => (float[1, 3, M, 8] z) {
            a = MaxPool <kernel_shape = [3, 1], strides = [2, 1]> (x)
            z = MaxPool <kernel_shape = [3, 1], strides = [2, 1], ceil_mode = 1> (a)
        }""",
        {},
    ),
    "branches that meet": (
        """g (float[1, 3, H] x) => (float[1, 6, H] z) {
            two = Constant <value = float[3] {1.0, 1.0, 2.0}> ()
            p = MaxPool <kernel_shape = [2], strides = [2]> (x)
            u = Resize (p, , two)
            z = Concat <axis = 1> (x, u)
        }""",
        {},
    ),
    "a bias of four": ("g (float[1, H] x) => (float[1, M] z) {\n z = Add (x, b)\n}", {"b": (4,)}),
    "weights of five rows": ("g (float[1, H] x) => (float[1, 2] z) {\n z = MatMul (x, w)\n}", {"w": (5, 2)}),
    "filters of six channels": (
        "g (float[1, H, 8] x) => (float[1, 2, 8] z) {\n z = Conv <kernel_shape = [1]> (x, w)\n}",
        {"w": (2, 6, 1)},
    ),
    "rows of eight": (
        """g (float[1, H, 4] x) => (float[M, 8] z) {
            shape = Constant <value = int64[2] {-1, 8}> ()
            z = Reshape (x, shape)
        }""",
        {},
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_the_domain_is_where_the_file_can_be_walked(name: str, tmp_path: Path):
    body, weights = ALONE[name]
    file = write(tmp_path / "net.onnx", body, **weights)
    condition = python_condition(closed_forms(file, ()))
    for size in range(1, 33):
        try:
            analyze(file, symbols={"H": size})
        except InputError:
            assert not restricted.holds(condition, {"H": size}), size
        else:
            assert restricted.holds(condition, {"H": size}), size


def test_what_a_free_size_leaves_open_is_shape_arithmetic_all_the_same(tmp_path: Path):
    """Whether two sizes are equal is one element that no layer stores, known or not."""
    body = """g (float[1, H] x) => (float[1, H] z, bool[1] same) {
        shape = Shape (x)
        one = Constant <value = int64[1] {1}> ()
        five = Constant <value = int64[1] {5}> ()
        length = Gather (shape, one)
        same = Equal (length, five)
        z = Relu (x)
    }"""
    file = write(tmp_path / "net.onnx", body)
    form = closed_forms(file, ()).totals.counts["activation_elements"]
    for size in (4, 5):
        assert form.value({"H": size}) == analyze(file, symbols={"H": size}).totals.activation_elements == size


def freed(name: str, folder: Path) -> Path:
    """A shipped spec as an ONNX file whose batch and image have names for sizes."""
    path = folder / f"{name}.onnx"
    write_model(plan(analyze(name)), path, "constant", 0)
    import onnx

    model = onnx.load(path)
    size = model.graph.input[0].type.tensor_type.shape.dim
    for axis, called in ((0, "batch"), (2, "height"), (3, "width")):
        size[axis].dim_param = called
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v2"])
def test_an_exported_spec_has_the_forms_of_the_spec(name: str, tmp_path: Path):
    file = str(freed(name, tmp_path))
    model, spec = closed_forms(file, ()), closed_forms(name, ("batch", "height", "width"))
    assert model.totals.counts == spec.totals.counts
    assert {row.name: row.counts["multiply_adds"] for row in spec.rows} == {
        row.name: row.counts["multiply_adds"] for row in model.rows if row.name != "shape arithmetic"
    }
    assert model.domain == spec.domain
    same = differences(spec, model)[0]
    assert not any(form.terms for form in same.forms.values())


def test_names_are_those_of_the_file_and_a_lone_batch_is_free(tmp_path: Path):
    file = write(tmp_path / "net.onnx", "g (float[N, 4] x) => (float[N, 2] y) {\n y = MatMul (x, w)\n}", w=(4, 2))
    source = closed_forms(file, ("N",)).analysis.origin
    assert default_question([source], False) == (("N",), ())
    assert analyze(file).totals.multiply_adds == 8  # elsewhere it is taken as 1
    assert closed_forms(file, ("N",)).totals.counts["multiply_adds"].value({"N": 5}) == 40
    assert sensitivities(source) == ()


def test_what_is_set_or_assumed_is_put_in(files: dict[str, str]):
    forms = closed_forms(files["attention"], ("seq",), ("seq % 4 == 0",), symbols={"batch": 2})
    assert forms.free == ("seq",)
    assert forms.totals.counts["multiply_adds"].value({"m": 3}) == (
        analyze(files["attention"], symbols={"seq": 12, "batch": 2}).totals.multiply_adds
    )


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        ({"free": ("sex",)}, "did you mean 'seq'?"),
        ({"free": ("channels",)}, "it has batch and seq; its other sizes are constants of the file"),
        ({"free": ("seq",), "assume": ("size % 2 == 0",)}, "the symbols here are batch and seq"),
    ],
)
def test_what_is_no_free_size_is_an_error(files: dict[str, str], arguments: dict[str, tuple[str, ...]], fix: str):
    with pytest.raises(InputError) as error:
        closed_forms(files["attention"], **arguments)
    assert (error.value.exit_code, error.value.problems[0].fix) == (2, fix)


def answer(forms: ClosedForms) -> Answer:
    return Answer([forms])


def test_every_format_says_what_is_not_known(tmp_path: Path):
    file = write(
        tmp_path / "net.onnx",
        "g (float[N, M] x) => (float[N, 2] y) {\n a = com.acme.Foo (x)\n y = MatMul (x, w)\n}",
        w=(4, 2),
    )
    found = answer(closed_forms(file, ()))
    for drawn in (text(found), markdown_text(found), document(found), python(found), latex(found)):
        assert "com.acme::Foo" in drawn
