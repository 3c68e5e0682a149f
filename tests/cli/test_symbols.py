"""`formula`, `solve` and `explain` as users run them: shapes of JSON, formats, exit codes."""

from __future__ import annotations

import json

import pytest

from tests.cli.program import output, run
from tests.formula.restricted import evaluate


def test_formula_json_has_the_shape_of_the_issue():
    data = json.loads(output("formula", "googlenet", "--free", "width_multiplier", "-f", "json"))
    assert data["name"] == "GoogLeNet"
    assert data["free"] == ["width_multiplier"]
    assert data["assumptions"] == []
    assert set(data["totals"]["params"]) == {"python", "latex"}
    counted = json.loads(output("table", "googlenet", "--set", "width_multiplier=1/2", "-f", "json"))["tables"][0]
    from fractions import Fraction

    values = {"width_multiplier": Fraction(1, 2)}
    for entry, row in zip(data["rows"], counted["rows"], strict=True):
        assert entry["name"] == row["name"]
        for metric in ("params", "multiply_adds"):
            assert evaluate(entry[metric]["python"], values) == row[metric]
    assert evaluate(data["totals"]["multiply_adds"]["python"], values) == counted["totals"]["multiply_adds"]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("text", "multiply-adds       = 1,463,633,920*k**2 + 119,037,952*k"),
        ("latex", r"1{,}463{,}633{,}920 \, k^{2} + 119{,}037{,}952 \, k"),
        ("markdown", "| multiply-adds | `1,463,633,920*k**2 + 119,037,952*k` |"),
        ("python", "    return 1463633920*width_multiplier**2 + 119037952*width_multiplier"),
    ],
)
def test_formula_in_every_format(kind: str, wanted: str):
    assert wanted in output("formula", "googlenet", "--free", "width_multiplier", "-f", kind)


def test_printed_python_runs():
    written = output("formula", "googlenet", "--free", "size,batch", "--by", "row", "-f", "python")
    names: dict[str, object] = {}
    exec(written, names)  # noqa: S102 - written by the program under test, from a shipped spec
    counted = json.loads(output("table", "googlenet", "--set", "size=331", "--batch", "3", "-f", "json"))["tables"][0]
    assert names["multiply_adds"](size=331, batch=3) == counted["totals"]["multiply_adds"]
    assert names["n_3a_multiply_adds"](size=331, batch=3) == counted["rows"][4]["multiply_adds"]


def test_formula_of_two_tells_where_the_bottleneck_stops_paying():
    written = output("formula", "inception_module@naive", "inception_module", "--free", "reduction")
    assert "fewer up to reduction = 224, more from reduction = 225 on" in written


def test_cells_can_be_set_and_freed():
    written = output("table", "googlenet", "--set", "3a.3x3 reduce=64", "-f", "json")
    row = json.loads(written)["tables"][0]["rows"][4]
    assert row["cells"]["3x3 reduce"] == 64
    assert row["multiply_adds"] == 28 * 28 * (192 * (64 + 64 + 16 + 32) + 9 * 64 * 128 + 25 * 16 * 32)
    free = output("table", "googlenet", "--set", "3a.3x3 reduce=")
    assert "1,053,696*'3a.3x3 reduce'" in free
    assert "free: 3a.3x3 reduce" in free


def test_solve_json_has_the_shape_of_the_issue():
    data = json.loads(output("solve", "googlenet", "--max", "multiply_adds=1.5G", "--over", "size", "-f", "json"))
    assert data["over"] == "size"
    assert data["at"]["multiply_adds"] <= 1_500_000_000 < data["next"]["multiply_adds"]
    assert data["next"]["value"] == data["value"] + 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("solve", "googlenet", "--max", "params=5M", "--over", "size"), 1, "no size has params <= 5M"),
        (("solve", "googlenet", "--max", "params=8M", "--over", "size"), 1, "params do not depend on size"),
        (
            ("solve", "googlenet", "--max", "multiply_adds=1G", "--over", "size", "--set", "batch="),
            3,
            "no-exact-answer",
        ),
        (("solve", "googlenet", "--max", "multiply_adds=1X", "--over", "size"), 2, "bad-limit"),
        (("solve", "googlenet", "--over", "size"), 2, "no-limit"),
        (("solve", "googlenet", "--max", "params=1M", "--over", "sise"), 2, "did you mean 'size'?"),
        (("formula", "unet", "--free", "size"), 3, "undecided-join"),
        (("formula", "googlenet", "--free", "3a.3x3 redus"), 2, "did you mean '3a.3x3 reduce'?"),
        (("formula", "googlenet", "--by", "kind"), 2, "bad-usage"),
        (("explain", "googlenet", "3a/5x5 reduc"), 2, "did you mean '3a/5x5 reduce"),
        (("explain", "googlenet", "-f", "csv"), 2, "unknown-format"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, words: str):
    result = run(*arguments)
    assert result.returncode == code
    assert words in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_can_go_to_files(tmp_path):
    targets = [tmp_path / name for name in ("a.md", "a.tex", "a.py", "a.json")]
    output("formula", "googlenet", "--free", "batch", *[part for path in targets for part in ("-o", str(path))])
    assert targets[0].read_text().startswith("### ")
    assert targets[1].read_text().startswith("% GoogLeNet")
    assert "def multiply_adds(batch):" in targets[2].read_text()
    assert json.loads(targets[3].read_text())["free"] == ["batch"]
