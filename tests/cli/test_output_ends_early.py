"""Standard output that takes less than all: exit 2 with a line, or 141; never 0, in no command and no format."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import ROOT, environment

BUFFERING = {"buffered": {}, "unbuffered": {"PYTHONUNBUFFERED": "1"}}
LINE = "error[unwritable]: cannot write to standard output: {}\n"
CALLS = [
    "table inception_module",
    "table inception_module -f json",
    "table inception_module -f html",
    "table inception_module -f rich",
    "compare inception_module@naive inception_module -f csv",
    "check inception_module --max params=1M -f markdown",
    "check inception_module --max params=1k -f sarif",
    "explain inception_module",
    "formula inception_module --free batch -f latex",
    "solve inception_module --max multiply_adds=1G --over size -f tsv",
    "audit inception_module",
    "export inception_module -f dot",
    "export inception_module -f mermaid",
    "export inception_module -f json",
    "list -f tsv",
    "schema spec",
    "schema budget",
    "table inception_module -o json:/dev/stdout",
    "export inception_module -f dot -o /dev/stdout",
    "--help",
    "table --help",
    "--version",
    "--show-completion bash",
]


def largest_file(size: int) -> Callable[[], None]:
    """What a child does first to be held to files of so many bytes, as by `ulimit -f`."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def here(folder: Path, call: str, **options) -> subprocess.CompletedProcess[str]:
    """`inception-calc CALL` in a folder, with whatever a shell understands behind it."""
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m inception_calc {call}"],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False, **options,
    )  # fmt: skip


def run(call: str, shell: str = "{}", **options) -> subprocess.CompletedProcess[str]:
    """`inception-calc CALL`, inside of a line of bash."""
    command = shell.format(f"{sys.executable} -m inception_calc {call}")
    # The shell is named, never looked for among the processes around: a test may run below none.
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    variables = environment(**named, **options.pop("variables", {}))
    return subprocess.run(
        ["bash", "-c", command], env=variables, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, **options
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
@pytest.mark.parametrize("call", CALLS)
def test_a_full_disk_is_said_in_one_line(call: str):
    done = run(call, "{} > /dev/full", variables=BUFFERING["unbuffered" if len(call) % 2 else "buffered"])
    assert (done.returncode, done.stderr) == (2, LINE.format("No space left on device"))


@pytest.mark.parametrize("call", CALLS)
def test_a_closed_pipe_ends_the_program_silently_with_141(call: str):
    reading, writing = os.pipe()
    os.close(reading)
    done = run(call, stdout=writing, variables=BUFFERING["buffered" if len(call) % 2 else "unbuffered"])
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


LONG = "table vgg_e googlenet densenet121 -f json"  # more than a pipe holds


@pytest.mark.parametrize("variables", BUFFERING.values(), ids=BUFFERING)
def test_a_reader_that_goes_away_half_way(variables):
    assert run(LONG, "set -o pipefail; {} | head -c 10 > /dev/null", variables=variables).returncode == 141


@pytest.mark.parametrize("variables", BUFFERING.values(), ids=BUFFERING)
@pytest.mark.parametrize("blocks", [0, 4, 100])
def test_a_file_that_may_not_grow(tmp_path, variables, blocks: int):
    """`ulimit -f`, as a quota or a small disk: a first part is taken, the rest is not."""

    with (tmp_path / "out").open("wb") as out:
        done = run(LONG, "exec {}", stdout=out, variables=variables, preexec_fn=largest_file(blocks * 1024))
    assert (done.returncode, done.stderr) == (2, LINE.format("File too large"))
    assert (tmp_path / "out").stat().st_size == blocks * 1024


@pytest.mark.parametrize("variables", BUFFERING.values(), ids=BUFFERING)
def test_a_slow_reader_of_a_pipe_that_does_not_block_gets_everything(variables):
    """A pipe whose maker set it non-blocking takes a part and refuses the rest for now."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen(
        [sys.executable, "-m", "inception_calc", *LONG.split()],
        stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, env=environment(**variables),
    ) as process:  # fmt: skip
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            received = pipe.read()
        assert process.wait() == 0
    whole = run(LONG, stdout=subprocess.PIPE).stdout
    assert received.decode() == whole


@pytest.mark.parametrize("call", ["table inception_module", "schema", "--help"])
def test_a_standard_output_that_is_closed_takes_nothing(call: str):
    done = run(call, "{} >&-")
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, LINE.format("it is closed").strip())
    assert run(call, "{} >&- 2>&-").returncode == 2


@pytest.mark.parametrize("end", ["2>&-", "2>/dev/full"])
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(end: str):
    assert run("table inception_module >/dev/null", f"{{}} {end}").returncode == 0
    assert run("table nothing_of_that_name", f"{{}} {end}").returncode == 2
    assert run("export inception_module -o /dev/null -f onnx", f"{{}} {end}").returncode == 0


def test_a_standard_input_that_is_closed_is_a_complaint():
    done = run("table -", "{} <&-", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[unreadable]: '-' is standard input, which is closed\n")


# -- files of this run -------------------------------------------------------------------------------------------------

NET = "name: net\ninput: 1x8x8\nuse: {parts: [double]}\nrows:\n  a: {double: [4]}\n"
PARTS = "name: parts\ninput: 1x8x8\nblocks:\n  double: {columns: [n], sequence: [{convolution: 3x3, filters: n}]}\nrows: {a: {double: [2]}}\n"  # noqa: E501
BUDGETS = "version: 1\nbudgets:\n  - {id: small, match: net.yaml, max: {params: 1k}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A spec that uses another, and a budget file, none of which may change."""
    (tmp_path / "net.yaml").write_text(NET)
    (tmp_path / "parts.yaml").write_text(PARTS)
    (tmp_path / "inception-calc.yaml").write_text(BUDGETS)
    return tmp_path


@pytest.mark.parametrize(
    "call",
    [
        "table net.yaml -o plain:net.yaml",
        "table net.yaml -o json:new.json -o plain:./net.yaml",
        "table net.yaml -o plain:parts.yaml",
        "table - -o plain:parts.yaml < parts.yaml",
        "table net.yaml >> net.yaml",
        "compare net.yaml inception_module -o html:net.yaml",
        "check -o plain:inception-calc.yaml",
        "check -o plain:net.yaml",
        "check -o plain:parts.yaml",
        "explain net.yaml a -o plain:net.yaml",
        "formula net.yaml --free batch -o json:parts.yaml",
        "solve net.yaml --max multiply_adds=1G --over size -o plain:net.yaml",
        "audit net.yaml -o plain:net.yaml",
        "export net.yaml -f dot -o net.yaml",
        "export net.yaml -f onnx -o parts.yaml",
        "validate net.yaml --exact -o plain:net.yaml",
        "validate net.yaml --rounds 3 --scatter net.yaml",
    ],
)
def test_a_file_that_was_read_is_never_written(folder, call: str):
    done = here(folder, call)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[own-input]: cannot write ")
    kept = {each.name: each.read_text() for each in folder.iterdir()}
    assert kept == {"net.yaml": NET, "parts.yaml": PARTS, "inception-calc.yaml": BUDGETS}


def test_what_git_keeps_is_no_file_and_other_files_may_be_written_over(folder):
    for line in ("init -q", "add .", "-c user.name=x -c user.email=x@y commit -qm x"):
        subprocess.run(["git", *line.split()], cwd=folder, check=True)
    for call in ("table HEAD:net.yaml -o plain:net.yaml", "table inception_module -o plain:parts.yaml"):
        done = here(folder, call)
        assert (done.returncode, done.stderr) == (0, "")
        assert (folder / call.split(":")[-1]).read_text() == done.stdout


@pytest.mark.parametrize(
    "call",
    [
        "table net.yaml -o plain:x -o json:x",
        "table net.yaml -o plain:x > x",
        "check -o sarif:x.json -o json:./x.json",
        "explain net.yaml a -o x.md -o ./x.md",
        "formula net.yaml --free batch -o text:x -o json:x",
        "validate net.yaml --scatter x.svg --roofline x.svg",
        "validate net.yaml --calibrate x.json -o x.json",
        "export net.yaml -f dot -o x > x",
    ],
)
def test_one_file_is_not_two_targets(folder, call: str):
    done = here(folder, call)
    assert done.returncode == 2
    assert done.stderr.startswith("error[same-target]: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_report_that_cannot_be_written_leaves_the_others(folder):
    (folder / "x.json").write_text("old")
    done = here(folder, "table net.yaml -o x.json -o csv:/dev/full")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[unwritable]: cannot write '/dev/full': No space left on device\n")
    assert (folder / "x.json").read_text() == "old"
    assert len(list(folder.iterdir())) == 4


def test_init_leaves_no_half_file_and_says_what_stands_in_its_way(tmp_path):
    done = here(tmp_path, "init --ci none", preexec_fn=largest_file(100))
    assert (done.returncode, done.stdout) == (2, "")
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
    (tmp_path / "specs").rmdir()
    (tmp_path / "specs").touch()
    done = here(tmp_path, "init --ci none")
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, "error[unwritable]: cannot write 'specs': File exists")
