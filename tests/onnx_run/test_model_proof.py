"""A user's own file, run and compared node by node; and that the comparison fails when a number is wrong."""

# ruff: noqa: E501  (a table of kernels, one a line)
from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from inception_calc.analysis import Analysis, analyze
from inception_calc.onnx_run import model_proof as proving
from inception_calc.onnx_run.kernel_counts import multiply_adds_of
from inception_calc.onnx_run.made_inputs import made_inputs
from inception_calc.onnx_run.model_proof import prove_model
from inception_calc.onnx_run.proof import ModelProof
from inception_calc.onnx_run.runtime import Options
from inception_calc.problems import Undecided
from tests.graph.onnx.models import write

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
EVERYTHING = """g (float[1, 3, 8, 8] x, bool c, int64[2, 2] ids) => (float[A, B] y, float[P, Q, R] e, float[N, M] l) {
    k = Conv <pads = [1, 1, 1, 1]> (x, w, b)
    h = HardSwish (k)
    q = com.acme.f (h)
    r = com.acme.f (q)
    s = Constant <value_ints = [4, 64]> ()
    z = Reshape (r, s)
    y = If (c) <then_branch = t () => (float[A, B] o) { t = Transpose (z)  o = MatMul (z, t) },
                else_branch = d () => (float[A, B] o) { o = Identity (z) }>
    n = Constant <value = int64 {3}> ()
    go = Constant <value = bool {1}> ()
    l = Loop (n, go, z) <body = body (int64 i, bool on, float[4, 64] v) => (bool out, float[4, 64] m) {
        out = Identity (on)  m = MatMul (v, u) }>
    e = Gather (table, ids)
}
<domain: "com.acme", opset_import: ["" : 21]>
f (p) => (q) { a = Relu (p)  q = Sigmoid (a) }
"""


def everything(path: Path) -> str:
    return write(path, EVERYTHING, w=(4, 3, 3, 3), b=(4,), u=(64, 64), table=(5, 6))


def proved(analysis: Analysis) -> ModelProof:
    return prove_model(analysis, Options(), 0, lambda _: None)


@pytest.mark.parametrize(("name", "multiplying"), [("inception_v1", 58), ("shufflenet", 50)])
def test_files_of_the_onnx_package_run_as_they_are_counted(name: str, multiplying: int):
    """57 convolutions and a linear layer; weights come out of ConstantOfShape, the linear ones through a Reshape."""
    analysis = analyze(str(LIGHT / f"light_{name}.onnx"))
    found = proved(analysis)
    assert (found.mismatches, found.open, found.unseen) == ((), (), 0)
    assert found.computing == multiplying
    proto = onnx.load(LIGHT / f"light_{name}.onnx")
    assert found.nodes == sum(node.op_type != "Constant" for node in proto.graph.node)


def test_functions_branches_loops_and_what_has_no_kernel(tmp_path: Path):
    analysis = analyze(everything(tmp_path / "m.onnx"), symbols={"c": "1"})
    found = proved(analysis)
    assert (found.mismatches, found.open) == ((), ())
    assert found.computing == 3  # Conv, MatMul in the branch and in the loop
    assert found.constants == 5  # w, b, s, u, table
    assert {made.name: (made.value, made.rows) for made in found.inputs} == {
        "x": (None, None), "c": (1, None), "ids": (None, 5),
    }  # fmt: skip


def test_the_other_branch_is_said(tmp_path: Path):
    """Nobody said which branch: the dearer one counts, and the run with True takes it; with False it does not."""
    path = everything(tmp_path / "m.onnx")
    assert proved(analyze(path)).open == ()
    model = onnx.load(path)
    condition = next(node for node in model.graph.node if node.op_type == "If")
    model.graph.node.insert(0, helper.make_node("Not", ["c"], ["not_c"]))
    condition.input[0] = "not_c"
    next(node for node in model.graph.node if node.op_type == "If").input[0] = "not_c"
    onnx.save(model, path)
    found = proved(analyze(path))
    assert found.mismatches == ()
    assert [(one.layer, one.what) for one in found.open] == [
        ("If_7/then_branch/Transpose_0", "node"),
        ("If_7/then_branch/MatMul_1", "node"),
        ("Identity_0", "node"),
        ("If_7", "output"),
    ]


@pytest.mark.parametrize("what", ["multiply-adds", "output", "elements of the constant"])
def test_a_wrong_number_is_found(what: str, tmp_path: Path):
    analysis = analyze(everything(tmp_path / "m.onnx"), symbols={"c": "1"})
    layers = list(analysis.layers)
    index = next(i for i, cost in enumerate(layers) if cost.layer.op.op == "convolution")
    cost = layers[index]
    if what == "multiply-adds":
        layers[index] = cost._replace(multiply_adds=cost.multiply_adds + 1)
    elif what == "elements of the constant":
        op = cost.layer.op
        arrays = tuple(one._replace(shape=(7,)) for one in op.constants)
        layers[index] = cost._replace(layer=cost.layer._replace(op=replace(op, constants=arrays)))
    analysis = replace(analysis, layers=tuple(layers))
    if what == "output":  # what ran is another model than what was counted
        path = tmp_path / "m.onnx"
        model = onnx.load(path)
        model.graph.node[0].attribute[0].ints[:] = [2, 2, 2, 2]
        model.graph.node[4].attribute[0].ints[:] = [4, 100]
        model.graph.initializer[2].CopyFrom(numpy_helper.from_array(np.zeros((100, 100), np.float32), "u"))
        body = next(node for node in model.graph.node if node.op_type == "Loop").attribute[0].g
        for info in (body.input[2], body.output[1]):
            info.type.tensor_type.shape.dim[1].dim_value = 100
        onnx.save(model, path)
    found = proved(analysis)
    assert what in {mismatch.what for mismatch in found.mismatches}


def test_a_size_that_only_a_run_knows_is_what_it_came_out_as(tmp_path: Path):
    text = """g (int64[7] x) => (float[N, 5] y) {
        i = NonZero (x)  t = Transpose (i)  f = Cast <to = 1> (t)  y = MatMul (f, w) }"""
    found = proved(analyze(write(tmp_path / "m.onnx", text, w=(1, 5))))
    assert (found.mismatches, found.open) == ((), ())
    assert list(found.sizes.values()) == [7]  # ones are made, and none of them is zero
    assert found.computing == 1


@pytest.mark.parametrize("location", ["w.bin", "deep/w.bin"])
def test_data_beside_the_model_are_found_and_nothing_is_written_there(location: str, tmp_path: Path):
    folder = tmp_path / "models"
    (folder / location).parent.mkdir(parents=True)
    path = Path(write(folder / "m.onnx", "g (float[2, 3] x) => (float[N, M] y) { y = MatMul (x, w) }", w=(3, 4)))
    data = outside(path, location)
    (folder / location).write_bytes(data)
    before = {one: one.stat().st_mtime_ns for one in folder.rglob("*")}
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    found = proved(analyze(str(path)))
    folder.chmod(stat.S_IRWXU)
    assert (found.mismatches, found.open, found.constants) == ((), (), 1)
    assert {one: one.stat().st_mtime_ns for one in folder.rglob("*")} == before


def outside(path: Path, location: str) -> bytes:
    """The bytes of the model's only weight, which is outside the file from now on."""
    model = onnx.load(path)
    (tensor,) = model.graph.initializer
    data = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    onnx.save(model, path)
    return data


def test_what_cannot_run_is_undecided(tmp_path: Path):
    unknown = write(tmp_path / "a.onnx", "g (float[2] x) => (float[2] y) { y = com.acme.Foo (x) }")
    with pytest.raises(Undecided, match="could not load it"):
        proved(analyze(unknown))
    free = write(tmp_path / "b.onnx", "g (float[N, K] x) => (float[N, K] y) { y = Relu (x) }")
    with pytest.raises(Undecided, match="K and N are free"):
        proved(analyze(free))
    missing = write(tmp_path / "c.onnx", "g (float[2, 3] x) => (float[N, M] y) { y = MatMul (x, w) }", w=(3, 4))
    outside(Path(missing), "gone.bin")
    with pytest.raises(Undecided, match="could not load it"):
        proved(analyze(missing))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("g (float[4611686018427387904] x) => (float[N] y) { y = Identity (x) }", "elements in a tensor"),
        (
            "g (float[1] x) => (float[N] y) { n = Constant <value_ints = [99999999999]> ()  y = Expand (x, n) }",
            "elements",
        ),
        (
            """g (float[2] x) => (float[2] y) {
            n = Constant <value = int64 {4611686018427387904}> ()  go = Constant <value = bool {1}> ()
            y = Loop (n, go, x) <body = b (int64 i, bool c, float[2] v) => (bool d, float[2] w) {
                d = Identity (c)  w = Identity (v) }> }""",
            "loop runs is not known",
        ),
        ("g (float[100000, 100000] x) => (float[N, M] y) { y = MatMul (x, x) }", "operations"),
    ],
)
def test_what_would_not_end_is_not_run(text: str, said: str, tmp_path: Path):
    with pytest.raises(Undecided, match=said):
        proved(analyze(write(tmp_path / "m.onnx", text)))


def test_integers_that_do_not_fit_are_made_small(tmp_path: Path):
    """Behind an addition it is not seen that they index: by ones the run fails, by zeros it does not."""
    text = """g (int64[3] ids) => (float[N, M] y) { one = Constant <value_ints = [3]> ()
              far = Mul (ids, one)  y = Gather (w, far) }"""
    found = proved(analyze(write(tmp_path / "m.onnx", text, w=(3, 4))))
    assert (found.mismatches, found.open) == ((), ())
    assert found.inputs[0].says == "ids: int64 3, all 0"


def test_indices_stay_inside_the_smallest_table(tmp_path: Path):
    text = """g (int32[4, 9] ids) => (float[A, B, C] y) {
        long = Cast <to = 7> (ids)  a = Gather (w, long)  b = Gather (v, long)  y = Add (a, b) }"""
    path = write(tmp_path / "m.onnx", text, w=(300, 8), v=(7, 8))
    analysis = analyze(path)
    (made,) = made_inputs(analysis.origin.walked(analysis.setting), {})  # type: ignore[attr-defined]
    assert made.says == "ids: int32 4x9, by chance below 7, the rows of what it indexes"
    assert set(made.array(0).flat) == set(range(7))
    assert proved(analysis).inputs == (made,)


def test_a_session_is_closed_when_a_run_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proving, "compare", lambda *_: pytest.fail("reached"))
    text = "g (float[2] x) => (float[N] y) { s = Constant <value_ints = [3]> ()  y = Reshape (x, s) }"
    path = write(tmp_path / "m.onnx", text.replace("[3]", "[2]"))
    analysis = analyze(path)
    write(tmp_path / "m.onnx", text)
    with pytest.raises(Undecided, match="could not"):
        proved(analysis)


BY_HAND = [
    ("Conv", [(1, 4, 8, 8), (6, 2, 3, 3)], [(1, 6, 8, 8)], {}, 6 * 64 * 2 * 9),
    ("QLinearConv", [(1, 4, 8), (), (), (6, 4, 3), (), (), (), ()], [(1, 6, 6)], {}, 6 * 6 * 4 * 3),
    ("ConvTranspose", [(1, 4, 8, 8), (4, 3, 2, 2)], [(1, 3, 16, 16)], {}, 4 * 64 * 3 * 4),
    ("MatMul", [(2, 3, 5), (5, 7)], [(2, 3, 7)], {}, 2 * 3 * 5 * 7),
    ("FusedMatMul", [(2, 5, 3), (2, 5, 7)], [(2, 3, 7)], {"transA": 1}, 2 * 3 * 5 * 7),
    ("FusedMatMul", [(5, 2, 3), (2, 5, 7)], [(2, 3, 7)], {"transA": 1, "transBatchA": 1}, 2 * 3 * 5 * 7),
    ("Gemm", [(5, 3), (7, 5)], [(3, 7)], {"transA": 1, "transB": 1}, 3 * 5 * 7),
    ("MatMulNBits", [(2, 3, 64), (7, 2, 16), (14,)], [(2, 3, 7)], {"K": 64, "N": 7}, 2 * 3 * 64 * 7),
    ("Einsum", [(2, 3, 4), (2, 5, 4)], [(2, 3, 5)], {"equation": b"bik, bjk -> bij"}, 2 * 3 * 5 * 4),
    ("Einsum", [(2, 3), (2, 3)], [(2, 3)], {"equation": b"ab,ab->ab"}, 0),
    ("LSTM", [(9, 2, 5), (2, 12, 5), (2, 12, 3)], [(9, 2, 2, 3)], {"hidden_size": 3, "direction": b"bidirectional"}, 9 * 2 * 2 * 12 * 8),
    ("GRU", [(2, 9, 5), (1, 9, 5), (1, 9, 3)], [(2, 9, 1, 3)], {"hidden_size": 3, "layout": 1}, 9 * 2 * 9 * 8),
    ("Attention", [(1, 2, 6, 8), (1, 2, 9, 8), (1, 2, 9, 4)], [(1, 2, 6, 4)], {}, 2 * 6 * 9 * (8 + 4)),
    ("Attention", [(1, 6, 16), (16, 48), (48,)], [(1, 6, 16)], {"num_heads": 2}, 6 * 16 * 48 + 2 * 6 * 6 * 16),
    ("MultiHeadAttention", [(1, 6, 16), (1, 9, 16), (1, 9, 16)], [(1, 6, 16)], {"num_heads": 2}, 2 * 6 * 9 * 16),
    ("AffineGrid", [(1, 2, 3), (4,)], [(1, 5, 6, 2)], {}, 30 * 3 * 2),
    ("Relu", [(4,)], [(4,)], {}, 0),
    ("Einsum", [(2, 3), (3, 4), (4, 5)], [(2, 5)], {"equation": b"ab,bc,cd->ad"}, None),
    ("Conv", [(1, 4, 8, 8)], [(1, 6, 8, 8)], {}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op_type", "x", "y", "facts", "count"), BY_HAND, ids=lambda value: value if isinstance(value, str) else ""
)
def test_multiply_adds_of_kernels(op_type: str, x: list, y: list, facts: dict, count: int | None):  # type: ignore[type-arg]
    assert multiply_adds_of(op_type, x, y, facts) == count
