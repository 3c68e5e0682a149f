"""`table model.onnx` as users run it, and what the other commands say to such a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

from tests.cli.program import ROOT, run  # noqa: E402
from tests.cli.test_startup import loaded  # noqa: E402
from tests.graph.onnx.models import write  # noqa: E402

CALIBRATION = ROOT / "benchmarks" / "calibrations" / "amd-epyc-1-thread.json"
INCEPTION = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light" / "light_inception_v1.onnx"
TWO = """g (float[2, 6] x, float[2, 4] z) => (float[2, 4] y) {
    sizes = Constant <value = int64[2] {2, 4}> ()
    a, b = Split <axis = 1> (x, sizes)
    c = com.acme.Foo (b, a)
    y = Mul (c, z)
}"""


def test_json_has_all_dimensions_and_what_is_not_known(tmp_path: Path):
    file = write(tmp_path / "two.onnx", TWO)
    (table,) = json.loads(run("table", file, "-f", "json").stdout)["tables"]
    assert table["input"] is None
    assert table["inputs"] == {"x": [2, 6], "z": [2, 4]}
    assert [layer["output"] for layer in table["layers"]][:2] == [[[2, 2], [2, 4]], None]
    assert table["assumptions"] == []
    assert table["incomplete"]["of"] == 4
    assert (table["incomplete"]["tensors"], table["incomplete"]["of_tensors"]) == (1, 5)  # c of sizes, a, b, c and y
    assert [gap["node"] for gap in table["incomplete"]["nodes"]] == ["node 2 (Foo)"]


def test_an_image_is_one_where_a_convolution_reads_it():
    (table,) = json.loads(run("table", str(INCEPTION), "-f", "json").stdout)["tables"]
    assert table["input"] == {"batch": 1, "channels": 3, "height": 224, "width": 224}
    assert table["inputs"] == {"data_0": [1, 3, 224, 224]}


@pytest.mark.parametrize("drawn", ["plain", "rich", "markdown", "csv", "tsv", "latex", "html", "json"])
@pytest.mark.parametrize("by", ["row", "layer", "kind"])
def test_every_format(drawn: str, by: str):
    result = run("table", str(INCEPTION), "-f", drawn, "--by", by, "--units", "exact")
    assert result.returncode == 0, result.stderr
    assert "6998552" in result.stdout.replace(",", "").replace(r"\,", "")


def test_blocks_are_folded_in_text_and_json_and_unfolded_on_demand():
    shuffle = str(INCEPTION.with_name("light_shufflenet.onnx"))
    shown = run("table", shuffle, "-f", "markdown").stdout
    assert [copies for copies in (3, 7) if f"{copies} x 12 layers" in shown] == [3, 7]
    (table,) = json.loads(run("table", shuffle, "-f", "json", "--by", "module", "--unfold").stdout)["tables"]
    assert [row["repeat"] for row in table["rows"] if "repeat" in row] == [3, 7, 3]  # the paper's stages, less one each
    assert not [group for group in table["view"]["groups"] if "repeat" in group]
    assert sum(row["params"] for row in table["rows"]) == table["totals"]["params"]
    assert run("table", shuffle, "--depth", "2").returncode == 2
    assert run("table", shuffle, "--by", "module", "--depth", "2").returncode == 2  # nothing says modules


def test_totals_are_called_at_least_where_something_is_not_known(tmp_path: Path):
    shown = run("table", write(tmp_path / "two.onnx", TWO)).stdout
    assert "\nat least " in shown
    assert "com.acme::Foo" in shown
    assert "not known 1 of 4 nodes (25.0%) and 1 of 5 tensors (20.0%)" in shown


@pytest.mark.parametrize("command", [("table",), ("explain",), ("compare", str(INCEPTION)), ("formula",)])
def test_a_file_with_numbers_loads_no_heavy_module(command: tuple[str, ...]):
    modules = loaded(command[0], str(INCEPTION), *command[1:], "-f", "json")
    assert not modules & {"onnx", "onnxruntime", "google", "numpy", "sympy", "rich", "pydantic", "yaml"}


def test_inputs_are_chosen_by_name(tmp_path: Path):
    file = write(tmp_path / "two.onnx", TWO)
    result = run("table", file, "--input", "z=1x4", "--input", "x=2x6", "-f", "json")
    assert json.loads(result.stdout)["tables"][0]["inputs"] == {"x": [2, 6], "z": [1, 4]}
    for wrong in (("--input", "2x4"), ("--input", "z=1x4", "--input", "z=1x4"), ("--input", "y=2x4")):
        assert run("table", file, *wrong).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "MODEL"),
        ("validate", "MODEL", "--training"),
        ("predict", "MODEL", "--calibration", "CALIBRATION", "--round", "8"),
        ("export", "MODEL", "-o", "again.onnx"),
        ("table", "MODEL", "--printed"),
        ("table", "MODEL", "--style", "paper"),
        ("table", "MODEL", "--crops", "10"),
        ("table", "MODEL", "--fully-convolutional"),
        ("table", "MODEL", "--training"),
        ("table", "MODEL", "--dtype", "int8"),
    ],
    ids=lambda arguments: "-".join(arguments[:1] + arguments[2:3]),
)
def test_questions_about_specs_say_so(arguments: tuple[str, ...], tmp_path: Path):
    names = {"MODEL": str(INCEPTION), "CALIBRATION": str(CALIBRATION)}
    result = run(*(names.get(word, word) for word in arguments), cwd=tmp_path)
    assert result.returncode == 2, result.stderr
    assert "needs-spec" in result.stderr
    assert not list(tmp_path.iterdir())


def test_compare_tells_the_pools_that_are_rounded_down():
    document = json.loads(run("compare", str(INCEPTION), "googlenet", "-f", "json").stdout)
    caffe, paper = (subject["totals"] for subject in document["subjects"])
    assert caffe["params"] == paper["params"] == 6_998_552
    assert document["subjects"][0]["incomplete"] is None
    convolutions = [change for change in document["changes"] if change["multiply_adds"]]
    assert {change["kind"] for change in convolutions} == {"moved along"}  # none is another convolution
    assert sum(change["multiply_adds"] for change in document["changes"]) == (
        paper["multiply_adds"] - caffe["multiply_adds"]
    )
    assert run("compare", str(INCEPTION), str(INCEPTION), "--exit-code").returncode == 0
    assert run("compare", str(INCEPTION), "googlenet", "--exit-code").returncode == 1


def test_strict_says_no_to_what_is_known_only_at_least(tmp_path: Path):
    file = write(tmp_path / "two.onnx", TWO)
    assert run("table", file).returncode == 0
    strict = run("table", file, str(INCEPTION), "--strict")
    assert (strict.returncode, "at least" in strict.stdout) == (1, True)
    assert "error[incomplete]" in strict.stderr
    assert run("table", str(INCEPTION), "--strict").returncode == 0
    assert [run("check", file, "--max", "multiply_adds=1", *more).returncode for more in ((), ("--strict",))] == [3, 1]


def test_formula_and_solve_take_free_sizes(tmp_path: Path):
    file = write(tmp_path / "net.onnx", "g (float[N, 4, M] x) => (float[N, 2, M] y) {\n y = MatMul (w, x)\n}", w=(2, 4))
    forms = json.loads(run("formula", file, "--free", "M", "--set", "N=3", "-f", "json").stdout)
    assert forms["totals"]["multiply_adds"]["python"] == "24*M"
    assert (
        json.loads(run("solve", file, "--over", "N", "--set", "M=5", "--max", "multiply_adds=1k", "-f", "json").stdout)[
            "value"
        ]
        == 25
    )  # 8 * 5 * 25 = 1,000
    assert run("solve", file, "--over", "channels", "--max", "params=1").returncode == 2


def test_what_is_known_only_at_least_has_no_ratio(tmp_path: Path):
    file = write(tmp_path / "two.onnx", TWO)
    result = run("compare", file, file, "-f", "json", "--max-ratio", "params=2")
    assert result.returncode == 3
    document = json.loads(result.stdout)
    assert document["ratios"]["multiply_adds"] == [None, None]
    assert document["subjects"][1]["incomplete"]["of"] == 4
    assert "at least" in run("compare", file, file).stdout


def test_there_are_no_stages_and_no_variants():
    assert run("table", str(INCEPTION), "--by", "stage").returncode == 2
    assert run("table", f"{INCEPTION}@naive").returncode == 2
    assert run("table", "missing.onnx").returncode == 2


def test_drawings_show_every_input(tmp_path: Path):
    drawn = run("export", write(tmp_path / "two.onnx", TWO), "-f", "dot").stdout
    assert "n0 -> n2" in drawn  # x enters the split
    assert "n1 -> n4" in drawn  # z enters the product


def test_validate_runs_the_file_itself(tmp_path: Path):
    file = write(tmp_path / "m.onnx", "g (float[N, 3] x, int64 k) => (float[N, 4] y) { y = MatMul (x, w) }", w=(3, 4))
    before = list(tmp_path.iterdir())
    document = json.loads(run("validate", file, "--exact", "--set", "N=5", "--value", "k=7", "-f", "json").stdout)
    proof = document["exact"]
    assert (proof["layers"], proof["nodes"], proof["multiplying"], proof["constants"]) == (1, 1, 1, 1)
    assert proof["mismatches"] == proof["not_compared"] == []
    assert [(one["name"], one["type"], one["shape"]) for one in proof["inputs"]] == [
        ("x", "float32", [5, 3]),
        ("k", "int64", []),
    ]
    assert proof["inputs"][1]["says"] == "k: int64 one number, all 7"
    assert list(tmp_path.iterdir()) == before


def test_validate_times_the_kernels_of_a_file(tmp_path: Path):
    file = write(
        tmp_path / "m.onnx", "g (float[N, 3] x) => (float[N, 4] y) { h = MatMul (x, w)  y = Relu (h) }", w=(3, 4)
    )
    options = ("--rounds", "5", "--seconds", "0", "--set", "N=2", "-f", "json")
    result = run("validate", file, *options, "--calibrate", str(tmp_path / "c.json"))
    assert result.returncode in (0, 1, 3), result.stderr  # a busy machine may say too noisy, or turn two small nets
    document = json.loads(result.stdout)
    assert sum(layer["multiply_adds"] for layer in document["layers"]) == 2 * 3 * 4
    assert sum(layer["params"] for layer in document["layers"]) == 12
    assert document["exact"]["mismatches"] == []
    assert len(document["rounds"]) == 5


def test_predict_takes_files():
    document = json.loads(run("predict", str(INCEPTION), "--calibration", str(CALIBRATION), "-f", "json").stdout)
    assert document["batch"] == 1
    assert sum(layer["multiply_adds"] for layer in document["layers"]) == 1_431_556_352
    assert document["unseen"] == []


def test_validate_answers_undecided_where_a_file_cannot_run(tmp_path: Path):
    free = run(
        "validate", write(tmp_path / "m.onnx", "g (float[N, M] x) => (float[N, M] y) { y = Relu (x) }"), "--exact"
    )
    assert (free.returncode, "--set M=... --set N=..." in free.stderr) == (3, True)
    assert run("validate", write(tmp_path / "two.onnx", TWO), "--exact").returncode == 3  # no kernel for com.acme::Foo
    on_gpu = run("validate", str(INCEPTION), "--exact", "--provider", "cuda")
    assert (on_gpu.returncode, "needs-spec" in on_gpu.stderr) == (2, True)


def test_custom_operators_are_told_to_every_command(tmp_path: Path):
    file = write(tmp_path / "two.onnx", TWO)
    ways = tmp_path / "ops.yaml"
    ways.write_text("com.acme::Foo: elementwise=3\n")
    (told,) = json.loads(run("table", file, "--op", "com.acme::Foo=elementwise=3", "-f", "json").stdout)["tables"]
    assert told["incomplete"] is None
    assert told["assumptions"] == ["com.acme::Foo is counted as told: elementwise=3"]
    assert told["totals"]["element_ops"] == 3 * 8 + 8
    for command in (("table", "--strict"), ("explain",), ("formula",), ("check", "--max", "element_ops=32")):
        result = run(command[0], file, *command[1:], "--ops", str(ways))
        assert (result.returncode, "elementwise=3" in result.stdout) == (0, True), result.stderr
    assert "at least" not in run("compare", file, file, "--ops", str(ways)).stdout
    ways.write_text("com.acme::Foo: elementwise\ncom.acme::Bar: fre\n")
    wrong = run("table", file, "--ops", str(ways))
    assert (wrong.returncode, "ops.yaml:2:16: error[bad-value]" in wrong.stderr) == (2, True)
    assert run("table", "googlenet", "--op", "com.acme::Foo=free").returncode == 2


ASSUMED = "g (float[A, 3] x, float[B, 3] y) => (float[M, 3] z) {\n z = Add (x, y)\n}"
TABLES = ("plain", "rich", "markdown", "csv", "tsv", "latex", "html", "json")


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        (("table",), TABLES),
        (("compare", "MODEL"), TABLES),
        (("check", "--max", "params=1"), (*TABLES,)),
        (("explain",), ("text", "markdown", "json")),
        (("formula",), ("text", "markdown", "latex", "python", "json")),
        (("solve", "--over", "A"), TABLES),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_is_assumed_stands_in_every_output(command: tuple[str, ...], formats: tuple[str, ...], tmp_path: Path):
    """One run writes all formats, each to a file of its own."""
    file = write(tmp_path / "net.onnx", ASSUMED)
    outputs = [word for name in formats for word in ("-o", f"{name}:{tmp_path / name}")]
    arguments = [file if word == "MODEL" else word for word in command[1:]]
    result = run(command[0], file, *arguments, "-f", formats[-1], *outputs)
    assert result.returncode in (0, 1), result.stderr
    missing = [name for name in formats if "broadcast" not in (tmp_path / name).read_text(encoding="utf-8")]
    assert not missing


@pytest.mark.parametrize("drawing", ["dot", "mermaid", "json"])
def test_what_is_assumed_and_not_known_stands_in_drawings(drawing: str, tmp_path: Path):
    both = ASSUMED.replace("z = Add (x, y)", "a = Add (x, y)\n z = com.acme.Foo (a)")
    drawn = run("export", write(tmp_path / "net.onnx", both), "-f", drawing).stdout
    assert "broadcast" in drawn
    assert "com.acme::Foo" in drawn


def test_a_model_and_a_spec_are_compared_each_at_sizes_of_its_own(tmp_path: Path):
    file = write(tmp_path / "net.onnx", "g (float[N, 4] x) => (float[N, 2] y) {\n y = MatMul (x, w)\n}", w=(4, 2))
    result = run("compare", "lenet5", file, "--set", "N=3", "--set", "size=36", "-f", "json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["subjects"][1]["totals"]["multiply_adds"] == 24
    assert run("compare", "lenet5", file, "--set", "M=3").returncode == 2
