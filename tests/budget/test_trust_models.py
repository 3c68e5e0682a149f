"""Budgets of ONNX files: the limits of the spec that they were exported from, baselines from git, what is not known."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from inception_calc.problems import InputError, Stop
from tests.budget.scratch import Scratch, multiply_adds, net, params
from tests.budget.test_outputs import drawn
from tests.graph.onnx.models import write

UNKNOWN = """g (float[1, 3, 8, 8] x) => (float[1, 4, 8, 8] z) {
    y = Conv <kernel_shape = [1, 1]> (x, w)
    z = com.acme.Foo (y, f)
}"""
"""12 weights, 12 * 64 multiply-adds, and 5 numbers that only the unknown node uses."""


def model(scratch: Scratch, filters: int, name: str = "models/net.onnx") -> Path:
    """The network of `scratch.net` as an ONNX file."""
    spec = scratch.write(f"net{filters}.yaml", net(filters))
    target = scratch.path / name
    target.parent.mkdir(exist_ok=True)
    write_model(plan(analyze(str(spec))), target, "constant", 0)
    spec.unlink()
    return target


@pytest.fixture
def models(scratch: Scratch) -> Scratch:
    """`models/net.onnx` with 16 filters on main, and a branch."""
    model(scratch, 16)
    scratch.git("checkout", "-q", "main")
    scratch.commit("model")
    scratch.git("checkout", "-q", "-b", "later")
    scratch.commit("begun")
    return scratch


BUDGET = """
    budgets:
      - {id: size, match: 'models/*.onnx', max: {params: %d, multiply_adds: %d}, change: {params: +0}}
"""


def only(report, metric: str, section: str = "max"):
    (found,) = [one for one in report.judgements if (one.metric, one.section) == (metric, section)]
    return found


@pytest.mark.parametrize("below", [0, 1])
def test_limits_are_those_of_the_spec_to_the_unit(models: Scratch, below: int):
    models.budgets(BUDGET % (params(16) - below, multiply_adds(16) - below))
    report = models.check()
    assert report.exit_code == below
    for metric, value in (("params", params(16)), ("multiply_adds", multiply_adds(16))):
        found = only(report, metric)
        assert (found.verdict, found.value, found.margin) == ("fail" if below else "pass", value, -below)
    assert only(report, "params", "change").status == "within"


def test_the_baseline_is_the_blob_at_the_merge_base(models: Scratch):
    model(models, 18)
    models.budgets(BUDGET % (params(20), multiply_adds(20)))
    models.commit()
    found = only(models.check(), "params", "change")
    assert (found.verdict, found.base, found.value) == ("fail", params(16), params(18))
    assert found.location is not None
    assert (found.location.file, found.location.line) == ("models/net.onnx", 0)
    assert found.location.node == "conv2"  # which was edited; the linear layer only sees more
    assert [(where.layer, where.amount) for where in found.where] == [("linear", 2 * 2_560), ("conv2", 2 * 73)]


def test_a_model_that_moves_with_a_change_keeps_its_past(models: Scratch):
    (models.path / "nets").mkdir()
    shutil.move(models.path / "models/net.onnx", models.path / "nets/net.onnx")
    models.budgets((BUDGET % (params(20), multiply_adds(20))).replace("models/*", "nets/*"))
    models.commit()
    assert only(models.check(), "params", "change").status == "within"
    model(models, 17, "nets/net.onnx")
    assert only(models.check(), "params", "change").status == "risen"


def pointer(path: Path) -> str:
    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha}\nsize {len(data)}\n"


@pytest.fixture
def large(models: Scratch) -> Scratch:
    """main holds a pointer to the model of 16 filters; the working tree has the model itself."""
    file = models.path / "models/net.onnx"
    data = file.read_bytes()
    models.git("checkout", "-q", "main")
    file.write_text(pointer(file))
    models.commit("pointer")
    models.git("checkout", "-q", "-b", "large")
    models.budgets(BUDGET % (params(20), multiply_adds(20)))
    models.commit()
    file.write_bytes(data)
    return models


def test_a_pointer_to_the_same_content_is_no_change(large: Scratch):
    assert only(large.check(), "params", "change").status == "within"


def test_a_pointer_at_the_base_is_told_with_the_command_that_brings_the_model(large: Scratch):
    kept = (large.path / "models/net.onnx").read_bytes()
    model(large, 17)
    found = only(large.check(), "params", "change")
    assert found.problem is not None
    assert found.problem.code == "unreadable-base"
    assert "Git LFS" in found.problem.what
    sha = hashlib.sha256(kept).hexdigest()
    store = large.path / ".git/lfs/objects" / sha[:2] / sha[2:4]
    store.mkdir(parents=True)
    (store / sha).write_bytes(kept)  # as `git lfs fetch` does
    found = only(large.check(), "params", "change")
    assert (found.verdict, found.base) == ("fail", params(16))
    (store / sha).write_bytes(kept[:-1])
    found = only(large.check(), "params", "change")
    assert found.problem is not None
    assert "damaged" in found.problem.what


def test_models_of_a_revision(large: Scratch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(large.path)
    assert analyze("feature:net.yaml").totals.params == params(16)
    assert analyze("main~1:models/net.onnx").totals.params == params(16)
    with pytest.raises(InputError) as pointed:
        analyze("main:models/net.onnx")
    assert (pointed.value.exit_code, pointed.value.problems[0].code) == (2, "lfs-pointer")
    assert pointed.value.problems[0].fix.startswith("git lfs fetch origin ")
    with pytest.raises(Stop) as missing:
        analyze("main:models/nat.onnx")
    assert (missing.value.exit_code, missing.value.problems[0].fix) == (3, "did you mean 'models/net.onnx'?")


def test_selectors_hold_rows_and_layers(models: Scratch):
    models.budgets("""
        budgets:
          - {id: layers, match: models/net.onnx, layers: {op: convolution, count: 2}, max: {multiply_adds: 100k}}
          - {id: rows, match: models/net.onnx, rows: {name: conv2}, max: {share: 50%}}
    """)
    report = models.check()
    costs = {one.name: one.value for one in report.judgements if one.metric == "multiply_adds"}
    assert sorted(costs.values()) == [55_296, 18_432 * 16]
    (row,) = [one for one in report.judgements if one.metric == "share"]
    assert (row.verdict, row.value) == ("fail", pytest.approx(18_432 * 16 / multiply_adds(16)))
    layer = next(one for one in report.judgements if one.name and one.verdict == "fail" and one.part == "layer")
    assert layer.location is not None
    assert layer.location.node == layer.name


@pytest.fixture
def unknown(scratch: Scratch) -> Scratch:
    write(scratch.path / "net.onnx", UNKNOWN, w=(4, 3, 1, 1), f=(5,))
    return scratch


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        ("{multiply_adds: 767}", "fail"),  # over already with what is known
        ("{multiply_adds: 768}", "undecided"),  # the unknown node may cost more
        ("{params: 17}", "pass"),  # it holds no more than the 5 numbers that nothing else uses
        ("{params: 16}", "undecided"),
        ("{params: 11}", "fail"),
        ("{layers: 3}", "pass"),
    ],
)
def test_what_is_not_known_decides_only_where_it_could_break_the_budget(unknown: Scratch, limits: str, verdict: str):
    unknown.budgets(f"budgets:\n  - {{id: a, match: net.onnx, max: {limits}}}\n")
    report = unknown.check()
    assert report.verdict == verdict
    assert report.exit_code == {"pass": 0, "fail": 1, "undecided": 3}[verdict]
    (found,) = report.judgements
    assert found.at_least == (verdict != "undecided" and "layers" not in limits)
    assert any("com.acme::Foo" in note for note in report.notes)
    if verdict == "undecided":
        assert found.problem is not None
        assert found.problem.code == "incomplete"


def test_a_part_without_unknown_nodes_is_judged(scratch: Scratch):
    two = UNKNOWN.replace("    z =", "    q = Conv <kernel_shape = [1, 1]> (x, w)\n    z =").replace(
        "(y, f)", "(y, q, f)"
    )
    write(scratch.path / "net.onnx", two, w=(4, 3, 1, 1), f=(5,))
    scratch.budgets("""
        budgets:
          - {id: known, match: net.onnx, layers: {op: convolution}, max: {multiply_adds: 768}}
          - {id: share, match: net.onnx, layers: {name: Conv_0}, max: {share: 50%}}
          - {id: small, match: net.onnx, layers: {name: Conv_0}, max: {share: 49%}}
          - {id: unknown, match: net.onnx, layers: {op: 'com.acme::Foo'}, max: {multiply_adds: 1}}
    """)
    verdicts = {one.id: one.verdict for one in scratch.check().judgements}
    assert verdicts == {"known": "pass", "share": "pass", "small": "undecided", "unknown": "undecided"}


def test_a_rise_of_what_is_known_only_in_part_is_undecided(unknown: Scratch):
    unknown.git("checkout", "-q", "main")
    unknown.commit()
    unknown.git("checkout", "-q", "-b", "wider")
    unknown.budgets("budgets:\n  - {id: a, match: net.onnx, change: {multiply_adds: +10%}}\n")
    unknown.commit()
    assert unknown.check().verdict == "pass"  # the same file costs the same
    write(unknown.path / "net.onnx", UNKNOWN.replace("4, 8", "8, 8"), w=(8, 3, 1, 1), f=(5,))
    assert unknown.check().verdict == "undecided"


def test_a_base_that_is_not_known_decides_nothing_for_what_is(unknown: Scratch):
    unknown.git("checkout", "-q", "main")
    unknown.commit()
    unknown.git("checkout", "-q", "-b", "known")
    write(unknown.path / "net.onnx", UNKNOWN.replace("com.acme.Foo (y, f)", "Relu (y)"), w=(4, 3, 1, 1))
    unknown.budgets("budgets:\n  - {id: a, match: net.onnx, change: {multiply_adds: +0}}\n")
    unknown.commit()
    (found,) = unknown.check().judgements
    assert (found.verdict, found.problem and found.problem.code) == ("undecided", "incomplete")


def test_a_rise_of_a_part_that_is_known_is_judged(unknown: Scratch):
    unknown.git("checkout", "-q", "main")
    unknown.commit()
    unknown.git("checkout", "-q", "-b", "wider")
    write(unknown.path / "net.onnx", UNKNOWN.replace("4, 8", "8, 8"), w=(8, 3, 1, 1), f=(5,))
    unknown.budgets("""
        budgets:
          - {id: known, match: net.onnx, layers: {op: convolution}, change: {multiply_adds: +10%}}
          - {id: unknown, match: net.onnx, layers: {op: 'com.acme::Foo'}, change: {multiply_adds: +10%}}
    """)
    unknown.commit()
    verdicts = {one.id: (one.verdict, one.base, one.value) for one in unknown.check().judgements}
    assert verdicts == {"known": ("fail", 768, 1536), "unknown": ("undecided", None, 0)}


def test_every_format_names_file_and_node_and_no_line(models: Scratch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(models.path)
    models.budgets(BUDGET % (params(16), 1))
    report = models.check()
    node = only(report, "multiply_adds").where[0].layer
    texts = {name: drawn(report, name) for name in ("plain", "markdown", "github", "junit", "html")}
    assert f"models/net.onnx: node '{node}': error[over-budget]" in texts["plain"]
    assert "::error file=models/net.onnx,title=size::" in texts["github"]
    assert all(node in text for text in texts.values())
    (result,) = json.loads(drawn(report, "sarif"))["runs"][0]["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "models/net.onnx", "uriBaseId": "%SRCROOT%"}},
            "logicalLocations": [{"name": node, "kind": "object"}],
        }
    ]
    entry = next(one for one in json.loads(drawn(report, "json"))["budgets"] if one["metric"] == "multiply_adds")
    assert (entry["file"], entry["line"], entry["column"], entry["node"]) == ("models/net.onnx", None, None, node)


FREE = """g (float[N, 3] x, float[N, M] m, int64[1] k) => (float[N, M] z) {
    y = MatMul (x, w)
    z = Add (y, m)
}"""


@pytest.mark.parametrize(
    ("chosen", "value"),
    [
        ("set: {N: 5, M: 4}", 60),
        ("input: {x: 7x3, m: 7x4}", 84),
        ("set: {N: 5, M: 4, k: 3}", 60),
        ("set: {M: 4}", None),
    ],
)
def test_sizes_are_chosen_in_the_budget(scratch: Scratch, chosen: str, value: int | None):
    write(scratch.path / "net.onnx", FREE, w=(3, 4))
    scratch.budgets(f"budgets:\n  - {{id: a, match: net.onnx, {chosen}, max: {{multiply_adds: 1k}}}}\n")
    report = scratch.check()
    if value is None:
        assert report.exit_code == 3
    else:
        assert (report.exit_code, report.judgements[0].value) == (0, value)


def test_every_size_of_a_range_is_tried(scratch: Scratch):
    write(
        scratch.path / "net.onnx",
        "g (float[1, 3, H, 8] x) => (float[1, 4, H, 8] y) {\n y = Conv (x, w)\n}",
        w=(4, 3, 1, 1),
    )
    limit = 4 * 3 * 8 * 12
    scratch.budgets(f"""
        budgets:
          - {{id: fits, match: net.onnx, input: '1x3x{{6..12}}x8', max: {{multiply_adds: {limit}}}}}
          - {{id: over, match: net.onnx, input: '1x3x{{6..13}}x8', max: {{multiply_adds: {limit}}}}}
    """)
    found = {one.id: (one.verdict, one.value) for one in scratch.check().judgements}
    assert found == {"fits": ("pass", limit), "over": ("fail", 4 * 3 * 8 * 13)}


def test_flags_take_globs_and_sizes(models: Scratch):
    model(models, 18, "models/wide.onnx")
    done = models.run("check", "models/*.onnx", "--max", f"params={params(17)}", "-f", "json")
    assert done.returncode == 1
    values = {one["spec"]: one["value"] for one in json.loads(done.stdout)["budgets"]}
    assert values == {"models/net.onnx": params(16), "models/wide.onnx": params(18)}
    none = models.run("check", "models/*.onxx.onnx", "--max", "params=1")
    assert (none.returncode, "matches no file" in none.stderr) == (2, True)


def test_custom_operators_are_told_in_the_budget(unknown: Scratch):
    unknown.budgets("""
        budgets:
          - id: a
            match: net.onnx
            operators: {com.acme::Foo: elementwise}
            max: {multiply_adds: 768, element_ops: 256}
    """)
    report = unknown.check()
    assert report.exit_code == 0
    assert [one.value for one in report.judgements] == [768, 256]
    assert report.notes == ("net.onnx: assumed: com.acme::Foo is counted as told: elementwise",)
    unknown.budgets("budgets:\n  - {id: a, match: net.onnx, operators: {com.acme::Foo: fre}, max: {params: 1}}\n")
    with pytest.raises(InputError) as error:
        unknown.check()
    (problem,) = error.value.problems
    assert (problem.fix, problem.location and problem.location.line) == ("did you mean 'free'?", 3)


def test_init_writes_budgets_of_models_that_hold(models: Scratch):
    (models.path / "net.yaml").unlink()
    write(models.path / "two.onnx", FREE.replace("N, ", "1, ").replace("M]", "4]"), w=(3, 4))
    made = models.run("init", "--ci", "none")
    assert made.returncode == 0, made.stderr
    text = (models.path / "inception-calc.yaml").read_text(encoding="utf-8")
    assert "input: {x: 1x3, m: 1x4, k: 1}" in text
    assert f"# now {multiply_adds(16):,}" in text
    assert models.check().exit_code == 0
