"""`formula`, `solve` and `explain` as users run them: shapes of JSON, formats, exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from inception_calc.report.text import cell_width
from tests.cli.program import on_terminal, output, run
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


@pytest.mark.parametrize(
    ("arguments", "free", "assumed"),
    [
        (("googlenet",), ["batch", "size", "width_multiplier"], []),
        (("unet",), ["batch", "size", "width_multiplier"], ["size % 16 == 0"]),
        (("unet", "bn_inception"), ["batch", "size", "width_multiplier"], ["size % 32 == 0"]),
        (("lenet5",), ["batch", "size"], []),
        (("googlenet", "--input", "3x300x200"), ["batch", "width_multiplier"], []),
        (("googlenet", "--set", "width_multiplier=1/2"), ["batch", "size"], []),
        (("googlenet", "--set", "height=300"), ["batch", "width_multiplier"], []),
        (("googlenet", "--set", "classes="), ["classes"], []),
    ],
)
def test_what_is_free_where_nobody_says_it(arguments: tuple[str, ...], free: list[str], assumed: list[str]):
    data = json.loads(output("formula", *arguments, "-f", "json"))
    first = data["formulas"][0] if "formulas" in data else data
    assert (first["free"], first["assumptions"]) == (free, assumed)


def test_two_networks_in_one_page_of_python_are_told_apart():
    written = output("formula", "googlenet@naive", "googlenet", "--free", "batch", "--by", "row", "-f", "python")
    names: dict[str, object] = {}
    exec(written, names)  # noqa: S102 - written by the program under test, from shipped specs
    costs = [names[f"GoogLeNet{variant}_multiply_adds"](2) for variant in ("__naive", "")]
    assert costs[1] == 2 * 1_582_671_872
    assert names["difference_multiply_adds"](2) == costs[1] - costs[0]
    assert names["difference_3a_multiply_adds"](1) < 0


def test_latex_has_the_difference_too():
    written = output("formula", "inception_module@naive", "inception_module", "--free", "reduction", "-f", "latex")
    assert r"\text{multiply-adds, total} &= 3{,}637{,}760 \, \text{reduction} - 815{,}661{,}056 \\" in written
    assert written.count(r"\begin{align*}") == written.count(r"\end{align*}") == 3


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs TeX")
@pytest.mark.parametrize("arguments", [("inception_v3", "--by", "layer"), ("spp_zf5", "zfnet", "--free", "size")])
def test_latex_can_be_set(arguments: tuple[str, ...], tmp_path: Path):
    body = output("formula", *arguments, "-f", "latex")
    page = f"\\documentclass{{article}}\\usepackage{{amsmath}}\\begin{{document}}\n{body}\\end{{document}}\n"
    (tmp_path / "page.tex").write_text(page)
    subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "page.tex"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        check=True,
    )


NAMED_LIKE_LETTERS = """
name: letters
input: 3x8x8
symbols: {k: 4, N: 3, m: 2, h1: 5, S: 3, lambda: 2, None: 2}
rows:
  c: {convolution: 3x3/2, filters: k * N * m, padding: same}
  d: {convolution: 3x3/2, filters: h1 + S + lambda + None, padding: same}
"""


def test_a_letter_stands_for_one_thing_only(tmp_path: Path):
    (tmp_path / "letters.yaml").write_text(NAMED_LIKE_LETTERS)
    free = ["size", "width_multiplier", "batch", "k", "N", "m", "h1", "S", "lambda", "None"]
    asked = (str(tmp_path / "letters.yaml"), "--free", ",".join(free), "--by", "total")
    text = output("formula", *asked, "--assume", "size % 4 == 1")
    assert "params              = 9*N*None*k*m*width_multiplier**2" in text
    assert "size = 4*n - 3" in text
    assert "h2 = ceil_div(size, 2)" in output("formula", *asked)
    latex = output("formula", *asked, "-f", "latex")
    assert r"\text{batch}" in latex
    assert r"\text{size}" in latex
    data = json.loads(output("formula", *asked, "-f", "json"))
    values = dict.fromkeys(data["free"], 7)
    assert evaluate(data["totals"]["params"]["python"], values) > 0


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "googlenet", "3a/5x5"),
        ("explain", "googlenet", "3a", "--symbolic"),
        ("explain", "unet"),
        ("formula", "inception_v3", "--free", "size,batch"),
        ("formula", "inception_module@naive", "inception_module", "--free", "reduction"),
        ("solve", "googlenet", "--max", "multiply_adds=1.5G", "--over", "size"),
    ],
)
def test_no_line_is_wider_than_the_terminal(arguments: tuple[str, ...], columns: int):
    written = on_terminal(*arguments, columns=columns, NO_COLOR="1")
    assert max(map(cell_width, written.splitlines())) <= columns


def test_plain_shows_all_on_a_terminal_too():
    arguments = ("formula", "inception_v3", "--free", "size,batch", "-f", "plain")
    assert on_terminal(*arguments, columns=60) == output(*arguments)
    assert "elasticity of params" not in on_terminal(*arguments[:-2], columns=60, NO_COLOR="1").partition("left out")[0]


def test_formula_says_where_it_holds():
    """At 46 the closed form gives a number, and no GoogLeNet can be built."""
    words = ("formula", "googlenet", "--free", "size")
    assert "\nholds for size >= 47 (pool4 needs it)\n" in output(*words)
    assert "def can_be_built(size):\n    return 47 <= size\n" in output(*words, "-f", "python")
    assert r"S &\ge 47" in output(*words, "-f", "latex")
    assert "- `holds for size >= 47 (pool4 needs it)`" in output(*words, "-f", "markdown")
    data = json.loads(output(*words, "-f", "json"))
    assert data["domain"] == {"size": {"runs": [{"from": 47, "to": None}], "step": 1, "layer": "pool4"}}
    assert (data["conditions"], data["can_be_built"]) == ([], "47 <= size")
    assert "holds for size >= 64 (pool4 needs it)\n" in output(*words, "--assume", "size % 32 == 0")


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
    assert (data["asked"], data["smallest"]) == ("largest", None)


def test_solve_json_from_below_and_of_two_symbols():
    limits = ("--min", "multiply_adds=1G", "--max", "multiply_adds=3G")
    data = json.loads(output("solve", "googlenet", *limits, "--over", "size", "-f", "json"))
    assert (data["asked"], data["value"], data["smallest"]["value"]) == ("both", 314, 183)
    assert data["previous"]["multiply_adds"] < 10**9 <= data["smallest"]["multiply_adds"]
    data = json.loads(output("solve", "googlenet", *limits[:2], "--over", "size", "-f", "json"))
    assert (data["value"], data["at"]["multiply_adds"]) == (183, data["smallest"]["multiply_adds"])
    words = ("--max", "params=1M", "--max", "multiply_adds=10G", "--over", "size,width_multiplier")
    data = json.loads(output("solve", "googlenet", *words, "-f", "json"))
    assert data["over"] == ["size", "width_multiplier"]
    assert [pair["values"]["width_multiplier"] for pair in data["front"]] == ["1/8", "1/4"]


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
        (("solve", "googlenet", "--over", "size"), 0, "the smallest size that can be built is 47"),
        (("solve", "googlenet", "--min", "multiply_adds=3G", "--over", "size"), 0, "the smallest size with"),
        (("solve", "googlenet", "--min", "params=9M", "--over", "size"), 1, "no size has params >= 9M"),
        (("solve", "googlenet", "--over", "size,batch"), 2, "under limits from above"),
        (("solve", "googlenet", "--over", "size,batch,classes"), 2, "bad-usage"),
        (("solve", "googlenet", "--over", "size,"), 2, "bad-usage"),
        (("solve", "googlenet", "--over", "size,batch", "--set", "batch=4", "--max", "params=1G"), 2, "bad-usage"),
        (("solve", "lenet5", "--over", "size,batch", "--max", "multiply_adds=1k"), 1, "no size and batch have"),
        (("solve", "googlenet", "--max", "params=1M", "--over", "sise"), 2, "did you mean 'size'?"),
        (("formula", "unet", "--free", "size"), 3, "undecided-join"),
        (("formula", "googlenet", "--free", "size", "--set", "size=300"), 2, "bad-usage"),
        (("solve", "googlenet", "--over", "batch", "--batch", "4", "--max", "params=7M"), 2, "bad-usage"),
        (
            ("formula", "googlenet", "--free", "size", *(["--assume", "size % 32 == 0"] * 2)),
            2,
            "'size' has two assumptions",
        ),
        (("formula", "googlenet", "--free", "x" * 100_000), 2, "unknown-symbol"),
        (("formula", "googlenet", "--free", ",".join(f"s{n}" for n in range(15_000))), 2, "unknown-symbol"),
        (("formula", "googlenet", "--free", "__import__('os')"), 2, "unknown-symbol"),
        (("solve", "unet", "--max", "params=1M", "--over", "size"), 1, "31,030,658 params"),
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
