"""A name in a spec is no command to the CI system that reads the log, in whatever is printed to either stream.

Judged by the rules of the readers: GitHub's runner (actions/runner, ActionCommand.cs) takes a line for a command that
begins with `::` after white space, or that has `##[` in it; Azure Pipelines' agent one that has `##vso[` in it.
"""

import json

import pytest

from inception_calc.report.output import ALL_FORMATS
from inception_calc.report.text import json_for_logs, visible
from tests.cli.program import called

SPEC = """\
name: "::error::name ##vso[task.setvariable]y"
input: 3x16x16
symbols: {classes: 10}
blocks:
  "::warning::block":
    label: "::notice::{name}"
    columns: [a]
    concat:
      "::stop-commands::a": {convolution: 1x1, filters: a}
      "##[add-matcher]b": {convolution: 1x1, filters: 3}
rows:
  "::add-mask::conv1": {convolution: 3x3, filters: 8, padding: same}
  "##[error]conv2": {convolution: 3x3, filters: 16, padding: same}
  " ::error file=x::3a": {"::warning::block": [3]}
  linear: {linear: classes}
"""
WRONG = SPEC.replace("filters: 8", "filtres: 8").replace("filters: 16", "filters: '##[group]x'")
EXPLAIN, FORMULA, DRAWINGS = (
    ("text", "markdown", "json"),
    ("text", "latex", "python", "json"),
    ("dot", "mermaid", "json"),
)
CALLS = [
    *(["table", "net.yaml", "--by", by, "-f", name] for by in ("row", "layer", "kind") for name in ALL_FORMATS),
    *(["compare", "net.yaml", "other.yaml", "-f", name] for name in ALL_FORMATS),
    *(["check", "net.yaml", "--max", "params=1", "-f", name] for name in (*ALL_FORMATS, "junit", "sarif")),
    *(["explain", "net.yaml", *more, "-f", name] for more in ([], [" ::error file=x::3a"]) for name in EXPLAIN),
    *(["formula", "net.yaml", "--free", "size", "-f", name] for name in FORMULA),
    *(["export", "net.yaml", "-f", name] for name in DRAWINGS),
    ["solve", "net.yaml", "--max", "multiply_adds=1M", "--over", "size"],
    ["table", "wrong.yaml"],
    ["table", "::error::there is none.yaml"],
    ["explain", "net.yaml", "nothing"],
]


def is_command(line: str) -> bool:
    begins = line.lstrip().startswith("::")
    return begins or "##[" in line or "##vso[" in line


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("commands")
    (made / "net.yaml").write_text(SPEC)
    (made / "other.yaml").write_text(SPEC.replace("filters: 8", "filters: 9"))
    (made / "wrong.yaml").write_text(WRONG)
    return made


def test_the_specs_are_an_attack():
    assert sum(map(is_command, SPEC.replace('"', "").splitlines())) > 4


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_no_line_is_a_command(folder, call):
    files = {path.name: str(path) for path in folder.iterdir()}
    done = called(*(files.get(word, word) for word in call))
    assert done.returncode in (0, 1, 2)
    assert done.stdout or done.stderr
    assert [line for line in (done.stdout + done.stderr).splitlines() if is_command(line)] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        (" ::error::x", r" \x3a:error::x"),
        ("\u00a0::x", "\u00a0\\x3a:x"),
        ("aten::relu", "aten::relu"),
        ("##[error]x", r"\x23#[error]x"),
        ("###[error]x", r"#\x23#[error]x"),
        ("a ##vso[x]", r"a \x23#vso[x]"),
        ("## 3x3", "## 3x3"),
    ],
)
def test_only_what_would_be_obeyed_is_written_out(name, shown):
    assert visible(name) == shown
    assert not is_command(visible(name))


def test_json_keeps_the_name_and_is_no_command():
    name = "###[error]x ##vso[y] ::error::z"
    text = json_for_logs(json.dumps({"name": name}))
    assert json.loads(text) == {"name": name}
    assert not is_command(text)
