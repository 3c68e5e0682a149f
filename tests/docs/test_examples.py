"""README.md and docs/ show what the program prints.

Every block that begins with `$ inception-calc ...` is run and must hold the whole output. The folder has the files that
the pages show (`# NAME.yaml` in their first line). A line `...` stands for lines left out, ` ...` at the end of a line
for its rest. Comments behind a call and lines that end in a backslash are the shell's. A block may hold several calls;
a call without output is only run.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.program import ROOT, run

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^```(?:text|console)?\n(\$ .*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^```(?:yaml|protobuf)?\n(# (\S+\.(?:yaml|prototxt))\n.*?)^```$", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"^\$ ", re.MULTILINE)

ONNX = importlib.util.find_spec("onnx")
LIGHT = Path(ONNX.origin).parent / "backend" / "test" / "data" / "light" if ONNX and ONNX.origin else None
"""Files of the onnx package that pages show."""
NOT_REPEATABLE = {
    "check.md": "a session in a repository with branches: test_check_page.py",
    "problems.md": "a file that only the page shows: tests/problems",
}
RUNTIME = ("export", "validate")
"""Commands that need the extra `run`."""
TIMES = "validate"
"""Nobody measures the same milliseconds twice; the proof of `validate --exact` has none."""


class Example(NamedTuple):
    page: str
    variables: dict[str, str]
    arguments: tuple[str, ...]
    shown: str


def examples(page: Path) -> list[Example]:
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for session in CALL.split(block)[1:]:
            joined = session.replace("\\\n", " ")
            call, _, shown = joined.partition("\n")
            before, program, after = call.partition("inception-calc ")
            settings = shlex.split(before)
            if not program or not all("=" in setting for setting in settings):
                continue
            variables = dict(setting.split("=", 1) for setting in settings)
            words = shlex.split(after, comments=True)
            found.append(Example(page.name, variables, tuple(words), shown))
    return found


def repeatable(example: Example) -> bool:
    timed = example.arguments[0] == TIMES and "--exact" not in example.arguments
    revision = any(":" in word and "=" not in word and not word.startswith("-") for word in example.arguments[1:])
    return example.page not in NOT_REPEATABLE and not timed and not revision


ALL = [example for page in PAGES for example in examples(page)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder like the checkout's root, in which examples may write."""
    made = tmp_path_factory.mktemp("examples")
    for page in PAGES:
        for text, name in FILE.findall(page.read_text(encoding="utf-8")):
            (made / name).write_text(text, encoding="utf-8")
    for name in ("specs", "benchmarks"):
        shutil.copytree(ROOT / name, made / name)
    for model in LIGHT.glob("light_inception_v*.onnx") if LIGHT else ():
        shutil.copy(model, made)
    return made


@pytest.mark.parametrize(
    "example",
    [example for example in ALL if repeatable(example)],
    ids=lambda example: f"{example.page}: {' '.join(example.arguments)}",
)
def test_the_page_shows_what_the_program_prints(example: Example, folder: Path):
    if example.arguments[0] in RUNTIME:
        pytest.importorskip("onnxruntime")
    if example.arguments[0] == "report":
        pytest.importorskip("vl_convert")
    ended = run(*example.arguments, cwd=folder, **example.variables)
    assert "Traceback" not in ended.stderr
    if example.shown.strip():
        assert re.fullmatch(pattern(example.shown), (ended.stdout + ended.stderr).rstrip("\n")), example.shown
    else:
        assert ended.returncode == 0, ended.stderr


def pattern(shown: str) -> str:
    """The regular expression of an output with parts left out."""
    lines = []
    for line in shown.rstrip("\n").split("\n"):
        whole = line.removesuffix(" ...")
        lines.append(r"(?:.*\n)*?.*" if line == "..." else re.escape(whole) + (".*" if whole != line else ""))
    return "\n".join(lines)


@pytest.mark.parametrize("printed", ["a\nb\nd", "a\nb\nc\ne", "a\nb x\nc\nd", "a\nc\nd"])
def test_another_output_is_found_out(printed: str):
    assert re.fullmatch(pattern("a\nb\n...\nd\n"), "a\nb\nx\ny\nd")
    assert not re.fullmatch(pattern("a\nb\nc\nd ...\n"), printed)


def test_most_pages_have_examples():
    assert {"README.md", "audit.md", "costs.md", "export.md", "formula.md"} <= {example.page for example in ALL}
    assert len(ALL) > 25
