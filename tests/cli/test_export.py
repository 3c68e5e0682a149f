"""`export`: drawings without any extra, ONNX with one, complaints that can be acted on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as Tree

import pytest

from tests.cli.program import ROOT, environment, output, run

HOSTILE = 'rows:\n  \'a"]; n0 -> n1 <b>\\n\': {convolution: 1x1, filters: 2}\n  "`#35;&": {relu: }\n'
SPEC = f"name: '\"x\" [y]'\ninput: 3x4x4\n{HOSTILE}"


def without_extra(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program where a package is not installed."""
    code = f"import sys\nsys.modules[{module!r}] = None\nfrom inception_calc.__main__ import main\nmain()\n"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_json_graph_has_every_layer_and_arrow():
    graph = json.loads(output("export", "inception_module@naive", "-f", "json"))["graph"]
    names = {place: node["label"] for place, node in graph["nodes"].items()}
    arrows = {(names[edge["source"]], names[edge["target"]]) for edge in graph["edges"]}
    assert arrows == {
        *(("input", f"module/{branch}") for branch in ("1x1", "3x3", "5x5", "pool")),
        *((f"module/{branch}", "module/concat") for branch in ("1x1", "3x3", "5x5", "pool")),
    }
    five = next(node["metadata"] for node in graph["nodes"].values() if node["label"] == "module/5x5")
    assert (five["output"], five["multiply_adds"]) == ([96, 28, 28], 5 * 5 * 256 * 96 * 28 * 28)


def test_rows_are_drawn_as_one_box_each():
    graph = json.loads(output("export", "googlenet", "-f", "json", "--by", "row"))["graph"]
    rows = json.loads(output("table", "googlenet", "-f", "json"))["tables"][0]["rows"]
    assert [node["label"] for node in graph["nodes"].values()] == ["input", *(row["name"] for row in rows)]
    assert len(graph["edges"]) == len(rows)  # GoogLeNet's rows are a chain


def test_a_head_hangs_on_its_row():
    graph = json.loads(output("export", "googlenet", "-f", "json", "--by", "row", "--training"))["graph"]
    names = {place: node["label"] for place, node in graph["nodes"].items()}
    arrows = {(names[edge["source"]], names[edge["target"]]) for edge in graph["edges"]}
    assert {("4a", "loss1"), ("4d", "loss2")} <= arrows


@pytest.mark.parametrize("drawing", ["dot", "mermaid"])
def test_a_free_size_can_be_read(drawing: str):
    drawn = output("export", "vgg_d", "--dynamic", "size", "-f", drawing)
    assert "size x size x 64" in drawn
    assert "sizexsize" not in drawn


def test_dot_says_which_network_it_is():
    assert 'label="the lecture\'s inception module @naive", labelloc=t' in output(
        "export", "inception_module@naive", "-f", "dot"
    )


def test_names_are_text_in_dot():
    dot = run("export", "-", "-f", "dot", stdin=SPEC).stdout
    assert r'"a\"]; n0 -> n1 <b>\\n\nconvolution' in dot
    assert dot.count("->") == 2 + 2  # two arrows, and the name that looks like one in its label and its frame


def test_names_are_text_in_mermaid():
    mermaid = run("export", "-", "-f", "mermaid", stdin=SPEC).stdout
    boxes = [line for line in mermaid.splitlines() if "[" in line]
    assert len(boxes) == 3
    for line in boxes:
        label = line.partition('["')[2].removesuffix('"]').replace("<br/>", "")
        assert not set(label) & set('"<>`&\\')
    assert "a#quot;]; n0 -#gt; n1 #lt;b#gt;#92;n" in mermaid


def test_mermaid_says_what_to_do_where_it_would_not_draw():
    result = run("export", "inception_resnet_v2", "-f", "mermaid")
    assert result.returncode == 2
    assert "--by row" in result.stderr
    assert output("export", "inception_resnet_v2", "-f", "mermaid", "--by", "row").startswith("flowchart")


def test_the_suffix_says_the_format(tmp_path):
    output("export", "lenet5", "-o", str(tmp_path / "n.gv"))
    output("export", "lenet5", "-o", str(tmp_path / "n.mmd"))
    assert (tmp_path / "n.gv").read_text().startswith("digraph")
    assert (tmp_path / "n.mmd").read_text().startswith("flowchart")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lenet5"], "-o model.onnx"),
        (["lenet5", "-o", "net.png"], "names no format"),
        (["lenet5", "-f", "onxx"], "did you mean 'onnx'"),
        (["lenet5", "-f", "dot", "--dynamic", "batsch"], "did you mean 'batch'"),
        (["lenet5", "-f", "dot", "--weights", "randm"], "did you mean 'random'"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str):
    result = run("export", *arguments)
    assert result.returncode == 2
    assert said in result.stderr


def test_without_onnx_the_extra_is_named_and_drawings_work():
    result = without_extra("onnx", "export", "lenet5", "-o", "never.onnx")
    assert result.returncode == 4
    assert "pip install 'inception-calc[onnx]'" in result.stderr
    assert not (ROOT / "never.onnx").exists()
    assert without_extra("onnx", "export", "lenet5", "-f", "dot").returncode == 0


def test_onnx_needs_a_file():
    pytest.importorskip("onnx")
    assert run("export", "lenet5", "-f", "onnx").returncode == 2


def test_the_same_input_makes_the_same_bytes(tmp_path):
    pytest.importorskip("onnx")
    files = [tmp_path / "a.onnx", tmp_path / "b.onnx"]
    for file in files:
        result = run("export", "googlenet", "--weights", "random", "--seed", "3", "-o", str(file))
        assert result.returncode == 0, result.stderr
        assert result.stdout == ""
        assert "opset 21" in result.stderr
    assert files[0].read_bytes() == files[1].read_bytes()


def test_graphviz_draws_it_where_it_is_installed(tmp_path):
    import shutil

    if shutil.which("dot") is None:
        pytest.skip("graphviz is not installed")
    (tmp_path / "n.dot").write_text(run("export", "-", "-f", "dot", stdin=SPEC).stdout)
    drawn = subprocess.run(
        ["dot", "-Tsvg", tmp_path / "n.dot"], capture_output=True, text=True, check=True, env=environment()
    )
    assert Tree.fromstring(drawn.stdout).tag.endswith("svg")


@pytest.mark.parametrize(("suffix", "boxes", "arrows"), [("dot", r"n\d+ \[label", " -> "), ("mmd", r"n\d+\[", " --> ")])
def test_a_written_drawing_is_said_with_what_it_holds(tmp_path, suffix, boxes, arrows):
    path = tmp_path / f"net.{suffix}"
    done = run("export", "inception_module", "--by", "layer", "-o", str(path))
    text = path.read_text("utf-8")
    said = done.stderr.strip().rsplit(", ", 1)[1]
    assert said == f"{len(re.findall(boxes, text))} nodes and {text.count(arrows)} edges"


@pytest.mark.parametrize("weights", ["constant", "random", "hollow"])
def test_a_written_model_is_said_with_all_of_its_nodes(tmp_path, weights):
    onnx = pytest.importorskip("onnx")
    path = tmp_path / "net.onnx"
    said = run("export", "inception_module", "--weights", weights, "-o", str(path)).stderr
    nodes = [node.op_type for node in onnx.load(str(path), load_external_data=False).graph.node]
    filling = nodes.count("ConstantOfShape")
    assert bool(filling) == (weights == "constant")
    parts = f" and {filling} that fill arrays (ConstantOfShape), {len(nodes)} in all" if filling else ""
    assert f": opset 21, {len(nodes) - filling} nodes{parts}, checked by onnx" in said
