"""Rows: by module where names say it, run by run where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from tests.graph.onnx.models import named, write


def chain(count: int, alike: bool = False) -> str:
    """So many pairs of a convolution and a ReLU, no two of them copies but where they are `alike`."""
    settings = ["" if alike else f"<dilations = [{i + 1}, {i + 1}]>" for i in range(count)]
    lines = "".join(f"  c{i} = Conv {settings[i]} (r{i}, w)\n  r{i + 1} = Relu (c{i})\n" for i in range(count))
    return f"g (float[1, 4, 8, 8] r0) => (float[1, 4, 8, 8] r{count}) {{\n{lines}}}"


def test_modules_interleave(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(20), w=(4, 4, 1, 1))
    names = [f"/net/{'ab'[i % 2]}/{i}/{what}" for i in range(20) for what in ("Conv", "Relu")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {f"{'ab'[i % 2]}/{i}": 2 for i in range(20)}
    names = [f"/net/{'abcdefgh'[i % 8]}/{i}/{what}" for i in range(20) for what in ("Conv", "Relu")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {
        letter: 6 if letter in "abcd" else 4 for letter in "abcdefgh"
    }
    assert found.graph.rows[0].layers == [0, 1, 16, 17, 32, 33]


def test_nodes_outside_all_modules_stand_with_those_in_front_of_them(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(40), w=(4, 4, 1, 1))
    names = [name for i in range(40) for name in (f"/{'ab'[i // 20]}/Conv_{i}", f"/Relu_{i}")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {"a": 40, "b": 40}


def test_a_part_that_its_inner_part_repeats_is_left_out(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(9), w=(4, 4, 1, 1))
    names = [f"/layer1/layer1.{i}/conv1/{what}" for i in range(9) for what in ("Conv", "Relu")]
    assert [row.name for row in analyze(named(file, *names)).rows] == [f"layer1.{i}" for i in range(9)]


def test_layers_without_names_stand_with_the_convolution_in_front_of_them(tmp_path: Path):
    few = analyze(write(tmp_path / "few.onnx", chain(3), w=(4, 4, 1, 1)))
    assert [row.totals.layers for row in few.rows] == [2] * 3
    many = analyze(write(tmp_path / "many.onnx", chain(40), w=(4, 4, 1, 1)))
    assert [row.totals.layers for row in many.rows] == [2] * 40
    assert many.totals.params == 16  # one weight for all


BRANCHES = """g (float[1, 4, 8, 8] x) => (float[1, 4, 8, 8] y) {
  a = Conv (x, w) b = Sigmoid (a) c = Mul (a, b)
  d = Conv (c, w) e = Conv (c, w) f = Relu (e) s = Add (d, f)
  y = Conv <dilations = [2, 2]> (s, w)
}"""


def test_without_names_a_row_goes_from_one_place_where_one_value_passes_to_the_next(tmp_path: Path):
    found = analyze(write(tmp_path / "m.onnx", BRANCHES, w=(4, 4, 1, 1)))
    assert [list(row.layers) for row in found.graph.rows] == [[0, 1, 2], [3, 4, 5, 6], [7]]


def test_copies_of_a_block_are_one_row_with_and_without_names(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(9, alike=True), w=(4, 4, 1, 1))
    (row,) = analyze(file).graph.rows
    assert (row.label, row.repeat, list(row.layers)) == ("9 x convolution", 9, list(range(18)))
    names = [f"/layer{i}/{what}" for i in range(9) for what in ("Conv", "Relu")]
    found = analyze(named(file, *names))
    assert {row.name: row.repeat for row in found.graph.rows} == {"layer0 to layer8": 9}


RESIDUAL = """  {to}1 = Conv ({of}, w1)
  {to}2 = Relu ({to}1)
  {to}3 = Conv ({to}2, w2)
  {to}4 = Add ({of}, {to}3)
  {to} = Relu ({to}4)
"""


def residual(count: int, first: str = "  r0 = Conv (x, w0)\n", last: str = "") -> str:
    """So many blocks of two convolutions with a shortcut; in the order of nodes, the last ReLU could be the first."""
    blocks = "".join(RESIDUAL.format(of=f"r{i}", to=f"r{i + 1}") for i in range(count))
    return f"g (float[1, 4, 8, 8] x) => (float[1, 4, 8, 8] r{count}) {{\n{first}{blocks}{last}}}"


WEIGHTS = {"w0": (4, 4, 1, 1), "w1": (8, 4, 1, 1), "w2": (4, 8, 1, 1)}


@pytest.mark.parametrize("first", ["  r0 = Conv (x, w0)\n", "  r00 = Conv (x, w0)\n  r0 = Relu (r00)\n"])
def test_a_copy_starts_where_one_value_enters_that_is_read_most(tmp_path: Path, first: str):
    found = analyze(write(tmp_path / "m.onnx", residual(4, first), **WEIGHTS))
    start = first.count("\n")
    assert [(row.label, row.layers[0]) for row in found.graph.rows][-1] == ("4 x 5 layers", start)
    assert sum(len(row.layers) for row in found.graph.rows) == len(found.layers)


def test_what_all_copies_read_comes_from_outside(tmp_path: Path):
    lines = "".join(
        f"  q{i} = MatMul (r{i}, wq)\n  m{i} = Add (q{i}, mask)\n  r{i + 1} = MatMul (m{i}, wo)\n" for i in range(8)
    )
    text = f"g (float[1, 4] r0, float[1, 4] x) => (float[1, 4] r8) {{\n  mask = Tanh (x)\n{lines}}}"
    found = analyze(write(tmp_path / "m.onnx", text, wq=(4, 4), wo=(4, 4)))
    assert [(row.label, row.repeat) for row in found.graph.rows] == [("tanh", 1), ("8 x 3 layers", 8)]


def test_a_first_block_that_makes_what_the_others_read_is_a_row_of_its_own(tmp_path: Path):
    """As in T5: the first block makes the position bias, all blocks add it."""
    first = "  q0 = MatMul (r0, wq)\n  bias = MatMul (r0, wb)\n  m0 = Add (q0, bias)\n  r1 = MatMul (m0, wo)\n"
    lines = "".join(
        f"  q{i} = MatMul (r{i}, wq)\n  m{i} = Add (q{i}, bias)\n  r{i + 1} = MatMul (m{i}, wo)\n" for i in range(1, 8)
    )
    file = write(
        tmp_path / "m.onnx",
        f"g (float[1, 4] r0) => (float[1, 4] r8) {{\n{first}{lines}}}",
        wq=(4, 4),
        wo=(4, 4),
        wb=(4, 4),
    )
    assert [row.repeat for row in analyze(file).graph.rows][-1] == 7
    names = [f"/m/block.0/{what}" for what in ("q", "bias", "add", "o")]
    names += [f"/m/block.{i}/{what}" for i in range(1, 8) for what in ("q", "add", "o")]
    found = analyze(named(file, *names)).graph.rows
    assert [(row.name, row.label) for row in found] == [
        ("block.0", "4 layers"),
        ("block.1 to block.7", "7 x 3 layers"),
    ]


def test_parallel_copies_are_not_folded(tmp_path: Path):
    lines = "".join(f"  a{i} = Conv (x, w)\n  b{i} = Conv (a{i}, w)\n" for i in range(4))
    text = f"g (float[1, 4, 8, 8] x) => (float[1, 16, 8, 8] y) {{\n{lines}  y = Concat <axis = 1> (b0, b1, b2, b3)\n}}"
    found = analyze(write(tmp_path / "m.onnx", text, w=(4, 4, 1, 1)))
    assert {row.repeat for row in found.graph.rows} == {1}


def test_modules_by_the_names_of_weights_and_by_metadata(tmp_path: Path):
    import onnx

    text = chain(9).replace(", w)", ", layer)")
    file = write(tmp_path / "m.onnx", text)
    model = onnx.load(file)
    for place, node in enumerate(model.graph.node):
        node.name = f"node_{node.op_type}_{place}"
        if node.op_type == "Conv":
            node.input[1] = f"layers.{place // 2}.conv.weight"
            weight = onnx.helper.make_tensor(node.input[1], 1, (4, 4, 1, 1), bytes(64), raw=True)
            model.graph.initializer.append(weight)
    onnx.save(model, file)
    found = analyze(file)
    assert {row.name: row.totals.layers for row in found.rows} == {f"layers.{i}": 2 for i in range(9)}
    for place, node in enumerate(model.graph.node):
        entry = node.metadata_props.add()
        entry.key = "pkg.torch.onnx.name_scopes"
        entry.value = str(["", "blocks", f"blocks.{place // 6}", "conv2d"])
    onnx.save(model, file)
    assert {row.name: row.totals.layers for row in analyze(file).rows} == {f"blocks.{i}": 6 for i in range(3)}


def test_any_depth_folded_or_not(tmp_path: Path):
    found = analyze("resnet50")
    rows = {group.name: group.row.repeat for group in found.modules(2) if group.row is not None}
    assert {name: repeat for name, repeat in rows.items() if repeat > 1} == {
        "conv2_x/rest": 2,
        "conv3_x/rest": 3,
        "conv4_x/rest": 5,
        "conv5_x/rest": 2,
    }
    assert rows["conv1"] == 1
    assert not {name for name in rows if name.startswith("conv1/")}  # its batch norm is part of it
    whole = found.modules(3, fold=False)
    assert {f"conv4_x/rest/{number}" for number in range(1, 6)} < {group.name for group in whole}
    for groups in (found.modules(), found.modules(2), whole):
        assert sum(group.totals.multiply_adds for group in groups) == found.totals.multiply_adds
        assert sorted(index for group in groups for index in group.row.layers) == list(range(len(found.layers)))
    unfolded = analyze(write(tmp_path / "m.onnx", residual(4), **WEIGHTS)).modules(fold=False)
    assert [group.totals.layers for group in unfolded] == [1, 5, 5, 5, 5]


@pytest.mark.parametrize("name", ["/", "//", ";", ";conv", ".", " ", "a//b", "/a/", "\n"])
def test_names_of_nothing_but_marks_make_rows_like_others(name: str, tmp_path: Path):
    """Every layer is in one row, whatever a node calls itself."""
    file = write(tmp_path / "m.onnx", chain(20), w=(4, 4, 1, 1))
    for names in ([name] * 40, [name if i % 3 else f"/net/{i}/Conv" for i in range(40)]):
        found = analyze(named(file, *names))
        assert sorted(index for row in found.graph.rows for index in row.layers) == list(range(40))
